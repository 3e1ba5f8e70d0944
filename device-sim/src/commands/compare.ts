import { isName } from '@parley/shared';
import { Command, InvalidArgumentError, Option } from 'commander';
import { compare } from '../compare/compare.ts';
import { compareTable } from '../compare/table.ts';
import { durationOption, urlOf, wholeNumber } from './arguments.ts';
import { readPem } from './pem.ts';
import { stopSignal } from './stop.ts';

interface CompareFlags {
  readonly url: string;
  readonly http: string;
  readonly name: string;
  readonly password?: string;
  readonly ca?: string;
  readonly insecure?: true;
  readonly messages: number;
  readonly interval: number;
  readonly every: number;
  readonly json?: true;
}

const patienceMs = 8000;

export function compareCommand(): Command {
  return new Command('compare')
    .description('push, poll, long poll and Server-Sent Events hear the same bot: latency, requests and bytes of each')
    .option('--url <url>', 'where MQTT is', urlOf('mqtt', 'mqtts'), 'mqtt://127.0.0.1:1883')
    .option('--http <url>', 'where the HTTP API is', urlOf('http', 'https'), 'http://127.0.0.1:8080')
    .option('--name <name>', 'of the bot and its readers', nameOf, 'compare')
    .addOption(new Option('--password <password>', 'if the hub asks for one').env('PARLEY_SIM_PASSWORD'))
    .option('--ca <file>', 'PEM of the authorities to trust (default: those of the system)')
    .option('--insecure', 'take any certificate')
    .option('--messages <count>', 'that the bot posts', wholeNumber(1, 10_000), 20)
    .addOption(durationOption('--interval <duration>', 'between two of them', '500ms'))
    .addOption(durationOption('--every <duration>', 'between two polls', '2s'))
    .option('--json', 'print the rows as JSON')
    .action(run);
}

async function run({ every, interval, ca, json, ...rest }: CompareFlags): Promise<void> {
  using stopping = stopSignal(patienceMs);
  const trust = ca === undefined ? {} : { ca: readPem('--ca', ca) };
  const rows = await compare({ ...rest, ...trust, pollMs: every, intervalMs: interval, signal: stopping });
  console.log(json ? JSON.stringify(rows, undefined, 2) : compareTable(rows).join('\n'));
}

function nameOf(text: string): string {
  if (isName(text)) return text;
  throw new InvalidArgumentError('Expected 1 to 64 of a-z 0-9 _ -, starting with a letter or digit.');
}

import { Command, InvalidArgumentError, Option } from 'commander';
import type { Endpoint } from '../load/connect.ts';
import { HEADER_BYTES } from '../load/payload.ts';
import { loadReport } from '../load/report.ts';
import { runLoad } from '../load/run.ts';
import { durationOption, urlOf, wholeNumber } from './arguments.ts';
import { readPem } from './pem.ts';
import { stopSignal } from './stop.ts';

interface LoadFlags {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure?: true;
  readonly mqttVersion: '4' | '5';
  readonly publishers: number;
  readonly subscribers: number;
  readonly topics?: number | readonly string[];
  readonly qos: '0' | '1' | '2';
  readonly rate: number;
  readonly for: number;
  readonly size: number;
  readonly grace: number;
  readonly json?: true;
}

const most = 100_000;
/** How long a run that is stopped may take to hear the last messages and close. */
const patienceMs = 60_000;

export function loadCommand(): Command {
  return new Command('load')
    .description('load any broker and check loss, duplicates and order; exits with 1 on loss at QoS 1 or 2')
    .option('--url <url>', 'where to connect', urlOf('mqtt', 'mqtts', 'ws', 'wss'), 'mqtt://127.0.0.1:1883')
    .option('--username <name>', 'of every connection (default: none)')
    .addOption(new Option('--password <password>', 'of every connection').env('PARLEY_SIM_PASSWORD'))
    .option('--ca <file>', 'PEM of the authorities to trust (default: those of the system)')
    .option('--cert <file>', 'PEM of a client certificate')
    .option('--key <file>', 'PEM of its key')
    .option('--insecure', 'take any certificate of the broker')
    .addOption(new Option('--mqtt-version <version>', '4 is 3.1.1').choices(['4', '5']).default('5'))
    .option('--publishers <count>', 'connections that publish', wholeNumber(1, most), 10)
    .option('--subscribers <count>', 'connections that subscribe', wholeNumber(0, most), 10)
    .option('--topics <topics>', 'how many, or which, with commas between (default: one per publisher)', topicsOf)
    .addOption(new Option('--qos <qos>', 'of publishes and subscriptions').choices(['0', '1', '2']).default('1'))
    .option(
      '--rate <count>',
      'messages per second of all publishers; 0: as many as go',
      wholeNumber(0, 10_000_000),
      100,
    )
    .addOption(durationOption('--for <duration>', 'how long to publish', '10s'))
    .option('--size <bytes>', 'of each payload', wholeNumber(HEADER_BYTES, 268_000_000), 100)
    .addOption(durationOption('--grace <duration>', 'how long the last messages may keep one waiting', '5s'))
    .option('--json', 'print the result as JSON')
    .action(load);
}

async function load(flags: LoadFlags): Promise<void> {
  using stopping = stopSignal(patienceMs);
  const { publishers, subscribers, rate, size, grace } = flags;
  const result = await runLoad({
    endpoint: endpointOf(flags),
    publishers,
    subscribers,
    topics: flags.topics ?? publishers,
    qos: Number(flags.qos) as 0 | 1 | 2,
    rate,
    forMs: flags.for,
    sizeBytes: size,
    graceMs: grace,
    signal: stopping,
  });
  console.log(flags.json ? JSON.stringify(result, undefined, 2) : loadReport(result).join('\n'));
  if (!result.passed) process.exitCode = 1;
}

function endpointOf({ url, username, password, ca, cert, key, insecure, mqttVersion }: LoadFlags): Endpoint {
  return {
    url,
    version: mqttVersion === '5' ? 5 : 4,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca: readPem('--ca', ca) }),
    ...(cert !== undefined && { cert: readPem('--cert', cert) }),
    ...(key !== undefined && { key: readPem('--key', key) }),
    ...(insecure && { insecure }),
  };
}

function topicsOf(text: string): number | readonly string[] {
  if (/^\d+$/.test(text)) return wholeNumber(1, 1_000_000)(text);
  const topics = text.split(',').map((one) => one.trim());
  if (topics.every((one) => one !== '')) return topics;
  throw new InvalidArgumentError('Expected a number, or topics with commas between.');
}

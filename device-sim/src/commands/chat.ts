import { isName } from '@parley/shared';
import { Command, InvalidArgumentError, Option } from 'commander';
import { chat, modes } from '../chat/chat.ts';
import type { ChatOptions } from '../chat/chat.ts';
import { openTerminal } from '../chat/terminal.ts';
import { durationOption, urlOf, wholeNumber } from './arguments.ts';
import { stopSignal } from './stop.ts';

interface ChatFlags extends Omit<ChatOptions, 'everyMs' | 'waitMs'> {
  readonly every: number;
  readonly wait: number;
}

const patienceMs = 1800;

export function chatCommand(): Command {
  return new Command('chat')
    .description('talk in a channel: input lines are sent, entries are printed')
    .requiredOption('--name <name>', 'who you are', name)
    .option('--channel <channel>', 'where', name, 'general')
    .addOption(new Option('--mode <mode>', 'pushed to over MQTT, or over HTTP').choices(modes).default('stream'))
    .addOption(durationOption('--every <duration>', 'between two polls', '3s'))
    .option('--url <url>', 'where MQTT is', urlOf('mqtt', 'mqtts', 'ws', 'wss'), 'mqtt://127.0.0.1:1883')
    .option('--http <url>', 'where the HTTP API is', urlOf('http', 'https'), 'http://127.0.0.1:8080')
    .option('--history <count>', 'newest entries shown on joining', wholeNumber(0, 1000), 20)
    .addOption(durationOption('--wait <duration>', 'how long the end of the input waits for a hub that is away', '30s'))
    .option('--json', 'print entries as JSON, one a line, and everything else on standard error', false)
    .option('--password <password>', 'if the hub asks for one')
    .action(run);
}

async function run({ every, wait, ...rest }: ChatFlags): Promise<void> {
  using stop = stopSignal(patienceMs);
  const stopping = new AbortController();
  stop.addEventListener('abort', () => stopping.abort());
  const terminal = openTerminal(rest.json, stopping.signal, () => stopping.abort());
  const isDelivered = await chat({ ...rest, everyMs: every, waitMs: wait }, terminal, stopping);
  terminal.close();
  if (!isDelivered) process.exitCode = 1;
}

function name(text: string): string {
  if (isName(text)) return text;
  throw new InvalidArgumentError('Expected 1 to 64 of a-z 0-9 _ -, starting with a letter or digit.');
}

import type { About, Json } from '@parley/shared';
import type { NewDraft } from '@parley/shared/client';

/** What a line that begins with a slash means. */
export type Slash =
  | { readonly type: 'send'; readonly draft: NewDraft }
  | { readonly type: 'device'; readonly device: string; readonly command: string; readonly args: Json }
  | { readonly type: 'topic'; readonly topic: string }
  | { readonly type: 'invite'; readonly name: string }
  | { readonly type: 'problem'; readonly problem: string };

export interface SlashCommand {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
}

export const slashCommands: readonly SlashCommand[] = [
  { name: 'me', usage: '/me waves', about: 'Say what you do' },
  { name: 'device', usage: '/device lamp-1 on', about: 'Command a device' },
  { name: 'topic', usage: '/topic What this is for', about: 'Set the topic of this channel' },
  { name: 'invite', usage: '/invite ben', about: 'Add a member to this channel' },
];

/** @returns undefined for what is said and no command; `//` begins a line with a slash */
export function parseSlash(text: string, about: (device: string) => About | undefined): Slash | undefined {
  const [, name, given = ''] = /^\/([a-z]*)(?:\s+([^]*))?$/i.exec(text) ?? [];
  if (text.startsWith('//')) return { type: 'send', draft: { text: text.slice(1) } };
  if (name === undefined) return undefined;
  const rest = given.trim();
  const command = slashCommands.find((one) => one.name === name.toLowerCase());
  if (!command) {
    const known = slashCommands.map((one) => `/${one.name}`).join(', ');
    return problem(`There is no /${name}. There are ${known}; a line that begins with // is sent as it is.`);
  }
  if (rest === '' && command.name !== 'topic') return problem(`Write it like this: ${command.usage}`);
  if (command.name === 'me') {
    return { type: 'send', draft: { kind: 'notice', text: rest, data: { me: true } } };
  }
  if (command.name === 'topic') return { type: 'topic', topic: rest };
  if (command.name === 'invite') return { type: 'invite', name: rest.replace(/^@/, '').toLowerCase() };
  return toDevice(rest, about);
}

/** `lamp-1 on`, `lamp-1 set {"on":true}` or `lamp-1 set on=true level=5`. */
function toDevice(given: string, about: (device: string) => About | undefined): Slash {
  const [device = '', first = '', ...others] = given.split(/\s+/);
  const known = about(device);
  if (!known) return problem(`There is no device ${device}.`);
  const names = Object.keys(known.commands);
  if (first === '') return problem(`Tell ${device} what to do: ${names.join(', ') || 'it takes no commands'}.`);
  if (Object.hasOwn(known.commands, first)) {
    const args = argsOf(given.slice(given.indexOf(first, device.length) + first.length).trim(), others);
    return args === undefined
      ? problem(`Write arguments as on=true, or as JSON.`)
      : { type: 'device', device, command: first, args };
  }
  if ((first === 'on' || first === 'off') && Object.hasOwn(known.commands, 'set')) {
    return { type: 'device', device, command: 'set', args: { on: first === 'on' } };
  }
  return problem(`${device} does not know ${first}. It knows ${names.join(', ') || 'no commands'}.`);
}

function argsOf(rest: string, pairs: readonly string[]): Json | undefined {
  if (rest === '') return {};
  const whole = jsonOf(rest);
  if (whole !== undefined) return whole;
  const args: Record<string, Json> = {};
  for (const pair of pairs) {
    const [, key, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    if (key === undefined) return undefined;
    args[key] = jsonOf(value!) ?? value!;
  }
  return args;
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function problem(words: string): Slash {
  return { type: 'problem', problem: words };
}

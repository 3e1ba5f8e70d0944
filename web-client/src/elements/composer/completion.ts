import { slashCommands } from '../../state/slash.ts';

/** One thing that could be meant. */
export interface Choice {
  /** What takes the place of what was typed. */
  readonly insert: string;
  readonly label: string;
  readonly about: string;
  /** Set for a person or device: whose mark is drawn. */
  readonly name?: string;
}

/** A word that is being typed, and where it begins. */
export interface Word {
  readonly start: number;
  readonly sign: '@' | '#' | ':' | '/';
  readonly typed: string;
}

export interface Known {
  readonly people: readonly string[];
  readonly channels: readonly string[];
  readonly devices: readonly string[];
  readonly emoji: readonly (readonly [symbol: string, names: string])[];
}

const MOST = 8;

/** The word before the caret that begins with a sign, if any. */
export function wordAt(text: string, caret: number): Word | undefined {
  const before = text.slice(0, caret);
  const [, gap = '', sign, typed] = /(^|\s)([@#:/])([\w+-]*)$/.exec(before) ?? [];
  if (sign === undefined || typed === undefined) return undefined;
  const start = before.length - typed.length - 1;
  // A command only begins a message; `:)` and `:3` are no names of emoji.
  if (sign === '/' && (start > 0 || gap !== '')) return undefined;
  if (sign === ':' && typed.length < 2) return undefined;
  return { start, sign: sign as Word['sign'], typed: typed.toLowerCase() };
}

/** After `/device `: the name of the device. */
export function deviceAt(text: string, caret: number): { start: number; typed: string } | undefined {
  const [, typed] = /^\/device\s+([\w-]*)$/i.exec(text.slice(0, caret)) ?? [];
  return typed === undefined ? undefined : { start: caret - typed.length, typed: typed.toLowerCase() };
}

export function choicesFor({ sign, typed }: Word, known: Known): Choice[] {
  switch (sign) {
    case '@':
      return ranked([...known.people, 'all'], typed).map((name) => {
        return { insert: `@${name} `, label: name, about: name === 'all' ? 'everybody here' : '', name };
      });
    case '#':
      return ranked(known.channels, typed).map((name) => ({ insert: `#${name} `, label: `#${name}`, about: '' }));
    case '/':
      return slashCommands
        .filter(({ name }) => name.startsWith(typed))
        .map(({ name, usage, about }) => ({ insert: `/${name} `, label: usage, about }));
    default:
      return emojiFor(typed, known.emoji);
  }
}

export function devicesFor(typed: string, known: Known): Choice[] {
  return ranked(known.devices, typed).map((name) => ({ insert: `${name} `, label: name, about: '', name }));
}

function emojiFor(typed: string, emoji: Known['emoji']): Choice[] {
  const first = emoji.filter(([, names]) => names.split(' ').some((name) => name.startsWith(typed)));
  return first.slice(0, MOST).map(([symbol, names]) => {
    return { insert: `${symbol} `, label: `${symbol} ${names.split(' ')[0]}`, about: '' };
  });
}

/** Those that begin with it, then those that have it within. */
function ranked(names: readonly string[], typed: string): string[] {
  const begins = names.filter((name) => name.startsWith(typed));
  const within = names.filter((name) => !name.startsWith(typed) && name.includes(typed));
  return [...new Set([...begins, ...within])].slice(0, MOST);
}

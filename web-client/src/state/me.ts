import { isName } from '@parley/shared';
import type { Memory } from './memory.ts';

const KEY = 'parley:name';

/** The name we come in under, kept between visits. */
export function rememberedName(memory: Memory): string | undefined {
  const name = memory.getItem(KEY);
  return name !== null && 'name' in readName(name) ? name : undefined;
}

export function rememberName(memory: Memory, name: string | undefined): void {
  if (name === undefined) memory.removeItem(KEY);
  else memory.setItem(KEY, name);
}

/** A name as the hub will read it, or what is wrong with it. */
export function readName(typed: string): { name: string } | { problem: string } {
  const name = typed.trim().toLowerCase();
  if (name === '') return { problem: 'Choose a name to come in.' };
  if (name.length > 64) return { problem: 'That is longer than 64 characters.' };
  if (name === 'hub') return { problem: 'That name is the hub’s own. Choose another.' };
  if (/^[_-]/.test(name)) return { problem: 'Start with a letter or a digit.' };
  if (!isName(name)) return { problem: 'Use only letters a to z, digits, _ and -.' };
  return { name };
}

const first = ['amber', 'brisk', 'calm', 'clear', 'early', 'fond', 'keen', 'mild', 'quick', 'still', 'warm', 'wry'];
const second = [
  'birch',
  'crane',
  'finch',
  'fjord',
  'heron',
  'lark',
  'maple',
  'otter',
  'robin',
  'tern',
  'willow',
  'wren',
];

export function suggestName(random: () => number = Math.random): string {
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)]!;
  return `${pick(first)}-${pick(second)}`;
}

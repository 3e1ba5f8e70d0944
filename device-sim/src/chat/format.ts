import type { Entry } from '@parley/shared';
import { visible, visibleLines } from './visible.ts';

/** Gives a sender's name its colour. */
export type Paint = (name: string) => string;

/** One entry as the terminal shows it: local time, sender, what happened. */
export function formatEntry(entry: Entry, paint: Paint = (name) => name): string {
  const time = new Date(entry.at).toTimeString().slice(0, 5);
  return `${time} ${paint(visible(entry.from))}${visibleLines(deed(entry))}`;
}

/** Colours that can be read on black and on white. */
const colours = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;

/** The same sender has the same colour everywhere. */
export function colourOf(name: string): (typeof colours)[number] {
  let sum = 0;
  for (const character of name) sum = (Math.imul(sum, 31) + character.codePointAt(0)!) >>> 0;
  return colours[sum % colours.length]!;
}

function deed({ kind, text, data }: Entry): string {
  switch (kind) {
    case 'edit':
      return ` edited an entry: ${text ?? ''}`;
    case 'delete':
      return ' deleted an entry';
    case 'reaction':
      return ` reacted: ${text ?? ''}`;
    case 'file':
      return ` shared a file: ${text ?? JSON.stringify(data)}`;
    case 'data':
      return `: ${JSON.stringify(data) ?? '(deleted)'}`;
    default:
      return `: ${text ?? '(deleted)'}`;
  }
}

import type { Entry } from '@parley/shared';
import { visible, visibleLines } from './visible.ts';

/** One entry as the terminal shows it: local time, sender, what happened. */
export function formatEntry(entry: Entry): string {
  const time = new Date(entry.at).toTimeString().slice(0, 5);
  return `${time} ${visible(entry.from)}${visibleLines(deed(entry))}`;
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

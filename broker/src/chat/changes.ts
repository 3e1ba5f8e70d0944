import { ParleyError } from '@parley/shared';
import type { Draft, Entry } from '@parley/shared';

/** A deleted entry keeps its `seq` and loses what it said. */
export function blank({ text: _text, data: _data, ...rest }: Entry): Entry {
  return rest;
}

/** Whether an entry was deleted: every kind but `delete` says something. */
export function isBlank({ kind, text, data }: Entry): boolean {
  return kind !== 'delete' && text === undefined && data === undefined;
}

/**
 * Only the author edits; the author or a moderator deletes; everybody who may write may react.
 * @throws ParleyError `not-authorized`, `payload-invalid` for a deletion as the target
 */
export function checkChange({ kind }: Draft, target: Entry, sender: { from: string; moderates: boolean }): void {
  if (target.kind === 'delete') {
    throw new ParleyError('payload-invalid', `draft at target: entry ${target.id} is a deletion`);
  }
  if (target.from === sender.from || (kind !== 'edit' && kind !== 'delete')) return;
  if (kind === 'delete' && sender.moderates) return;
  throw new ParleyError('not-authorized', `only ${target.from} may ${kind} entry ${target.id}`);
}

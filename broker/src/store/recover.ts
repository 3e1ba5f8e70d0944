import { sharedNumber } from './codec.ts';
import { ENTRY, OF_SESSION, parseSessionRow, SESSION, SHARED, sharedNumberOf } from './layout.ts';
import type { SessionRows, SessionStage } from './session-rows.ts';
import { decodeSession } from './session-reader.ts';
import type { Changes, Tree } from './tree.ts';

/** Rows removed in one transaction. */
const SWEEP = 5000;

/**
 * Counts at the start what memory has to know of the sessions, and removes what a crash left behind: rows of sessions
 * that ended and shared messages nobody refers to.
 */
export function recover(tree: Tree, stage: SessionStage): void {
  const byNumber = new Map<number, SessionRows>();
  for (const { value } of tree.scan(SESSION)) {
    const { record, number } = decodeSession(value);
    byNumber.set(number, stage.found(record.id, number));
  }
  const orphans: string[] = [];
  for (const { key, value } of tree.scan(OF_SESSION)) {
    const { number, kind, seq } = parseSessionRow(key);
    stage.reserve(number);
    const rows = byNumber.get(number);
    if (!rows) orphans.push(key);
    else if (kind === ENTRY) countShared(stage, rows, seq, value);
  }
  for (const { key } of tree.scan(SHARED)) {
    const number = sharedNumberOf(key);
    stage.messages.reserve(number);
    if (!stage.messages.isReferred(number)) orphans.push(key);
  }
  sweep(tree, orphans);
}

function countShared({ messages }: SessionStage, rows: SessionRows, seq: number, value: Buffer): void {
  const number = sharedNumber(value);
  if (number !== undefined) (rows.shared ??= new Map()).set(seq, messages.found(number));
}

/** Without room on the disk they stay where they are: they are in nobody's way. */
function sweep(tree: Tree, keys: readonly string[]): void {
  for (let at = 0; at < keys.length; at += SWEEP) {
    const changes: Changes = new Map(keys.slice(at, at + SWEEP).map((key) => [key, null]));
    try {
      tree.writeNow(changes);
    } catch {
      return;
    }
  }
  tree.refresh();
}

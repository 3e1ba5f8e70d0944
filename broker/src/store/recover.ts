import { OF_SESSION, parseSessionRow, SESSION, sessionPrefix, SHARED, sharedNumberOf } from './layout.ts';
import { decodeSession } from './session-reader.ts';
import type { SessionStage } from './session-rows.ts';
import type { SharedMessages } from './shared-messages.ts';
import type { Changes, Tree } from './tree.ts';

/** Rows removed in one transaction. */
const SWEEP = 5000;

/**
 * Learns at the start what memory has to know of the sessions before they are read, and removes the rows of those that
 * ended before a crash. It looks at one row of each session, not at their queues.
 */
export function recover(tree: Tree, stage: SessionStage): void {
  const known = new Set<number>();
  for (const { value } of tree.scan(SESSION)) {
    const { record, number } = decodeSession(value);
    stage.found(record.id, number);
    known.add(number);
  }
  const orphans: string[] = [];
  for (const number of numbersIn(tree)) {
    stage.reserve(number);
    if (known.has(number)) continue;
    for (const { key } of tree.scan(sessionPrefix(number))) orphans.push(key);
  }
  const [last] = tree.read({ from: SHARED, to: `${SHARED}\xff`, reverse: true, limit: 1 });
  if (last) stage.messages.reserve(sharedNumberOf(last.key));
  sweep(tree, orphans);
}

/** Removes the shared messages to which none of the sessions refers, once all of them were read. */
export function removeUnreferred(tree: Tree, messages: SharedMessages): void {
  const orphans: string[] = [];
  for (const { key } of tree.scan(SHARED)) if (!messages.isReferred(sharedNumberOf(key))) orphans.push(key);
  sweep(tree, orphans);
}

/** The numbers that rows of sessions begin with, each once: a seek for each, whatever lies between them. */
function* numbersIn(tree: Tree): Generator<number> {
  const to = `${OF_SESSION}\xff`;
  for (let from = OF_SESSION; ;) {
    const [row] = tree.read({ from, to, reverse: false, limit: 1 });
    if (!row) return;
    const { number } = parseSessionRow(row.key);
    yield number;
    from = `${sessionPrefix(number)}\xff`;
  }
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

import { decodeMessage, decodeRow, decodeValue } from './codec.ts';
import { decodeKey } from './keys.ts';
import { RETAINED, SESSION, sessionPrefix, SHARED, sharedNumberOf, TABLE, WILL } from './layout.ts';
import type { Entry } from './range.ts';
import type { Records, StoreRecord } from './records.ts';
import { decodeSession, readParts } from './session-reader.ts';
import type { WillRecord } from './store.ts';
import type { Tree } from './tree.ts';

type Scan = (prefix: string) => Iterable<Entry<Buffer>>;

/** Everything in the tree as of the first `next()`. The old pages it needs are pinned until it ends or is returned. */
export function* readRecords(tree: Tree): Records {
  const transaction = tree.pin();
  const scan: Scan = (prefix) => tree.snapshot(prefix, transaction);
  try {
    for (const { key, value } of scan(SHARED)) {
      yield { kind: 'message', number: sharedNumberOf(key), message: decodeMessage(value) };
    }
    for (const { value } of scan(SESSION)) yield* readSession(scan, value);
    for (const { value } of scan(WILL)) yield { kind: 'will', record: decodeWill(value) };
    for (const { value } of scan(RETAINED)) yield { kind: 'retained', message: decodeMessage(value) };
    for (const { key, value } of scan(TABLE)) {
      yield { kind: 'row', ...decodeKey(key.slice(TABLE.length)), value: decodeRow(value) };
    }
  } finally {
    transaction.done();
  }
}

export function decodeWill(bytes: Buffer): WillRecord {
  const { message, ...rest } = decodeValue(bytes) as Omit<WillRecord, 'message'> & { readonly message: Buffer };
  return { ...rest, message: decodeMessage(message) };
}

function* readSession(scan: Scan, bytes: Buffer): Generator<StoreRecord> {
  const { record, number } = decodeSession(bytes);
  const session = record.id;
  const { subscriptions, received, queue, marks } = readParts(scan(sessionPrefix(number)));
  yield { kind: 'session', record };
  for (const subscription of subscriptions) yield { kind: 'subscription', session, subscription };
  for (const packetId of received) yield { kind: 'received', session, packetId };
  for (const entry of queue) yield { kind: 'entry', session, entry, mark: marks.get(entry.seq) };
}

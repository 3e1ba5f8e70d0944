import type { Data, Held } from './memory.ts';
import { pickEntry, pickMessage, pickSubscription, type Records, type StoreRecord } from './records.ts';

/** Taken as a whole at the call: there are no snapshots in memory. */
export function recordsOf(data: Data): Records {
  return replay([...collect(data)]);
}

function* replay(records: readonly StoreRecord[]): Records {
  yield* records;
}

function* collect({ sessions, wills, retained, rows }: Data): Generator<StoreRecord> {
  for (const held of sessions.values()) yield* collectSession(held);
  for (const will of wills.values()) yield { kind: 'will', record: { ...will, message: pickMessage(will.message) } };
  for (const message of retained.values()) yield { kind: 'retained', message: pickMessage(message) };
  for (const { value } of rows.read({ from: '', to: END, reverse: false, limit: Infinity })) {
    const { table, row } = value;
    yield { kind: 'row', table, key: row.key, value: row.value };
  }
}

function* collectSession({ record, subscriptions, received, queue, marks }: Held): Generator<StoreRecord> {
  const session = record.id;
  yield { kind: 'session', record };
  for (const one of subscriptions.values()) {
    yield { kind: 'subscription', session, subscription: pickSubscription(one) };
  }
  for (const packetId of received) yield { kind: 'received', session, packetId };
  for (const entry of queue.values()) {
    yield { kind: 'entry', session, entry: pickEntry(entry), mark: marks.get(entry.seq) };
  }
}

/** After every encoded key: a table's name is UTF-8, which never has this byte. */
const END = '\xff';

import type { QueueEntry, Restored, SessionRecord, Store, StoredMessage } from '../../src/store/store.ts';
import type { Batch } from '../../src/store/store.ts';
import type { Row } from '../../src/store/table.ts';
import type { Subscription } from '../../src/routing/subscription.ts';

export function message(topic: string, payload: string, more: Partial<StoredMessage> = {}): StoredMessage {
  return {
    topic,
    payload: Buffer.from(payload),
    qos: 1,
    retain: false,
    properties: undefined,
    expiresAt: 0,
    publisher: 'ana',
    ...more,
  };
}

/** A message with everything MQTT 5 can give it. */
export function fullMessage(topic: string): StoredMessage {
  return message(topic, 'ärger\0', {
    qos: 2,
    retain: true,
    expiresAt: Date.UTC(2026, 0, 1),
    publisher: 'ännä',
    properties: {
      payloadFormatIndicator: true,
      messageExpiryInterval: 3600,
      contentType: 'text/plain',
      responseTopic: 'answers/é',
      correlationData: Buffer.from([0, 255, 1]),
      userProperties: [
        ['a', '1'],
        ['a', '2'],
      ],
    },
  });
}

export function session(id: string, more: Partial<SessionRecord> = {}): SessionRecord {
  return { id, owner: '', expirySeconds: 3600, expiresAt: 0, ...more };
}

export function subscription(filter: string, more: Partial<Subscription> = {}): Subscription {
  return {
    filter,
    qos: 1,
    noLocal: false,
    retainAsPublished: false,
    retainHandling: 0,
    identifier: 0,
    ...more,
  };
}

export function entry(seq: number, stored: StoredMessage, more: Partial<QueueEntry> = {}): QueueEntry {
  return { seq, message: stored, qos: 1, retain: false, identifiers: undefined, share: undefined, ...more };
}

/** Commits what `stage` stages and waits until it is durable. */
export function commit(store: Store, stage: (batch: Batch) => void): Promise<void> {
  const batch = store.batch();
  stage(batch);
  return new Promise((resolve, reject) => {
    batch.commit((error) => (error ? reject(error) : resolve()));
  });
}

/** Waits until everything committed so far was called back. */
export function settled(store: Store): Promise<void> {
  return commit(store, () => undefined);
}

export function keysOf(rows: Iterable<Row>): unknown[] {
  return Array.from(rows, ({ key }) => key);
}

/** Everything restored as plain data that can be compared, whichever store gave it. */
export function plain({ sessions, wills }: Restored) {
  return {
    sessions: Array.from(sessions, ({ record, subscriptions, received, queue, nextSeq }) => ({
      record,
      subscriptions: subscriptions.toSorted((a, b) => (a.filter < b.filter ? -1 : 1)),
      received: received.toSorted((a, b) => a - b),
      queue: Array.from(queue, (one) => ({ ...one, message: plainMessage(one.message) })),
      nextSeq,
    })).toSorted((a, b) => (a.record.id < b.record.id ? -1 : 1)),
    wills: Array.from(wills, (will) => ({ ...will, message: plainMessage(will.message) })).toSorted((a, b) =>
      a.id < b.id ? -1 : 1,
    ),
  };
}

export function plainMessage({ topic, payload, qos, retain, properties, expiresAt, publisher }: StoredMessage) {
  return { topic, payload: payload.toString('hex'), qos, retain, properties, expiresAt, publisher };
}

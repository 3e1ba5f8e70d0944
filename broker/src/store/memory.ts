import { randomUUID } from 'node:crypto';
import type { Subscription } from '../routing/subscription.ts';
import { TopicIndex } from '../routing/topic-index.ts';
import { encodeKey, type Key } from './keys.ts';
import { recordsOf } from './memory-records.ts';
import { readInChunks, toBounds } from './range.ts';
import type { Records } from './records.ts';
import { SortedMap } from './sorted-map.ts';
import type {
  Batch,
  Committed,
  DeliveryMark,
  QueueEntry,
  Restored,
  RestoredSession,
  SessionRecord,
  Store,
  StoredMessage,
  WillRecord,
} from './store.ts';
import type { RangeOptions, Row, Value } from './table.ts';

/** One session. */
export interface Held {
  record: SessionRecord;
  readonly subscriptions: Map<string, Subscription>;
  readonly received: Set<number>;
  readonly queue: Map<number, QueueEntry>;
  readonly marks: Map<number, DeliveryMark>;
  nextSeq: number;
}

interface TableRow {
  readonly table: string;
  readonly row: Row;
}

type Change = (data: Data) => void;

/** What a memory store holds; a second store over the same data sees what a restart would. */
export interface Data {
  readonly id: string;
  /** By client id. */
  readonly sessions: Map<string, Held>;
  /** By client id. */
  readonly wills: Map<string, WillRecord>;
  /** By topic. */
  readonly retained: Map<string, StoredMessage>;
  readonly topics: TopicIndex;
  /** Of all tables, by encoded key. */
  readonly rows: SortedMap<TableRow>;
}

export function createData(): Data {
  return {
    id: randomUUID(),
    sessions: new Map(),
    wills: new Map(),
    retained: new Map(),
    topics: new TopicIndex(),
    rows: new SortedMap(),
  };
}

/**
 * Keeps everything in memory: for tests, demonstrations and hubs that may forget. A commit is applied and called back
 * at once, so a publish costs no turn of the event loop.
 */
export class MemoryStore implements Store {
  readonly #data: Data;

  constructor(data: Data = createData()) {
    this.#data = data;
  }

  get id(): string {
    return this.#data.id;
  }

  load(): Promise<Restored> {
    const { sessions, wills } = this.#data;
    return Promise.resolve({ sessions: Array.from(sessions.values(), restore), wills: [...wills.values()] });
  }

  batch(): Batch {
    return new MemoryBatch(this.#data);
  }

  onFailed(): () => void {
    return () => undefined;
  }

  get stuck(): boolean {
    return false;
  }

  get(table: string, key: Key): Value | undefined {
    return this.#data.rows.get(encodeKey(table, key))?.row.value;
  }

  *range(table: string, options: RangeOptions = {}): Generator<Row> {
    const { rows } = this.#data;
    for (const { value } of readInChunks(toBounds(table, options), (chunk) => rows.read(chunk))) yield value.row;
  }

  retained(topic: string): StoredMessage | undefined {
    return this.#data.retained.get(topic);
  }

  retainedTopics(filter?: string): Iterable<string | undefined> {
    return this.#data.topics.match(filter);
  }

  get retainedCount(): number {
    return this.#data.retained.size;
  }

  /** Taken as a whole at the call: there are no snapshots in memory. */
  records(): Records {
    return recordsOf(this.#data);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class MemoryBatch implements Batch {
  readonly #data: Data;
  readonly #changes: Change[] = [];

  constructor(data: Data) {
    this.#data = data;
  }

  get empty(): boolean {
    return this.#changes.length === 0;
  }

  putSession(record: SessionRecord): void {
    this.#changes.push(({ sessions }) => {
      const held = sessions.get(record.id);
      if (held) held.record = record;
      else sessions.set(record.id, hold(record));
    });
  }

  deleteSession(id: string): void {
    this.#changes.push(({ sessions }) => sessions.delete(id));
  }

  putSubscription(id: string, subscription: Subscription): void {
    this.#change(id, ({ subscriptions }) => subscriptions.set(subscription.filter, subscription));
  }

  deleteSubscription(id: string, filter: string): void {
    this.#change(id, ({ subscriptions }) => subscriptions.delete(filter));
  }

  enqueue(id: string, entry: QueueEntry): void {
    this.#change(id, (held) => {
      held.queue.set(entry.seq, entry);
      held.nextSeq = Math.max(held.nextSeq, entry.seq + 1);
    });
  }

  mark(id: string, seq: number, mark: DeliveryMark): void {
    this.#change(id, ({ queue, marks }) => queue.has(seq) && marks.set(seq, mark));
  }

  dequeue(id: string, seq: number): void {
    this.#change(id, ({ queue, marks }) => {
      queue.delete(seq);
      marks.delete(seq);
    });
  }

  receive(id: string, packetId: number): void {
    this.#change(id, ({ received }) => received.add(packetId));
  }

  release(id: string, packetId: number): void {
    this.#change(id, ({ received }) => received.delete(packetId));
  }

  retain(message: StoredMessage): void {
    const { topic } = message;
    this.#changes.push(({ retained, topics }) => {
      if (message.payload.length > 0) {
        if (!retained.has(topic)) topics.add(topic);
        retained.set(topic, message);
      } else if (retained.delete(topic)) topics.remove(topic);
    });
  }

  putWill(record: WillRecord): void {
    this.#changes.push(({ wills }) => wills.set(record.id, record));
  }

  deleteWill(id: string): void {
    this.#changes.push(({ wills }) => wills.delete(id));
  }

  put(table: string, key: Key, value: Value): void {
    const encoded = encodeKey(table, key);
    this.#changes.push(({ rows }) => rows.set(encoded, { table, row: { key, value } }));
  }

  remove(table: string, key: Key): void {
    const encoded = encodeKey(table, key);
    this.#changes.push(({ rows }) => rows.delete(encoded));
  }

  commit(committed: Committed): void {
    for (const change of this.#changes) change(this.#data);
    committed(null);
  }

  persist(committed: Committed): void {
    this.commit(committed);
  }

  /** A change to a session that may have ended since it was staged. */
  #change(id: string, change: (held: Held) => unknown): void {
    this.#changes.push(({ sessions }) => {
      const held = sessions.get(id);
      if (held) change(held);
    });
  }
}

function hold(record: SessionRecord): Held {
  return {
    record,
    subscriptions: new Map(),
    received: new Set(),
    queue: new Map(),
    marks: new Map(),
    nextSeq: 1,
  };
}

function restore({ record, subscriptions, received, queue, marks, nextSeq }: Held): RestoredSession {
  const entries = [...queue.values()].toSorted((a, b) => a.seq - b.seq);
  return {
    record,
    subscriptions: [...subscriptions.values()],
    received: [...received],
    queue: entries.map(({ seq, message, qos, retain, identifiers, share }) => {
      return { seq, message, qos, retain, identifiers, share, mark: marks.get(seq) };
    }),
    nextSeq,
  };
}

import type { Subscription } from '../routing/subscription.ts';
import { encodeMessage, encodeValue } from './codec.ts';
import type { Operation } from './groups.ts';
import { encodeKey, type Key } from './keys.ts';
import { nameKey, TABLE, WILL } from './layout.ts';
import type { RetainedRows } from './retained-rows.ts';
import type { SessionStage } from './session-rows.ts';
import type { Batch, Committed, DeliveryMark, QueueEntry, SessionRecord, StoredMessage, WillRecord } from './store.ts';
import type { Value } from './table.ts';

/** What a batch of the embedded store works on. */
export interface BatchContext {
  readonly sessions: SessionStage;
  readonly retainedRows: RetainedRows;
  commit(operations: readonly Operation[], committed: Committed): void;
  persist(operations: readonly Operation[], committed: Committed): void;
}

export class EmbeddedBatch implements Batch {
  readonly #context: BatchContext;
  readonly #operations: Operation[] = [];
  #lastQueued: StoredMessage | undefined;
  #repeated: StoredMessage | undefined;

  constructor(context: BatchContext) {
    this.#context = context;
  }

  get empty(): boolean {
    return this.#operations.length === 0;
  }

  putSession(record: SessionRecord): void {
    this.#operations.push((group) => this.#context.sessions.put(group, record));
  }

  deleteSession(id: string): void {
    this.#operations.push((group) => this.#context.sessions.delete(group, id));
  }

  putSubscription(id: string, subscription: Subscription): void {
    this.#operations.push((group) => this.#context.sessions.putSubscription(group, id, subscription));
  }

  deleteSubscription(id: string, filter: string): void {
    this.#operations.push((group) => this.#context.sessions.deleteSubscription(group, id, filter));
  }

  /** A publish queues the same message for one session after the other: from the second on it is shared. */
  enqueue(id: string, entry: QueueEntry): void {
    const { message } = entry;
    if (message === this.#lastQueued) this.#repeated = message;
    this.#lastQueued = message;
    this.#operations.push((group) => {
      this.#context.sessions.enqueue(group, id, entry, message === this.#repeated);
    });
  }

  mark(id: string, seq: number, mark: DeliveryMark): void {
    this.#operations.push((group) => this.#context.sessions.mark(group, id, seq, mark));
  }

  dequeue(id: string, seq: number): void {
    this.#operations.push((group) => this.#context.sessions.dequeue(group, id, seq));
  }

  receive(id: string, packetId: number): void {
    this.#operations.push((group) => this.#context.sessions.receive(group, id, packetId));
  }

  release(id: string, packetId: number): void {
    this.#operations.push((group) => this.#context.sessions.release(group, id, packetId));
  }

  retain(message: StoredMessage): void {
    this.#operations.push((group) => this.#context.retainedRows.stage(group, message));
  }

  putWill(record: WillRecord): void {
    const { message, ...rest } = record;
    this.#set(nameKey(WILL, record.id), encodeValue({ ...rest, message: encodeMessage(message) }));
  }

  deleteWill(id: string): void {
    this.#set(nameKey(WILL, id), null);
  }

  put(table: string, key: Key, value: Value): void {
    this.#set(TABLE + encodeKey(table, key), encodeValue(value));
  }

  remove(table: string, key: Key): void {
    this.#set(TABLE + encodeKey(table, key), null);
  }

  /** May be called again when it failed: then the same changes are tried once more. */
  commit(committed: Committed): void {
    this.#context.commit(this.#operations, committed);
  }

  persist(committed: Committed): void {
    this.#context.persist(this.#operations, committed);
  }

  #set(key: string, value: Uint8Array | null): void {
    this.#operations.push(({ changes }) => changes.set(key, value));
  }
}

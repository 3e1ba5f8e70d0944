import type { MessageProperties, QoS } from '../mqtt/packets.ts';
import type { Subscription } from '../routing/subscription.ts';
import type { Records } from './records.ts';
import type { Tables, TableStage } from './table.ts';

/** An application message as it is kept: queued, retained or as a will. Never changed once staged. */
export interface StoredMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties: MessageProperties | undefined;
  /** Message Expiry as absolute time, ms since the Unix epoch; 0 for never (§3.3.2.3.3). */
  readonly expiresAt: number;
  /** Client id of its publisher, empty for the hub. */
  readonly publisher: string;
}

/** A session that outlives its connection (§4.1). */
export interface SessionRecord {
  readonly id: string;
  /** User it belongs to; empty without accounts. */
  readonly owner: string;
  /** Seconds it is kept after its connection ends. */
  readonly expirySeconds: number;
  /** When it ends, ms since the Unix epoch; 0 while connected, and then counted from the next start. */
  readonly expiresAt: number;
}

/** One message on its way out to one session. */
export interface QueueEntry {
  /** The session's own monotonic number; orders the queue and is never used twice. */
  readonly seq: number;
  readonly message: StoredMessage;
  /** QoS of this delivery: min(message, subscription). */
  readonly qos: 1 | 2;
  readonly retain: boolean;
  readonly identifiers: readonly number[] | undefined;
  /** Shared filter it came by, to hand it to another member if the session ends (§4.8.2). */
  readonly share: string | undefined;
}

/** How far the delivery of a queued message has come. */
export interface DeliveryMark {
  readonly packetId: number;
  /** QoS 2: PUBREC received, from here on only PUBREL is sent (§4.3.3). */
  readonly released: boolean;
  /** Counts the PUBREC of a session, from 1: PUBREL follow them in this order [MQTT-4.6.0-4]. */
  readonly order?: number | undefined;
}

export interface RestoredEntry extends QueueEntry {
  /** Undefined when it was never sent. */
  readonly mark: DeliveryMark | undefined;
}

/** A will of a client, from CONNECT until it is published or deleted (§3.1.2.5). */
export interface WillRecord {
  readonly id: string;
  readonly owner: string;
  readonly message: StoredMessage;
  readonly delaySeconds: number;
  /** When to publish it, ms since the Unix epoch; 0 while its client is connected, and then counted from the next start. */
  readonly dueAt: number;
}

export interface RestoredSession {
  readonly record: SessionRecord;
  readonly subscriptions: readonly Subscription[];
  /** Packet ids of QoS 2 messages received and not yet released by the client (§4.3.3). */
  readonly received: readonly number[];
  /** In order of `seq`. */
  readonly queue: readonly RestoredEntry[];
  /** The next number to give out. */
  readonly nextSeq: number;
}

/** What a store gives back at start. */
export interface Restored {
  readonly sessions: Iterable<RestoredSession>;
  readonly wills: Iterable<WillRecord>;
}

/** Called when a batch is durable, or with the reason why nothing of it was kept. */
export type Committed = (error: Error | null) => void;

/** Everything one publish, acknowledgement or connection changes; kept as a whole or not at all. */
export interface Batch extends TableStage {
  putSession(record: SessionRecord): void;
  /** Deletes the session with its subscriptions, queue and received ids. */
  deleteSession(id: string): void;
  putSubscription(id: string, subscription: Subscription): void;
  deleteSubscription(id: string, filter: string): void;
  enqueue(id: string, entry: QueueEntry): void;
  mark(id: string, seq: number, mark: DeliveryMark): void;
  dequeue(id: string, seq: number): void;
  /** Remembers the id of a QoS 2 message that was accepted. */
  receive(id: string, packetId: number): void;
  /** Forgets it, at PUBREL. */
  release(id: string, packetId: number): void;
  /** Sets the retained message of its topic; an empty payload deletes it [MQTT-3.3.1-6]. */
  retain(message: StoredMessage): void;
  putWill(record: WillRecord): void;
  deleteWill(id: string): void;
  /** Whether nothing was staged. */
  readonly empty: boolean;
  /** Commits. `committed` is called once, now or in a later turn, in the order in which batches were committed. */
  commit(committed: Committed): void;
  /**
   * Commits sooner or later, for what has already happened: what finds no room is tried again until it does, before
   * everything that was committed after it. `committed` hears of each failure, and last of its success.
   */
  persist(committed: Committed): void;
}

/**
 * Where state lives that survives a connection or the process. The engine keeps sessions in memory and writes
 * through; it reads back only at start, except for retained messages. Features beside MQTT (chat log, devices, files)
 * keep rows in {@link Tables} and stage them in the same batch as the publish that causes them. Many batches committed
 * in one turn of the event loop share one write. After a failed commit the batches that were waiting behind it fail as
 * well.
 */
export interface Store extends Tables {
  /** Made at random with the store and not part of a backup: another id means another life, as after a restore. */
  readonly id: string;
  /** Reads everything of MQTT back, once, before the first batch. */
  load(): Promise<Restored>;
  batch(): Batch;
  /**
   * Tells that a commit failed. It is called after the last commit that succeeded was applied and before the failed
   * batches are called back, so that what is counted in memory can be read anew from what is committed. Returns how
   * to stop.
   */
  onFailed(listener: (error: Error) => void): () => void;
  /** Whether something that persists waits for room; new work had better not be taken on. */
  readonly stuck: boolean;
  /** The retained message of a topic, committed ones only; expired ones may still be there. */
  retained(topic: string): StoredMessage | undefined;
  /**
   * Topics with a retained message that a filter matches, lazily; the filter has no `$share` prefix, and without one it is
   * all of them. Undefined now and then: nothing was found for some steps, and the reader may leave the rest for later.
   */
  retainedTopics(filter?: string): Iterable<string | undefined>;
  /** Retained messages held. */
  readonly retainedCount: number;
  /** Everything committed, as of the call, for a backup; unread rest is released by `return()`. */
  records(): Records;
  /** Commits what is staged and closes. Idempotent. */
  close(): Promise<void>;
}

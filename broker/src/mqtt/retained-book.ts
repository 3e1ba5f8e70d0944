import { steadyNow } from '../clock.ts';
import type { Store, StoredMessage } from '../store/store.ts';
import type { EngineCounters } from './counters.ts';
import { latestExpiry, sizeOf } from './message.ts';
import type { EngineOptions } from './options.ts';
import type { Deadline, TimerWheel } from './timer-wheel.ts';

/** Memory a retained message takes beside its topic, payload and properties, about. */
const OVERHEAD_BYTES = 512;

/** Expired messages removed in one commit, and then others have a turn: a million may expire at once. */
const SWEEP = 256;

/** After a commit that failed. */
const RETRY_MS = 10_000;

export interface RetainedContext {
  readonly store: Store;
  readonly wheel: TimerWheel;
  readonly counters: EngineCounters;
  readonly options: EngineOptions;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

/** When the retained message of a topic expires. */
class Expiry implements Deadline {
  readonly topic: string;
  deadline: number;
  readonly #due: (expiry: Expiry) => void;

  constructor(topic: string, deadline: number, due: (expiry: Expiry) => void) {
    this.topic = topic;
    this.deadline = deadline;
    this.#due = due;
  }

  expire(): void {
    this.#due(this);
  }
}

/**
 * How much is retained, and until when; the messages themselves are the store's. It counts what is staged, as the next
 * publish may come before the commit.
 */
export class RetainedBook {
  readonly #context: RetainedContext;
  readonly #sizes = new Map<string, number>(); // by topic
  readonly #expiries = new Map<string, Expiry>(); // by topic, of those that expire
  #due: Expiry[] = [];

  constructor(context: RetainedContext) {
    this.#context = context;
  }

  /** Counts what was kept before the start. */
  load(): void {
    for (const topic of this.#context.store.retainedTopics()) if (topic !== undefined) this.reread(topic);
  }

  /** Whether a message may become the retained one of its topic: always, when it is none or no larger than that before. */
  admits(message: StoredMessage): boolean {
    if (message.payload.length === 0) return true;
    const { maxRetainedMessages, maxRetainedBytes } = this.#context.options;
    const before = this.#sizes.get(message.topic);
    const added = costOf(message) - (before ?? 0);
    if (before !== undefined && added <= 0) return true;
    if (before === undefined && this.#sizes.size >= maxRetainedMessages) return false;
    return this.#context.counters.retainedBytes + added <= maxRetainedBytes;
  }

  /** A message is in the batch that is about to be committed. */
  staged(message: StoredMessage): void {
    this.#set(message.topic, message.payload.length > 0 ? message : undefined);
  }

  /** Counts anew what the store has of a topic, after a commit that failed. */
  reread(topic: string): void {
    this.#set(topic, this.#context.store.retained(topic));
  }

  #set(topic: string, message: StoredMessage | undefined): void {
    const { counters } = this.#context;
    counters.retainedBytes -= this.#sizes.get(topic) ?? 0;
    if (message) {
      const size = costOf(message);
      this.#sizes.set(topic, size);
      counters.retainedBytes += size;
    } else this.#sizes.delete(topic);
    this.#watch(topic, message ? latestExpiry(message, steadyNow()) : 0);
  }

  #watch(topic: string, expiresAt: number): void {
    const before = this.#expiries.get(topic);
    if (before) {
      this.#expiries.delete(topic);
      this.#context.wheel.remove(before);
    }
    if (expiresAt === 0) return;
    const expiry = new Expiry(topic, expiresAt, (due) => this.#expired(due));
    this.#expiries.set(topic, expiry);
    this.#context.wheel.add(expiry);
  }

  #expired(expiry: Expiry): void {
    if (this.#due.push(expiry) === 1) setImmediate(() => this.#sweep());
  }

  /** Removes some of those that are due, unless another message has taken their place. */
  #sweep(): void {
    const { store, counters, log, wheel } = this.#context;
    const due = this.#due.slice(0, SWEEP).filter((expiry) => this.#expiries.get(expiry.topic) === expiry);
    this.#due = this.#due.slice(SWEEP);
    if (this.#due.length > 0) setImmediate(() => this.#sweep());
    if (due.length === 0) return;
    const batch = store.batch();
    for (const { topic } of due) {
      batch.retain(nothing(topic));
      this.#set(topic, undefined);
    }
    batch.commit((error) => {
      if (!error) counters.retainedExpired += due.length;
      else {
        log('store-failed', { error: error.message });
        for (const expiry of due) this.#retry(expiry, wheel);
      }
    });
  }

  #retry({ topic }: Expiry, wheel: TimerWheel): void {
    this.reread(topic);
    const expiry = this.#expiries.get(topic);
    if (!expiry) return;
    expiry.deadline = steadyNow() + RETRY_MS;
    wheel.add(expiry);
  }
}

function costOf(message: StoredMessage): number {
  return sizeOf(message) + OVERHEAD_BYTES;
}

/** What removes the retained message of a topic [MQTT-3.3.1-6]. */
function nothing(topic: string): StoredMessage {
  return { topic, payload: EMPTY, qos: 0, retain: true, properties: undefined, expiresAt: 0, publisher: '' };
}

const EMPTY = Buffer.alloc(0);

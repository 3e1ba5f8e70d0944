import { steadyNow } from '../clock.ts';
import type { Store } from '../store/store.ts';
import type { Engine } from '../mqtt/engine.ts';
import { Message, type PacketSource } from '../mqtt/message.ts';
import type { EventStream } from './events.ts';
import { toPublished } from './published.ts';

export interface SubscriptionContext {
  readonly engine: Pick<Engine, 'tap'>;
  readonly store: Pick<Store, 'retained' | 'retainedTopics'>;
  /** Unsent bytes held while retained messages are still being sent. */
  readonly maxOutboundBytes: number;
}

/** Retained messages sent in one go before others have a turn. */
const REPLAY_BURST = 256;

const NO_SOURCE: PacketSource = { id: '', counter: 0 };

/** The text of the message last sent: every reader of it in a fan-out gets the same. */
let last: { readonly message: Message; readonly text: string } | undefined;

function liveText(message: Message): string {
  if (last?.message !== message) last = { message, text: JSON.stringify(toPublished(message, false, steadyNow())) };
  return last.text;
}

/**
 * One filter followed by one reader: the retained messages first, as the socket takes them, then every message as it
 * is routed. `mayRead` is asked for each.
 */
export class HttpSubscription {
  readonly #stream: EventStream;
  readonly #context: SubscriptionContext;
  readonly #mayRead: (topic: string) => boolean;
  readonly #release: () => void;
  /** Retained topics still to be sent, and the messages that came meanwhile. */
  #replay: Iterator<string | undefined> | undefined;
  #waiting: string[] = [];
  #waitingBytes = 0;

  constructor(stream: EventStream, filter: string, mayRead: (topic: string) => boolean, context: SubscriptionContext) {
    this.#stream = stream;
    this.#context = context;
    this.#mayRead = mayRead;
    this.#replay = context.store.retainedTopics(filter)[Symbol.iterator]();
    this.#release = context.engine.tap(filter, (message) => this.#take(message));
    this.#pump();
  }

  close(): void {
    this.#release();
    this.#replay = undefined;
    this.#waiting = [];
  }

  #take(message: Message): void {
    if (!this.#mayRead(message.topic)) return;
    const text = liveText(message);
    if (!this.#replay) return this.#stream.send(text);
    this.#waiting.push(text);
    this.#waitingBytes += text.length;
    if (this.#waitingBytes > this.#context.maxOutboundBytes) this.#stream.drop();
  }

  #pump(): void {
    for (let sent = 0; this.#replay && !this.#stream.ended; sent++) {
      if (this.#stream.full) return this.#stream.drained(() => this.#pump());
      if (sent === REPLAY_BURST) return void setImmediate(() => this.#pump());
      const step = this.#replay.next();
      if (step.done) this.#goLive();
      else if (step.value !== undefined) this.#sendRetained(step.value);
    }
  }

  #goLive(): void {
    this.#replay = undefined;
    for (const text of this.#waiting) this.#stream.send(text);
    this.#waiting = [];
  }

  #sendRetained(topic: string): void {
    const stored = this.#mayRead(topic) ? this.#context.store.retained(topic) : undefined;
    if (!stored) return;
    const message = Message.from(NO_SOURCE, stored);
    const now = steadyNow();
    if (!message.isExpired(now)) this.#stream.send(JSON.stringify(toPublished(message, true, now)));
  }
}

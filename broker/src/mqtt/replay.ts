import { steadyNow } from '../clock.ts';
import type { Subscription } from '../routing/subscription.ts';
import { isShared } from '../routing/topics.ts';
import type { Core } from './core.ts';
import { Message } from './message.ts';
import type { QoS } from './packets.ts';

/** A retained message about to be sent for a new subscription. */
interface Replayed {
  readonly message: Message;
  readonly qos: QoS;
}

/** What a step of the search came to; `nothing` is one of many, and no reason to stop. */
type Found = 'message' | 'nothing' | 'end';

/**
 * Retained messages for one new subscription, read one by one as the socket takes them: ten thousand of them cost no
 * more memory than one, and a message changed meanwhile is sent as it is by then.
 */
export class Replay {
  readonly filter: string;
  readonly identifiers: readonly number[] | undefined;
  readonly #core: Core;
  readonly #qos: QoS;
  readonly #topics: Iterator<string | undefined>;
  #held: Replayed | undefined;

  constructor(core: Core, subscription: Subscription) {
    this.#core = core;
    this.filter = subscription.filter;
    this.identifiers = subscription.identifier > 0 ? [subscription.identifier] : undefined;
    this.#qos = subscription.qos;
    this.#topics = core.store.retainedTopics(subscription.filter)[Symbol.iterator]();
  }

  /** Whether a subscription gets retained messages at all (§3.3.1.3): shared ones never do. */
  static wanted(subscription: Subscription, isNew: boolean): boolean {
    if (isShared(subscription.filter)) return false;
    return subscription.retainHandling === 0 || (subscription.retainHandling === 1 && isNew);
  }

  /** Goes one step on unless a message is waiting already. */
  look(): Found {
    if (this.#held) return 'message';
    const step = this.#topics.next();
    if (step.done) return 'end';
    this.#held = step.value === undefined ? undefined : this.#read(step.value);
    return this.#held ? 'message' : 'nothing';
  }

  /** The QoS at which the message found goes: min(granted, published). */
  get qos(): QoS {
    return this.#held?.qos ?? 0;
  }

  /** The message found; the next look is for another. */
  take(): Replayed {
    const found = this.#held!;
    this.#held = undefined;
    return found;
  }

  #read(topic: string): Replayed | undefined {
    const stored = this.#core.store.retained(topic);
    if (!stored) return undefined;
    const message = Message.from(this.#core.source, stored);
    if (message.isExpired(steadyNow())) return undefined;
    return { message, qos: Math.min(message.qos, this.#qos) as QoS };
  }
}

import type { Subscription } from '../routing/subscription.ts';
import { isShared } from '../routing/topics.ts';
import type { Core } from './core.ts';
import { Message } from './message.ts';
import type { QoS } from './packets.ts';

/** A retained message about to be sent for a new subscription. */
export interface Replayed {
  readonly message: Message;
  readonly qos: QoS;
}

/**
 * Retained messages for one new subscription, read one by one as the socket takes them: ten thousand of them cost no
 * more memory than one, and a message changed meanwhile is sent as it is by then.
 */
export class Replay {
  readonly filter: string;
  readonly identifiers: readonly number[] | undefined;
  readonly #core: Core;
  readonly #qos: QoS;
  readonly #topics: Iterator<string>;
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

  /** The QoS at which the next message goes, min(granted, published); 0 when there is none. */
  qosOfNext(): QoS {
    this.#held ??= this.#read();
    return this.#held?.qos ?? 0;
  }

  next(): Replayed | undefined {
    const next = this.#held ?? this.#read();
    this.#held = undefined;
    return next;
  }

  #read(): Replayed | undefined {
    const now = Date.now();
    for (let step = this.#topics.next(); !step.done; step = this.#topics.next()) {
      const stored = this.#core.store.retained(step.value);
      if (!stored) continue;
      const message = Message.from(this.#core.source, stored);
      if (message.isExpired(now)) continue;
      return { message, qos: Math.min(message.qos, this.#qos) as QoS };
    }
    return undefined;
  }
}

import { matches } from '../topics/filter.ts';
import type { Failure } from './errors.ts';
import type { Message, QoS } from './link.ts';

export interface Listener {
  readonly qos: QoS;
  readonly message: (message: Message) => void;
  /** The hub granted the filter: on every connection, and again when someone else asks for the same filter. */
  readonly granted?: () => void;
  /** The hub refused the filter. */
  readonly refused?: (failure: Failure) => void;
}

/** Who listens to which filter: one subscription at the hub for any number of listeners here. */
export class Subscriptions {
  readonly #byFilter = new Map<string, Set<Listener>>();
  readonly #numbers = new Map<string, number>(); // by filter
  #count = 0;

  add(filter: string, listener: Listener): void {
    const listeners = this.#byFilter.get(filter) ?? new Set();
    this.#byFilter.set(filter, listeners.add(listener));
  }

  /** @returns true when nobody listens to the filter any more */
  remove(filter: string, listener: Listener): boolean {
    const listeners = this.#byFilter.get(filter);
    if (!listeners?.delete(listener) || listeners.size > 0) return false;
    this.#numbers.delete(filter);
    return this.#byFilter.delete(filter);
  }

  filters(): string[] {
    return [...this.#byFilter.keys()];
  }

  of(filter: string): Listener[] {
    return [...(this.#byFilter.get(filter) ?? [])];
  }

  qos(filter: string): QoS {
    return Math.max(0, ...this.of(filter).map(({ qos }) => qos)) as QoS;
  }

  /** The Subscription Identifier of a filter (MQTT 5.0 §3.8.2.1.2). */
  number(filter: string): number {
    const number = this.#numbers.get(filter) ?? ++this.#count;
    this.#numbers.set(filter, number);
    return number;
  }

  /** What the hub says it is for: a kept message comes once for each new subscription, and is new to that one alone. */
  dispatch(message: Message): void {
    const { subscriptions, topic } = message;
    for (const filter of this.filters()) {
      const isMeant = subscriptions ? subscriptions.includes(this.number(filter)) : matches(filter, topic);
      if (isMeant) for (const listener of this.of(filter)) listener.message(message);
    }
  }
}

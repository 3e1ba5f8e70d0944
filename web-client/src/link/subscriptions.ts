import { matches } from '@parley/shared';
import type { ListenOptions, Message, QoS } from './link.ts';

interface Listener extends ListenOptions {
  readonly handler: (message: Message) => void;
}

/** Who listens to which filter: one subscription at the hub for any number of listeners here. */
export class Subscriptions {
  readonly #byFilter = new Map<string, Set<Listener>>();

  /** @returns true when the hub has to be asked: a first listener, or a higher QoS than before */
  add(filter: string, listener: Listener): boolean {
    const before = this.#byFilter.get(filter);
    if (!before) {
      this.#byFilter.set(filter, new Set([listener]));
      return true;
    }
    const raised = listener.qos > this.qos(filter);
    before.add(listener);
    return raised;
  }

  /** @returns true when nobody listens to the filter any more */
  remove(filter: string, listener: Listener): boolean {
    const listeners = this.#byFilter.get(filter);
    if (!listeners?.delete(listener) || listeners.size > 0) return false;
    return this.#byFilter.delete(filter);
  }

  filters(): string[] {
    return [...this.#byFilter.keys()];
  }

  qos(filter: string): QoS {
    return Math.max(0, ...[...(this.#byFilter.get(filter) ?? [])].map(({ qos }) => qos)) as QoS;
  }

  dispatch(message: Message): void {
    for (const [filter, listeners] of this.#byFilter) {
      if (matches(filter, message.topic)) for (const { handler } of listeners) handler(message);
    }
  }

  refuse(filter: string, reason: string): void {
    for (const { refused } of this.#byFilter.get(filter) ?? []) refused?.(reason);
  }
}

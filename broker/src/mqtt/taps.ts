import { Trie } from '../routing/trie.ts';
import type { Message } from './message.ts';

/** Gets every message of its filter, after it is durable and in routing order. It must not throw. */
export type Tap = (message: Message) => void;

/** Topics whose taps are remembered; past this many all are forgotten. */
const CACHED_TOPICS = 4096;

const nobody: readonly Tap[] = [];

/**
 * Subscribers inside the hub, such as HTTP readers: no session, no queue, no acknowledgement. An idle one costs its
 * place in the tree, and a message nobody taps one look into a map.
 */
export class Taps {
  readonly #filters = new Trie<Tap>();
  /** By topic; dropped when taps change. */
  readonly #routes = new Map<string, readonly Tap[]>();

  /** @param filter a valid one, without `$share`; each call needs a function of its own. Returns how to stop. */
  add(filter: string, tap: Tap): () => void {
    this.#filters.add(filter, tap);
    this.#routes.clear();
    return () => {
      if (this.#filters.remove(filter, tap)) this.#routes.clear();
    };
  }

  emit(message: Message): void {
    if (this.#filters.size === 0) return;
    for (const tap of this.#match(message.topic)) tap(message);
  }

  /** Whether a message of this topic has a tap. */
  hears(topic: string): boolean {
    return this.#filters.size > 0 && this.#match(topic).length > 0;
  }

  #match(topic: string): readonly Tap[] {
    const known = this.#routes.get(topic);
    if (known) return known;
    const taps: Tap[] = [];
    this.#filters.match(topic, (tap) => taps.push(tap));
    if (this.#routes.size >= CACHED_TOPICS) this.#routes.clear();
    this.#routes.set(topic, taps.length > 0 ? taps : nobody);
    return taps;
  }
}

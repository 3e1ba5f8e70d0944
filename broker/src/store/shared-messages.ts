import { encodeMessage } from './codec.ts';
import type { Group } from './groups.ts';
import { sharedKey } from './layout.ts';
import type { StoredMessage } from './store.ts';

/** A message kept once for several queue entries. */
export interface Shared {
  readonly number: number;
  /** Queue entries that refer to it; at 0 it is removed. */
  entries: number;
}

const marked = new WeakSet<StoredMessage>();

/** Has a message stored once from the first entry on, because more entries of it come in other batches. */
export function shareAlways(message: StoredMessage): void {
  marked.add(message);
}

/**
 * Messages that many sessions have queued are written once, not once a session. How many entries refer to each is only
 * counted in memory: it is counted anew at the start, so it cannot be wrong after a crash.
 */
export class SharedMessages {
  readonly #byMessage = new WeakMap<StoredMessage, Shared>();
  /** By number. */
  readonly #counted = new Map<number, Shared>();
  #next = 1;

  /** Whether this message already has a number, or will need one. */
  isShared(message: StoredMessage): boolean {
    return marked.has(message) || (this.#byMessage.get(message)?.entries ?? 0) > 0;
  }

  /** Stages one more entry of a message, and the message with the first. */
  refer(group: Group, message: StoredMessage): Shared {
    let shared = this.#byMessage.get(message);
    if (!shared || shared.entries === 0) {
      shared = { number: this.#next++, entries: 0 };
      this.#byMessage.set(message, shared);
      group.changes.set(sharedKey(shared.number), encodeMessage(message));
    }
    this.#count(group, shared, 1);
    return shared;
  }

  /** Stages one entry less; with the last the message goes. */
  release(group: Group, shared: Shared): void {
    this.#count(group, shared, -1);
    if (shared.entries === 0) group.changes.set(sharedKey(shared.number), null);
  }

  /** At the start: counts an entry that is there. */
  found(number: number): Shared {
    let shared = this.#counted.get(number);
    if (!shared) this.#counted.set(number, (shared = { number, entries: 0 }));
    shared.entries++;
    this.reserve(number);
    return shared;
  }

  isReferred(number: number): boolean {
    return this.#counted.has(number);
  }

  /** At the start: never gives this number out again. */
  reserve(number: number): void {
    this.#next = Math.max(this.#next, number + 1);
  }

  /** At the start: the entries that are restored keep their message in one object, which is known again here. */
  restored(number: number, message: StoredMessage): void {
    const shared = this.#counted.get(number);
    if (shared) this.#byMessage.set(message, shared);
  }

  /** The start is over: from here on the entries themselves hold what they refer to. */
  forgetNumbers(): void {
    this.#counted.clear();
  }

  #count(group: Group, shared: Shared, change: number): void {
    shared.entries += change;
    group.undo.push(() => (shared.entries -= change));
  }
}

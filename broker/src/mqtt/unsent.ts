import type { EngineCounters } from './counters.ts';
import type { EngineOptions } from './options.ts';

/** One client's bytes that its socket has not taken. */
export interface Holder {
  /** As counted last; only {@link Unsent} writes it. */
  held: number;
  /** As they are now, those of this turn included. */
  readonly pending: number;
  /** All hold too much together, and nobody more than this one. */
  evict(): void;
}

/** Between looks at all that is held, while it is too much. */
const LOOK_MS = 250;

/** Past the limit by this part of it the largest are disconnected; up to there they only lose QoS 0. */
const EXCESS = 1 / 8;

/**
 * Unsent bytes of all clients together against their limit; each client has one of its own besides. Holders are kept by
 * the power of two they have reached, so that the largest are found without looking at the others.
 */
export class Unsent {
  readonly #counters: EngineCounters;
  readonly #options: EngineOptions;
  readonly #classes: Set<Holder>[] = Array.from({ length: CLASSES }, () => new Set());
  #largest = 0;
  #looked = -Infinity;
  #timer: NodeJS.Immediate | undefined;

  constructor(counters: EngineCounters, options: EngineOptions) {
    this.#counters = counters;
    this.#options = options;
  }

  get isOver(): boolean {
    return this.#counters.outboundBytes > this.#options.outboundMaxBytes;
  }

  set(holder: Holder, bytes: number): void {
    const before = holder.held;
    if (bytes === before) return;
    holder.held = bytes;
    this.#counters.outboundBytes += bytes - before;
    const [from, to] = [classOf(before), classOf(bytes)];
    if (from !== to) this.#move(holder, from, to);
    if (bytes > before && this.isOver) this.#relieveSoon();
  }

  /** Whether a client is to lose QoS 0 now: all have too much, and it is among the largest. */
  isToBlame(holder: Holder): boolean {
    return holder.held > 0 && this.isOver && classOf(holder.held) >= this.#largest;
  }

  #move(holder: Holder, from: number, to: number): void {
    this.#classes[from]!.delete(holder);
    if (to > 0) this.#classes[to]!.add(holder);
    if (to > this.#largest) this.#largest = to;
    while (this.#largest > 0 && this.#classes[this.#largest]!.size === 0) this.#largest--;
  }

  /** In the next turn, as whoever causes it is in the middle of a write. */
  #relieveSoon(): void {
    if (this.#timer || (!this.#isFarOver && performance.now() - this.#looked < LOOK_MS)) return;
    this.#timer = setImmediate(() => {
      this.#timer = undefined;
      this.#relieve();
    });
  }

  get #isFarOver(): boolean {
    return this.#counters.outboundBytes > this.#options.outboundMaxBytes * (1 + EXCESS);
  }

  #relieve(): void {
    // A socket that took the last of little tells nobody: what was counted may be gone.
    for (const holders of this.#classes) for (const holder of holders) this.set(holder, holder.pending);
    this.#looked = performance.now();
    if (!this.#isFarOver) return;
    for (const holder of this.#largestFirst()) {
      if (!this.isOver) return;
      this.set(holder, 0);
      holder.evict();
    }
  }

  *#largestFirst(): Generator<Holder> {
    for (let at = this.#largest; at > 0; at = this.#largest) yield this.#classes[at]!.values().next().value!;
  }
}

const CLASSES = 33;

/** 0 for nothing, else one more for each doubling; from 2 GiB on all are the same. */
function classOf(bytes: number): number {
  return bytes >= 2 ** 31 ? CLASSES - 1 : 32 - Math.clz32(bytes);
}

/** Numbers behind the newest one that can still be told to be late rather than repeated. */
const WINDOW = 32;

export interface Delivered {
  received: number;
  duplicates: number;
  /** Came after a later one. */
  outOfOrder: number;
  /** Too late to know whether it came before. */
  stale: number;
}

/**
 * What one subscriber got of its streams, in three numbers each however long it runs: the next number, the last 32 as
 * bits, and how many different ones came.
 */
export class Ledger {
  readonly #counts: Delivered;
  readonly #slots = new Map<number, number>(); // by stream
  readonly #next: Uint32Array;
  readonly #seen: Uint32Array;
  readonly #distinct: Uint32Array;

  /** @param counts shared by all ledgers */
  constructor(streams: readonly number[], counts: Delivered) {
    this.#counts = counts;
    for (const [slot, stream] of streams.entries()) this.#slots.set(stream, slot);
    this.#next = new Uint32Array(streams.length);
    this.#seen = new Uint32Array(streams.length);
    this.#distinct = new Uint32Array(streams.length);
  }

  /** @param number of the message in its stream, from 0. Returns false for a stream it does not read. */
  take(stream: number, number: number): boolean {
    const slot = this.#slots.get(stream);
    if (slot === undefined) return false;
    const counts = this.#counts;
    const next = this.#next[slot]!;
    counts.received++;
    if (number >= next) {
      const ahead = number - next + 1;
      this.#seen[slot] = ahead >= WINDOW ? 1 : (this.#seen[slot]! << ahead) | 1;
      this.#next[slot] = number + 1;
      this.#distinct[slot]!++;
      return true;
    }
    const behind = next - 1 - number;
    if (behind >= WINDOW) {
      counts.stale++;
      return true;
    }
    const bit = (1 << behind) >>> 0;
    if ((this.#seen[slot]! & bit) !== 0) counts.duplicates++;
    else {
      this.#seen[slot]! |= bit;
      this.#distinct[slot]!++;
      counts.outOfOrder++;
    }
    return true;
  }

  /** Different messages of a stream that came. */
  distinct(stream: number): number {
    const slot = this.#slots.get(stream);
    return slot === undefined ? 0 : this.#distinct[slot]!;
  }
}

/** Turns counts into rates, over the time since they were looked at before. */
export class Rate {
  #count: number;
  #at = performance.now();

  constructor(count = 0) {
    this.#count = count;
  }

  /** Per second. */
  next(count: number): number {
    const now = performance.now();
    const rate = ((count - this.#count) * 1000) / Math.max(1, now - this.#at);
    this.#count = count;
    this.#at = now;
    return rate;
  }
}

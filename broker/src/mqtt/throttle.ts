import { steadyNow } from '../clock.ts';

/** A token bucket: `perSecond` on average, bursts of twice that. */
export class Throttle {
  readonly #perSecond: number;
  #tokens: number;
  #filledAt: number;

  constructor(perSecond: number, now = steadyNow()) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond * 2;
    this.#filledAt = now;
  }

  /** Takes one token; returns for how many ms to stop reading, 0 for not at all. */
  take(now: number): number {
    const perSecond = this.#perSecond;
    this.#tokens = Math.min(perSecond * 2, this.#tokens + ((now - this.#filledAt) * perSecond) / 1000) - 1;
    this.#filledAt = now;
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens * 1000) / perSecond);
  }
}

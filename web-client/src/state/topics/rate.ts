/** The time over which a rate forgets: after this long without a message, 63 % of it are gone. */
const MEMORY_MS = 5000;

/** Messages per second, smoothed; costs nothing while nothing comes. */
export class Rate {
  #perSecond = 0;
  #at = 0;

  hit(now: number): void {
    this.#perSecond = this.at(now) + 1000 / MEMORY_MS;
    this.#at = now;
  }

  /** @param now ms since the Unix epoch */
  at(now: number): number {
    return this.#perSecond * Math.exp((this.#at - now) / MEMORY_MS);
  }
}

/** `12/s`, `0.3/s`; nothing for what rests. */
export function rateWords(perSecond: number): string {
  if (perSecond < 0.05) return '';
  return `${perSecond < 9.95 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`;
}

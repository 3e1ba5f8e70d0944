/** Minutes that Mosquitto averages over. */
export const spans = [1, 5, 15] as const;

/**
 * How much a counter grows per minute, as Mosquitto's `load/…`: an exponential moving average for each span, moved on with
 * every look (mosquitto(8), "BROKER STATUS").
 */
export class LoadAverage {
  readonly #averages = spans.map(() => 0);
  #last = 0;

  /** @param seconds since the last look; nothing happens without any */
  look(total: number, seconds: number): void {
    if (seconds <= 0) return;
    const perMinute = ((total - this.#last) * 60) / seconds;
    this.#last = total;
    for (const [index, minutes] of spans.entries()) {
      const kept = Math.exp(-seconds / (minutes * 60));
      this.#averages[index] = perMinute + kept * (this.#averages[index]! - perMinute);
    }
  }

  /** In step with {@link spans}. */
  get averages(): readonly number[] {
    return this.#averages;
  }
}

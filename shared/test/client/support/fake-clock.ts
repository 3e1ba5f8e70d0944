import type { Clock } from '@parley/shared/client';

/** Time that only moves when it is told to. */
export class FakeClock implements Clock {
  #now = 1_700_000_000_000;
  #next = 1;
  readonly #timers = new Map<number, { at: number; work: () => void }>();

  get waiting(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(work: () => void, ms: number): number {
    this.#timers.set(this.#next, { at: this.#now + ms, work });
    return this.#next++;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as number);
  }

  /** Runs what is due on the way, in the order of time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [due] = [...this.#timers].filter(([, { at }]) => at <= end).toSorted(([, a], [, b]) => a.at - b.at);
      if (!due) break;
      const [timer, { at, work }] = due;
      this.#timers.delete(timer);
      this.#now = at;
      work();
    }
    this.#now = end;
  }
}

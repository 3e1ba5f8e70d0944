import { cpuNs, residentBytes } from './accounting.ts';
import type { Cell } from './job.ts';

/** Latencies kept per measurement; past it the oldest are overwritten. */
const MAX_LATENCIES = 1 << 18;

/** What the broker uses and the messages take from `start()` to `stop()`. */
export class Meter {
  readonly #pid: number;
  readonly #latencies = new Float64Array(MAX_LATENCIES);
  #latencyCount = 0;
  #units = 0;
  #cpuNs = 0;
  #rssBytes = 0;
  #startedMs = 0;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** @param units messages delivered or connections opened so far */
  start(units: number): void {
    this.#latencyCount = 0;
    this.#units = units;
    this.#rssBytes = residentBytes(this.#pid);
    this.#startedMs = performance.now();
    this.#cpuNs = cpuNs(this.#pid);
  }

  latency(milliseconds: number): void {
    this.#latencies[this.#latencyCount++ % MAX_LATENCIES] = milliseconds;
  }

  /** Memory is what it is when the cell is read, which may be later than this. */
  stop(units: number): Omit<Cell, 'lost' | 'rssBytes'> {
    const used = cpuNs(this.#pid) - this.#cpuNs;
    const seconds = (performance.now() - this.#startedMs) / 1000;
    const sorted = this.#latencies.slice(0, Math.min(this.#latencyCount, MAX_LATENCIES)).toSorted();
    const percentile = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? NaN;
    return { units: units - this.#units, seconds, cpuNs: used, p50Ms: percentile(0.5), p99Ms: percentile(0.99) };
  }

  /** Growth since `start()`. */
  rssGrowth(): number {
    return residentBytes(this.#pid) - this.#rssBytes;
  }
}

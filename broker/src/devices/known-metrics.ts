import type { Tables } from '../store/table.ts';
import { METRICS } from './tables.ts';

/** Metrics recorded of one device; a sender of ever new names must not fill the disk. */
const MAX_METRICS = 1000;
const MAX_NAME = 128;

/** Names of the metrics that are recorded, by device. */
export class KnownMetrics {
  readonly #store: Tables;
  readonly #metrics = new Map<string, Set<string>>();

  constructor(store: Tables) {
    this.#store = store;
  }

  /** Whether a reading of this metric is recorded. */
  take(device: string, metric: string): boolean {
    const known = this.#of(device);
    if (known.has(metric)) return true;
    if (known.size >= MAX_METRICS || metric.length === 0 || metric.length > MAX_NAME) return false;
    known.add(metric);
    return true;
  }

  forget(device: string): void {
    this.#metrics.delete(device);
  }

  #of(device: string): Set<string> {
    let known = this.#metrics.get(device);
    if (!known) {
      known = new Set();
      for (const { key } of this.#store.range(METRICS, { prefix: [device] })) known.add(String(key[1]));
      this.#metrics.set(device, known);
    }
    return known;
  }
}

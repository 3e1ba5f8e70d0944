/** Buckets per doubling: a value is known to 2.2 %. */
const perDoubling = 32;
const least = 0.001;
const buckets = perDoubling * 40;

export interface Percentile {
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Times in milliseconds, from a microsecond to weeks, in a fixed amount of memory. */
export class Histogram {
  readonly #counts = new Uint32Array(buckets);
  #count = 0;
  #sum = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum;
  }

  record(ms: number): void {
    const bucket = Math.floor(Math.log2(Math.max(ms, least) / least) * perDoubling);
    this.#counts[Math.min(bucket, buckets - 1)]!++;
    this.#count++;
    this.#sum += ms;
    if (ms > this.#max) this.#max = ms;
  }

  /** How many were at most this long. */
  atMost(ms: number): number {
    const last = Math.min(buckets, Math.floor(Math.log2(Math.max(ms, least) / least) * perDoubling) + 1);
    let sum = 0;
    for (let bucket = 0; bucket < last; bucket++) sum += this.#counts[bucket]!;
    return sum;
  }

  /** The time that this share of all is not above; undefined when there is none. */
  percentile(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    let left = Math.ceil(this.#count * share);
    for (let bucket = 0; bucket < buckets; bucket++) {
      left -= this.#counts[bucket]!;
      if (left <= 0) return Math.min(this.#max, least * 2 ** ((bucket + 1) / perDoubling));
    }
    return this.#max;
  }

  percentiles(): Percentile | undefined {
    if (this.#count === 0) return undefined;
    const at = (share: number): number => this.percentile(share)!;
    return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max: this.#max };
  }
}

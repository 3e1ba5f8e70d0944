import { afterPrefix, encodeKey } from './keys.ts';
import type { RangeOptions } from './table.ts';

/** An encoded key and what is under it. */
export interface Entry<V> {
  readonly key: string;
  readonly value: V;
}

/** Encoded keys from `from`, included, to `to`, not included. */
export interface Bounds {
  readonly from: string;
  readonly to: string;
  readonly reverse: boolean;
  readonly limit: number;
}

/** Reads are short: a cursor that stays open would keep LMDB from reusing the pages of everything removed meanwhile. */
const FIRST_CHUNK = 32;
const MAX_CHUNK = 512;

export function toBounds(table: string, { prefix = [], from, to, reverse = false, limit }: RangeOptions): Bounds {
  const first = encodeKey(table, prefix);
  const last = afterPrefix(first);
  const start = from ? encodeKey(table, from) : first;
  const end = to ? encodeKey(table, to) : last;
  return {
    from: start > first ? start : first,
    to: end < last ? end : last,
    reverse,
    limit: Math.max(0, limit ?? Infinity),
  };
}

/** Reads a range chunk by chunk; each chunk is searched anew from the last key, so writes in between do no harm. */
export function* readInChunks<V>(bounds: Bounds, read: (chunk: Bounds) => Entry<V>[]): Generator<Entry<V>> {
  let { from, to, limit: left } = bounds;
  const { reverse } = bounds;
  for (let size = FIRST_CHUNK; left > 0 && from < to; size = Math.min(size * 4, MAX_CHUNK)) {
    const limit = Math.min(size, left);
    const entries = read({ from, to, reverse, limit });
    yield* entries;
    if (entries.length < limit) return;
    left -= limit;
    const last = entries.at(-1)!.key;
    if (reverse) to = last;
    else from = `${last}\0`;
  }
}

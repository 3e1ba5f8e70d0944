import type { Measured } from './tables.ts';

/** Readings taken together. Numbers have a sum and bounds, booleans count as 0 and 1, text has only its last value. */
export interface Aggregate {
  /** Readings of any kind. */
  count: number;
  /** Readings with a number. */
  numbers: number;
  sum: number;
  min: number;
  max: number;
  last: Measured;
  lastAt: number;
}

export function add(into: Aggregate | undefined, value: Measured, at: number): Aggregate {
  const number = typeof value === 'string' ? undefined : Number(value);
  const one: Aggregate = {
    count: 1,
    numbers: number === undefined ? 0 : 1,
    sum: number ?? 0,
    min: number ?? 0,
    max: number ?? 0,
    last: value,
    lastAt: at,
  };
  return into ? merge(into, one) : one;
}

/** Adds `from` to `into`, which is changed and given back. */
export function merge(into: Aggregate, from: Aggregate): Aggregate {
  if (from.numbers > 0) {
    into.min = into.numbers > 0 ? Math.min(into.min, from.min) : from.min;
    into.max = into.numbers > 0 ? Math.max(into.max, from.max) : from.max;
    into.sum += from.sum;
    into.numbers += from.numbers;
  }
  into.count += from.count;
  if (from.lastAt >= into.lastAt) {
    into.last = from.last;
    into.lastAt = from.lastAt;
  }
  return into;
}

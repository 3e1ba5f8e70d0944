import { setImmediate as breathe } from 'node:timers/promises';
import type { Tables } from '../store/table.ts';
import { add, merge } from './aggregate.ts';
import type { Aggregate } from './aggregate.ts';
import { HOUR_MS, MINUTE_MS, MINUTES, RAW_HOURS, READINGS } from './tables.ts';
import type { Measured, ReadingsRow } from './tables.ts';

export interface HistoryQuery {
  readonly metric: string;
  /** ms since the Unix epoch, included. */
  readonly from: number;
  /** Not included. */
  readonly to: number;
  /** Most buckets in the answer. */
  readonly points: number;
}

/** One bucket with readings in it. Text has `last` only. */
export interface Point {
  /** Begin of the bucket. */
  readonly at: number;
  readonly min?: number;
  readonly avg?: number;
  readonly max?: number;
  readonly last: Measured;
  readonly count: number;
}

export interface History {
  /** What the buckets cover, which is what was asked or, in whole minutes, around it. */
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
  readonly points: readonly Point[];
}

/** Rows read before others have a turn. */
const BURST = 200;

/**
 * The readings of one metric, thinned to buckets of one width. Buckets shorter than a minute are filled from single
 * readings; where those are gone, and for longer ones, from the minutes. Memory is that of the buckets, however much
 * is read.
 */
export async function history(store: Tables, device: string, query: HistoryQuery, now: number): Promise<History> {
  const { metric } = query;
  const plan = planOf(query, now);
  const { from, to, bucketMs } = plan;
  const buckets = new Map<number, Aggregate>();
  let rows = 0;
  const prefix = [device, metric];
  if (plan.raw) {
    // A row begins at most a minute before its last reading.
    const range = { prefix, from: [...prefix, from - MINUTE_MS], to: [...prefix, to] };
    for (const { value } of store.range(READINGS, range)) {
      addRow(buckets, value as unknown as ReadingsRow, plan);
      if (++rows % BURST === 0) await breathe();
    }
  } else {
    for (const { key, value } of store.range(MINUTES, { prefix, from: [...prefix, from], to: [...prefix, to] })) {
      addMinute(buckets, Math.floor((Number(key[2]) - from) / bucketMs), value as unknown as Aggregate);
      if (++rows % BURST === 0) await breathe();
    }
  }
  const order = [...buckets].toSorted(([a], [b]) => a - b);
  return { from, to, bucketMs, points: order.map(([index, one]) => toPoint(from + index * bucketMs, one)) };
}

interface Plan {
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
  readonly raw: boolean;
}

function planOf({ from, to, points }: HistoryQuery, now: number): Plan {
  const bucketMs = Math.max(1, Math.ceil((to - from) / points));
  if (bucketMs < MINUTE_MS && from >= now - RAW_HOURS * HOUR_MS) return { from, to, bucketMs, raw: true };
  const start = Math.floor(from / MINUTE_MS) * MINUTE_MS;
  const end = Math.ceil(to / MINUTE_MS) * MINUTE_MS;
  const minutes = Math.max(1, Math.ceil((end - start) / MINUTE_MS / points));
  return { from: start, to: end, bucketMs: minutes * MINUTE_MS, raw: false };
}

function addRow(buckets: Map<number, Aggregate>, { t, v }: ReadingsRow, { from, to, bucketMs }: Plan): void {
  for (const [index, at] of t.entries()) {
    if (at < from || at >= to) continue;
    const bucket = Math.floor((at - from) / bucketMs);
    buckets.set(bucket, add(buckets.get(bucket), v[index]!, at));
  }
}

function addMinute(buckets: Map<number, Aggregate>, bucket: number, minute: Aggregate): void {
  const into = buckets.get(bucket);
  buckets.set(bucket, into ? merge(into, minute) : { ...minute });
}

function toPoint(at: number, { count, numbers, sum, min, max, last }: Aggregate): Point {
  if (numbers === 0) return { at, last, count };
  // Rounding must not carry an average out of its bounds.
  return { at, min, avg: Math.min(max, Math.max(min, sum / numbers)), max, last, count };
}

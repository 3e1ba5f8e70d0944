import { checked } from '@parley/shared';
import * as z from 'zod/mini';
import type { Read } from '../../link/read.ts';
import type { Point } from '../device.ts';

const measured = z.union([z.number(), z.boolean(), z.string()]);
const deviceSchema = z.object({
  device: z.string(),
  seenAt: z.number(),
  latest: z.record(z.string(), z.object({ value: measured, unit: z.optional(z.string()), at: z.number() })),
});
/** What the hub keeps of a device. */
export type KeptDevice = z.infer<typeof deviceSchema>;

/** @throws Error when the hub cannot be read */
export async function keptDevices(read: Read, signal?: AbortSignal): Promise<KeptDevice[]> {
  const schema = z.object({ devices: z.array(deviceSchema) });
  return checked(schema, await read.json('/api/devices', signal), 'devices').devices;
}

const historySchema = z.object({
  from: z.number(),
  to: z.number(),
  bucketMs: z.number(),
  unit: z.optional(z.string()),
  points: z.array(
    z.object({
      at: z.number(),
      min: z.optional(z.number()),
      avg: z.optional(z.number()),
      max: z.optional(z.number()),
      last: measured,
    }),
  ),
});
/** Readings of one metric as the hub keeps them, thinned to buckets. Times in ms since the Unix epoch. */
export type History = z.infer<typeof historySchema>;

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Buckets that a chart can show. */
const POINTS = 300;

/** @throws Error when the hub cannot be read, or keeps nothing of this metric */
export async function keptReadings(
  read: Read,
  device: string,
  metric: string,
  { from, to }: Stretch,
  signal?: AbortSignal,
): Promise<History> {
  const query = new URLSearchParams({ metric, from: String(from), to: String(to), points: String(POINTS) });
  const path = `/api/devices/${encodeURIComponent(device)}/telemetry?${query}`;
  return checked(historySchema, await read.json(path, signal), 'telemetry');
}

/** A chart's columns: the average of each bucket with its bounds. */
export interface Columns {
  readonly at: readonly number[];
  readonly value: readonly (number | null)[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}

/** Kept readings, then the live ones that came after them; a hole of many buckets stays a hole. */
export function columnsOf(history: History | undefined, live: readonly Point[], { from, to }: Stretch): Columns {
  const at: number[] = [];
  const rows: (readonly [value: number | null, min: number | null, max: number | null])[] = [];
  const add = (time: number, value: number | null, min = value, max = value): void => {
    at.push(time);
    rows.push([value, min, max]);
  };
  const hole = Math.max((history?.bucketMs ?? 0) * 5, 120_000);
  const extend = (time: number, value: number, min?: number, max?: number): void => {
    const before = at.at(-1);
    if (before !== undefined && time - before > hole) add(before + 1, null);
    add(time, value, min, max);
  };
  for (const point of history?.points ?? [])
    if (point.avg !== undefined) extend(point.at, point.avg, point.min, point.max);
  const end = at.at(-1) ?? from;
  for (const point of live)
    if (point.at > end && point.at <= to && Number.isFinite(point.value)) extend(point.at, point.value);
  return { at, value: rows.map(([one]) => one), min: rows.map(([, one]) => one), max: rows.map(([, , one]) => one) };
}

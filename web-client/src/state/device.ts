import type { About, DeviceStatus, Json, Reading, Reply } from '@parley/shared';

/** The last reading of each metric, and when anything was heard, as the hub keeps it. */
export interface KeptDevice {
  readonly seenAt: number;
  readonly latest: Readonly<Record<string, { value: Reading['value']; unit?: string | undefined; at: number }>>;
}

/** Points kept per metric: ten minutes of a device that speaks every five seconds. */
const POINTS = 120;

/** One metric of a device: its newest value, and the numbers before it for a sparkline. */
export interface Series {
  readonly metric: string;
  readonly unit: string | undefined;
  readonly value: Reading['value'];
  readonly at: number;
  readonly points: readonly Point[];
}

export interface Point {
  readonly at: number;
  readonly value: number;
}

/** A command of ours and what became of it. */
export interface Sent {
  readonly id: string;
  readonly command: string;
  readonly args: Json;
  readonly at: number;
  /** Undefined until the device says something. */
  readonly reply?: Reply;
  /** When the reply came, ms since the Unix epoch. */
  readonly repliedAt?: number;
  /** Why it could not be sent, for a person. */
  readonly problem?: string;
}

/** What is known of one device. Immutable: a change makes another. */
export interface Device {
  readonly name: string;
  readonly about?: About | undefined;
  readonly status?: DeviceStatus | undefined;
  readonly state?: Json | undefined;
  readonly series: readonly Series[];
  /** When it last sent a reading, or the hub last heard of it, ms since the Unix epoch. */
  readonly seenAt?: number;
  /** Our newest command per name. */
  readonly sent: Readonly<Record<string, Sent>>;
}

export function withReadings(device: Device, readings: readonly Reading[], now: number): Device {
  const series = [...device.series];
  for (const reading of readings) {
    const index = series.findIndex(({ metric }) => metric === reading.metric);
    const before = series[index];
    const after = extend(before, reading, unitOf(device, reading, before));
    if (index < 0) series.push(after);
    else series[index] = after;
  }
  return { ...device, series, seenAt: now };
}

/** What the hub kept of a device: where nothing newer was heard, its last readings. */
export function withKept(device: Device, { latest, seenAt }: KeptDevice): Device {
  const known = new Set(device.series.map(({ metric }) => metric));
  const series = Object.entries(latest).flatMap(([metric, { value, unit, at }]) =>
    known.has(metric) ? [] : [extend(undefined, { metric, value, at }, unit ?? aboutOf(device, metric)?.unit)],
  );
  return { ...device, series: [...device.series, ...series], seenAt: Math.max(device.seenAt ?? 0, seenAt) };
}

/** What it says of itself, also of readings that came before. */
export function withAbout(device: Device, about: About | undefined): Device {
  const after = { ...device, about };
  const series = device.series.map((one) => ({ ...one, unit: one.unit ?? aboutOf(after, one.metric)?.unit }));
  return { ...after, series };
}

function unitOf(device: Device, reading: Reading, before: Series | undefined): string | undefined {
  return reading.unit ?? aboutOf(device, reading.metric)?.unit ?? before?.unit;
}

function aboutOf({ about }: Device, metric: string): About['metrics'][string] | undefined {
  return about && Object.hasOwn(about.metrics, metric) ? about.metrics[metric] : undefined;
}

function extend(before: Series | undefined, reading: Reading, unit: string | undefined): Series {
  const { metric, value, at } = reading;
  // A pack may bring older records: they belong in the line, and are not the newest value.
  const isNewest = before === undefined || at >= before.at;
  const points = [...(before?.points ?? [])];
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (typeof number === 'number') insert(points, { at, value: number });
  return {
    metric,
    unit,
    value: isNewest ? value : before.value,
    at: isNewest ? at : before.at,
    points: points.slice(-POINTS),
  };
}

function insert(points: Point[], point: Point): void {
  let index = points.length;
  while (index > 0 && points[index - 1]!.at > point.at) index--;
  points.splice(index, 0, point);
}

/** The reported state's value under a key, when the state is an object that has it. */
export function stateValue({ state }: Device, key: string): Json | undefined {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return undefined;
  return Object.hasOwn(state, key) ? state[key] : undefined;
}

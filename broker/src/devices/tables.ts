import type { About, DeviceStatus } from '@parley/shared';
import type { Value } from '../store/table.ts';

/**
 * What is kept of devices, as rows:
 * - `devices` [device, part] → {@link PartRow}: what it said of itself, in the commit of the publish that said it
 * - `metrics` [device, metric] → {@link LatestRow}: the last reading
 * - `minutes` [device, metric, minute] → {@link Aggregate}: every reading of that minute, for `telemetryHours`
 * - `readings` [device, metric, at, number] → {@link ReadingsRow}: readings of one minute and one write, for 24 h
 * - `telemetry-journal` [number] → JournalRow: acknowledged and not recorded yet
 */
export const DEVICES = 'devices';
export const METRICS = 'metrics';
export const MINUTES = 'minutes';
export const READINGS = 'readings';
export const JOURNAL = 'telemetry-journal';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
/** How long every single reading is kept. */
export const RAW_HOURS = 24;

export type Measured = number | boolean | string;

export interface Parts {
  about: About;
  status: DeviceStatus;
  /** Any JSON. */
  state: Value;
  /** Written by telemetry; `at` is when it last came, to some seconds. */
  seen: true;
}

export interface PartRow<Part extends keyof Parts = keyof Parts> {
  readonly value: Parts[Part];
  /** When the hub got it, ms since the Unix epoch. */
  readonly at: number;
}

export interface LatestRow {
  readonly value: Measured;
  readonly unit?: string | undefined;
  readonly at: number;
}

/** In step: when, in ms since the Unix epoch, and what. */
export interface ReadingsRow {
  readonly t: readonly number[];
  readonly v: readonly Measured[];
}

/**
 * Of commands:
 * - `jobs` [job] → Job
 * - `jobs-open` [job] → null, while it is neither done nor failed nor expired
 * - `jobs-ended` [when, job] → null, in the order in which they may be forgotten
 * - `requesters` [device, id] → who asked by MQTT and wants the reply on a Response Topic
 * - `forwards` [number] → a reply on its way to its Response Topic
 */
export const JOBS = 'jobs';
export const JOBS_OPEN = 'jobs-open';
export const JOBS_ENDED = 'jobs-ended';
export const REQUESTERS = 'requesters';
export const FORWARDS = 'forwards';

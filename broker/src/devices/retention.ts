import { setImmediate as breathe } from 'node:timers/promises';
import type { Scope } from '../scope.ts';
import type { Store } from '../store/store.ts';
import type { Key } from '../store/keys.ts';
import { DEVICES, HOUR_MS, METRICS, MINUTES, RAW_HOURS, READINGS } from './tables.ts';
import type { LatestRow, PartRow } from './tables.ts';

export interface RetentionContext {
  readonly store: Store;
  /** Told of a device some of whose metrics are no longer kept. */
  readonly forget: (device: string) => void;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

/** Rows removed in one commit: small, so that no publish waits long behind it. */
const STEP = 200;
const EVERY_MS = 600_000;

/** Telemetry past its time is removed step by step: single readings after 24 h, minutes after `telemetryHours`. */
export function keepTelemetry(context: RetentionContext, telemetryHours: number, scope: Scope): void {
  const { signal } = scope;
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= sweepTelemetry(context, telemetryHours, Date.now(), signal)
      .catch((error: unknown) => context.log('telemetry.retention', { error: (error as Error).message }))
      .finally(() => (running = undefined));
  }, EVERY_MS);
  scope.defer(() => clearInterval(timer));
  scope.defer(() => running);
}

/** One pass over all metrics; a device that only ever measured is forgotten with the last of them. It gives way after every step and stops when the signal aborts. */
export async function sweepTelemetry(
  { store, forget }: RetentionContext,
  telemetryHours: number,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const keep = now - telemetryHours * HOUR_MS;
  const keepRaw = Math.max(keep, now - RAW_HOURS * HOUR_MS);
  for (const { key, value } of store.range(METRICS)) {
    if (signal.aborted) return;
    await removeBefore(store, READINGS, key, keepRaw, signal);
    await removeBefore(store, MINUTES, key, keep, signal);
    if ((value as unknown as LatestRow).at >= keep) continue;
    await remove(store, METRICS, [key]);
    forget(String(key[0]));
  }
  for (const { key, value } of store.range(DEVICES)) {
    if (key[1] === 'seen' && (value as unknown as PartRow).at < keep) await remove(store, DEVICES, [key]);
  }
}

async function removeBefore(
  store: Store,
  table: string,
  prefix: Key,
  before: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const keys = Array.from(store.range(table, { prefix, to: [...prefix, before], limit: STEP }), ({ key }) => key);
    if (keys.length > 0) await remove(store, table, keys);
    await breathe();
    if (keys.length < STEP || signal.aborted) return;
  }
}

/** Removes rows in one commit. */
function remove(store: Store, table: string, keys: Iterable<Key>): Promise<void> {
  const batch = store.batch();
  for (const key of keys) batch.remove(table, key);
  return new Promise((resolve, reject) => batch.commit((error) => (error ? reject(error) : resolve())));
}

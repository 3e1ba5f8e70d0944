import type { Scope } from '../scope.ts';
import type { Store } from '../store/store.ts';
import { HOUR_MS, JOBS, JOBS_ENDED, REQUESTERS } from './tables.ts';

/** Rows removed in one commit. */
const STEP = 200;
const EVERY_MS = 60_000;

/** Forgets jobs `jobHours` after their end, and those who waited too long for a reply. */
export function keepJobs(store: Store, jobHours: number, scope: Scope): void {
  const timer = setInterval(() => sweepJobs(store, jobHours, Date.now()), EVERY_MS);
  scope.defer(() => clearInterval(timer));
}

/** One step; what is left waits for the next one. */
export function sweepJobs(store: Store, jobHours: number, now: number): void {
  const batch = store.batch();
  for (const { key } of store.range(JOBS_ENDED, { to: [now - jobHours * HOUR_MS], limit: STEP })) {
    batch.remove(JOBS_ENDED, key);
    batch.remove(JOBS, [key[1]!]);
  }
  let steps = 0;
  for (const { key, value } of store.range(REQUESTERS)) {
    if ((value as { expiresAt: number }).expiresAt > now) continue;
    batch.remove(REQUESTERS, key);
    if (++steps === STEP) break;
  }
  // What could not be removed is found again.
  if (!batch.empty) batch.commit(() => undefined);
}

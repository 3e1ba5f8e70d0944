import type { Json, Reply } from '@parley/shared';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'expired';

/** A command on its way, as `GET /api/jobs/:job` gives it. Times are ms since the Unix epoch. */
export interface Job {
  readonly id: string;
  readonly device: string;
  readonly command: string;
  readonly state: JobState;
  /** 0 to 1, as the device says. */
  readonly progress: number;
  /** When it is done; null for a device that gave none. */
  readonly result?: Json | undefined;
  /** When it failed or expired. */
  readonly error?: string | undefined;
  /** Who sent it. */
  readonly by: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When it expires if nothing more is heard. */
  readonly expiresAt: number;
  /** The time it has, from its begin and again from each progress. */
  readonly expirySeconds: number;
}

export function isOpen({ state }: Job): boolean {
  return state === 'queued' || state === 'running';
}

/** The job after a reply of its device. */
export function afterReply(job: Job, reply: Reply, now: number): Job {
  const base = { ...job, updatedAt: now };
  if ('progress' in reply) {
    return { ...base, state: 'running', progress: reply.progress, expiresAt: now + job.expirySeconds * 1000 };
  }
  if (reply.ok) return { ...base, state: 'done', progress: 1, result: reply.result ?? null };
  return { ...base, state: 'failed', error: reply.error };
}

export function expired(job: Job, now: number): Job {
  const error = job.state === 'queued' ? 'the device did not answer in time' : 'nothing more was heard in time';
  return { ...job, state: 'expired', error, updatedAt: now };
}

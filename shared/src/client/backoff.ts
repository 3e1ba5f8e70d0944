import type { Random } from './platform.ts';

export interface BackoffOptions {
  /** Ceiling of the first wait, doubled at each attempt. @default 500 */
  readonly baseMs?: number;
  /** Ceiling of every wait. @default 15_000 */
  readonly capMs?: number;
}

/**
 * Full jitter: anywhere between nothing and a ceiling that doubles, so that clients that lost the same hub do not come
 * back in step.
 * @param attempt 0 for the first
 * @returns milliseconds
 */
export function fullJitter(attempt: number, { baseMs = 500, capMs = 15_000 }: BackoffOptions, random: Random): number {
  return Math.round(random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 20)));
}

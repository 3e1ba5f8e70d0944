export interface BackoffOptions {
  /** Ceiling of the first wait, doubled at each attempt. @default 500 */
  readonly baseMs?: number;
  /** Ceiling of every wait. @default 10_000 */
  readonly capMs?: number;
  /** Shortest wait, so that a hub that closes at once is not hammered. @default 100 */
  readonly floorMs?: number;
  readonly random?: () => number;
}

/** Full-jitter back-off: anywhere between nothing and a ceiling that doubles, so that pages do not return in step. */
export function backoffMs(attempt: number, options: BackoffOptions = {}): number {
  const { baseMs = 500, capMs = 10_000, floorMs = 100, random = Math.random } = options;
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 16));
  return Math.round(Math.max(floorMs, random() * ceiling));
}

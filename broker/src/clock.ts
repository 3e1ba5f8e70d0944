/**
 * ms since the Unix epoch by a clock that nobody sets: what the wall clock showed when the process began, counted on from
 * there. Whatever lasts a while is timed by it, so that a wall clock put right, back or forward, ends nothing early and
 * keeps nothing for ever.
 */
export function steadyNow(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}

/** What the wall clock shows at a steady time; for what is kept over a restart, which begins with the wall clock again. */
export function toWallClock(time: number): number {
  return time + Date.now() - steadyNow();
}

/** The steady time at which the wall clock shows this, as long as nobody sets it. */
export function fromWallClock(time: number): number {
  return time - Date.now() + steadyNow();
}

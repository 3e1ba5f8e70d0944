/** Chance that a seed replays. */
export interface Dice {
  /** Uniform in [0, 1). */
  readonly next: () => number;
  /** A whole number from `least` to `most`, both inclusive. */
  readonly between: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  /** Another source with its own sequence, so that what one part draws does not depend on when others do. */
  readonly fork: () => Dice;
}

/** mulberry32: small, fast, good enough to make trouble. */
export function dice(seed: number): Dice {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    fork: () => dice(Math.floor(next() * 2 ** 32)),
  };
}

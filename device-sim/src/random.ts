/** Uniform in [0, 1), with 32 bits of resolution. */
export type Random = () => number;

/**
 * Random numbers that a seed replays exactly: xoshiro128** 1.1 (Blackman and Vigna, 2018). Each label has a stream of
 * its own, so that a device draws the same numbers whatever else runs beside it.
 */
export function seeded(seed: number, label = ''): Random {
  // Both words that come first out of the generator depend on seed and label; two hashes make 64 bits of difference.
  const [one, other] = [splitmix32(fnv1a(`${seed}/${label}`)), splitmix32(fnv1a(`${label}/${seed}`))];
  return xoshiro128ss(one(), one(), other(), other());
}

/** Uniform in [-width, width). */
export function around(random: Random, width: number): number {
  return (random() * 2 - 1) * width;
}

/** The generator itself, from a state of four 32-bit words that are not all zero. */
export function xoshiro128ss(a: number, b: number, c: number, d: number): Random {
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return (result >>> 0) / 2 ** 32;
  };
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Spreads a poor seed over whole words, as xoshiro's authors advise. */
function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

/** 32-bit FNV-1a over UTF-16 code units. */
function fnv1a(label: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < label.length; index++) {
    hash = Math.imul(hash ^ label.charCodeAt(index), 0x01000193);
  }
  return hash;
}

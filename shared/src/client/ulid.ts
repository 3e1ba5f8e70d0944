import type { Clock, Random } from './platform.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_CHARACTERS = 16;

/** ULIDs that only grow, also within one millisecond and when the clock is set back. */
export function ulidMaker(clock: Pick<Clock, 'now'>, random: Random): () => string {
  let time = 0;
  let digits: number[] = [];
  return () => {
    const now = clock.now();
    if (now > time || !increment(digits)) {
      time = Math.max(now, time + (now > time ? 0 : 1));
      digits = Array.from({ length: RANDOM_CHARACTERS }, () => Math.floor(random() * 32));
    }
    return encodeTime(time) + digits.map((digit) => ALPHABET[digit]).join('');
  };
}

/** @returns false when there is no next one in this millisecond */
function increment(digits: number[]): boolean {
  for (let index = digits.length - 1; index >= 0; index--) {
    if (digits[index]! < 31) {
      digits[index]!++;
      return true;
    }
    digits[index] = 0;
  }
  return false;
}

/** 48 bits in ten characters (https://github.com/ulid/spec). */
function encodeTime(time: number): string {
  let rest = time;
  let text = '';
  for (let index = 0; index < 10; index++) {
    text = ALPHABET[rest % 32]! + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

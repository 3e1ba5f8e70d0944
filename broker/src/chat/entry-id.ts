import { randomFillSync } from 'node:crypto';
import { ulid } from 'ulid';

/** ulid's own source asks the system for each of its sixteen characters, which took longer than the rest of an entry. */
const pool = Buffer.alloc(4096);
let at = pool.length;

/** A new ULID. */
export function entryId(): string {
  return ulid(undefined, random);
}

/** From 0, included, to 1; of a byte, as a character takes five bits of it. */
function random(): number {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  return pool[at++]! / 256;
}

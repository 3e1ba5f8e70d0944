const SLOTS = 2048;
const LONGEST = 128;
const PLUS = 0x2b;
const HASH = 0x23;

// Publishers repeat their topics, so the decoder gives the same string again: no new string, and its hash, which every
// map that is asked for it needs, is known. Bounded: SLOTS strings of LONGEST characters, 300 KB.
const slots: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
let latest = '';

/**
 * The topic name in `bytes[start, end)` if it is a plain one: short, of printable ASCII, without wildcards. Any other, and
 * the empty name, is undefined: the caller has to look closer.
 */
export function findTopic(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start > LONGEST || end === start) return undefined;
  if (equals(latest, bytes, start, end)) return latest;
  let hash = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte < 0x20 || byte > 0x7e || byte === PLUS || byte === HASH) return undefined;
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const known = slots[slot];
  if (known !== undefined && equals(known, bytes, start, end)) return (latest = known);
  return (latest = slots[slot] = bytes.toString('latin1', start, end));
}

function equals(text: string, bytes: Buffer, start: number, end: number): boolean {
  const { length } = text;
  if (length !== end - start) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

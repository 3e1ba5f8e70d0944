import type { Random } from '../random.ts';

/** Breaks a payload so that no reader of text, JSON or CBOR takes it: one byte becomes 0xff, which UTF-8 never has. */
export function corrupted(payload: Uint8Array, random: Random): Uint8Array {
  const broken = Uint8Array.from(payload);
  // The first byte always: it says what CBOR is to come.
  broken[0] = 0xff;
  broken[Math.floor(random() * broken.length)] = 0xff;
  return broken;
}

/** Padded with spaces, which JSON allows around a value. */
export function padded(payload: Uint8Array, bytes: number): Uint8Array {
  if (payload.length >= bytes) return payload;
  const whole = new Uint8Array(bytes).fill(0x20);
  whole.set(payload);
  return whole;
}

import { StoreError } from './errors.ts';

/**
 * Key of a table row: strings and safe integers, compared element by element. Integers come before strings and are
 * compared as numbers, strings by their UTF-8 bytes, and a key comes before every longer key that begins with it.
 */
export type Key = readonly (string | number)[];

/**
 * Bytes of table name and key together, as {@link encodeKey} makes them: roughly the UTF-8 bytes plus 2 per element, 1–8
 * for an integer. LMDB stops at 1978; topics and client ids may be longer, so hash them ({@link shorten}).
 */
export const MAX_KEY_BYTES = 1900;

const END = '\x00';
/** After an {@link END}: the NUL was part of the string. */
const ESCAPE = '\xff';
const STRING = '\x20';
/** Tag of the integer 0; n bytes follow a tag of `ZERO + n` or, complemented, of `ZERO - n`. */
const ZERO = 0x10;
const MAX_BYTES = 7;
/** Above every element that can follow. */
const LAST = '\xff';

// oxlint-disable-next-line no-control-regex -- exactly the characters that stand for themselves
const PLAIN = /^[\x01-\x7f]*$/;

/**
 * Encodes a key so that byte order is key order. The bytes are held in a string of one character each (latin1): it is
 * compared, hashed and built faster than a Buffer.
 */
export function encodeKey(table: string, key: Key): string {
  let encoded = encodeText(table);
  for (const element of key) encoded += typeof element === 'string' ? STRING + encodeText(element) : encodeInt(element);
  if (encoded.length > MAX_KEY_BYTES) throw new StoreError('store-key', `a key of table ${table} is too long`);
  return encoded;
}

/** The least encoded key after `encoded` and everything that begins with it. */
export function afterPrefix(encoded: string): string {
  return encoded + LAST;
}

export function decodeKey(encoded: string): { table: string; key: Key } {
  const reader = new KeyReader(encoded);
  const table = reader.text();
  const key: (string | number)[] = [];
  while (!reader.done) key.push(reader.element());
  return { table, key };
}

function encodeText(text: string): string {
  if (PLAIN.test(text)) return text + END;
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return (bytes.includes(END) ? bytes.replaceAll(END, END + ESCAPE) : bytes) + END;
}

function encodeInt(value: number): string {
  if (!Number.isSafeInteger(value)) throw new StoreError('store-key', `${value} is not a safe integer`);
  let rest = Math.abs(value);
  let bytes = '';
  for (; rest > 0; rest = Math.floor(rest / 256)) {
    bytes = String.fromCharCode(value < 0 ? 0xff - (rest % 256) : rest % 256) + bytes;
  }
  return String.fromCharCode(value < 0 ? ZERO - bytes.length : ZERO + bytes.length) + bytes;
}

class KeyReader {
  readonly #bytes: string;
  #at = 0;

  constructor(bytes: string) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  element(): string | number {
    if (this.#bytes[this.#at] !== STRING) return this.#int();
    this.#at++;
    return this.text();
  }

  text(): string {
    const start = this.#at;
    let end = this.#bytes.indexOf(END, start);
    while (end >= 0 && this.#bytes[end + 1] === ESCAPE) end = this.#bytes.indexOf(END, end + 2);
    if (end < 0) throw new StoreError('store-corrupt', 'a key is cut off');
    this.#at = end + 1;
    const bytes = this.#bytes.slice(start, end);
    if (PLAIN.test(bytes)) return bytes;
    return Buffer.from(bytes.replaceAll(END + ESCAPE, END), 'latin1').toString('utf8');
  }

  #int(): number {
    const length = this.#bytes.charCodeAt(this.#at++) - ZERO;
    const size = Math.abs(length);
    if (!(size <= MAX_BYTES)) throw new StoreError('store-corrupt', 'a key has an unknown element');
    let value = 0;
    for (let i = 0; i < size; i++) {
      const byte = this.#bytes.charCodeAt(this.#at++);
      value = value * 256 + (length < 0 ? 0xff - byte : byte);
    }
    return length < 0 ? -value : value;
  }
}

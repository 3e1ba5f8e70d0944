import { decode, encode } from 'cborg';
import type { DecodeOptions, EncodeOptions, TagDecodeControl } from 'cborg';
import type { Codec } from './codec.ts';
import { guarded } from './guarded.ts';

/** What CBOR carries here: JSON's values and byte strings; map keys may be integers, as SenML's labels are. */
export type CborValue =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly CborValue[]
  | { readonly [key: string]: CborValue }
  | ReadonlyMap<CborValue, CborValue>;

/**
 * CBOR (RFC 8949), one item a payload. Maps decode to `Map`, so that no key can name a prototype. Of the tags it reads
 * decimal fractions, which SenML may use (RFC 8428 §6), as numbers, and writes none.
 */
export const cbor: Codec<CborValue> = {
  contentType: 'application/cbor',
  encode: (value) => guarded('value has no CBOR form', () => encode(value, { typeEncoders })),
  decode: (bytes) => guarded('payload is not CBOR', () => decode(bytes, options) as CborValue),
};

const options: DecodeOptions = { useMaps: true, rejectDuplicateMapKeys: true, tags: { 4: decimalFraction } };

/** Without this a lone surrogate would be written as U+FFFD: another text than was given. */
const typeEncoders: NonNullable<EncodeOptions['typeEncoders']> = {
  string: (value) => {
    if (String(value).isWellFormed()) return null;
    throw new Error('a lone surrogate has no UTF-8 form');
  },
};

/** [exponent, mantissa] of ten (RFC 8949 §3.4.4), rounded as the same number written in JSON would be. */
function decimalFraction(content: TagDecodeControl): number {
  const parts = content();
  if (Array.isArray(parts) && parts.length === 2 && parts.every(isInteger)) return Number(`${parts[1]}e${parts[0]}`);
  throw new Error('decimal fraction is not two integers');
}

function isInteger(value: unknown): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value);
}

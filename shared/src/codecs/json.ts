import { ParleyError } from '../errors.ts';
import type { Codec } from './codec.ts';
import { guarded } from './guarded.ts';
import { text } from './text.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Levels of arrays and objects that are taken, in a value and in a payload, which wraps values. Parsing has no such
 * limit, but walking and printing do: a payload of `[[[[…` that got in would overflow the stack where it is handled next.
 */
const maxDepth = { value: 100, payload: 128 };

/** JSON (RFC 8259) in UTF-8. */
export const json: Codec<Json> = {
  contentType: 'application/json',
  encode: (value) => text.encode(guarded('value has no JSON form', () => JSON.stringify(value))),
  decode: (bytes) => parseJson(text.decode(bytes)),
};

/** @throws ParleyError `payload-invalid` with the parser's own words */
export function parseJson(source: string): Json {
  const value = guarded('payload is not JSON', () => JSON.parse(source) as unknown);
  if (isJson(value, maxDepth.payload)) return value;
  throw new ParleyError('payload-invalid', `payload is JSON of more than ${maxDepth.payload} levels`);
}

/** The value, of any depth; undefined when it does not parse. */
export function tryJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

/** Whether a value is JSON's, of no more levels than are taken. */
export function isJson(value: unknown, levels = maxDepth.value): value is Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || levels === 0) return false;
  return Object.values(value).every((one) => isJson(one, levels - 1));
}

export function isJsonObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

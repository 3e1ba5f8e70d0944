import { toHex } from '@parley/shared';
import type { CborValue } from '@parley/shared';

/** Levels that are written out; each is indented further than the one above. */
const DEPTH = 100;

/**
 * CBOR in its diagnostic notation (RFC 8949 §8): like JSON, with h'…' for bytes and keys of any kind.
 * @throws Error when it nests too deeply to be read
 */
export function cborText(value: CborValue, indent = ''): string {
  if (indent.length > DEPTH * 2) throw new Error(`payload is CBOR of more than ${DEPTH} levels`);
  if (value instanceof Uint8Array) return `h'${toHex(value)}'`;
  if (Array.isArray(value)) {
    return block(
      '[',
      ']',
      (value as readonly CborValue[]).map((one) => cborText(one, `${indent}  `)),
      indent,
    );
  }
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<CborValue, CborValue>)];
    const lines = entries.map(([key, one]) => `${cborText(key, `${indent}  `)}: ${cborText(one, `${indent}  `)}`);
    return block('{', '}', lines, indent);
  }
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  return `${value as bigint | boolean | number | null | undefined}`;
}

function block(open: string, close: string, lines: readonly string[], indent: string): string {
  if (lines.length === 0) return open + close;
  return `${open}\n${lines.map((line) => `${indent}  ${line}`).join(',\n')}\n${indent}${close}`;
}

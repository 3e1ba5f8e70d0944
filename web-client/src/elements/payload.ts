import { json, text } from '@parley/shared';

export type Format = 'text' | 'json' | 'hex';

/** What a payload can be shown as; choosing is open, nothing is guessed into another shape. */
export function shownAs(payload: Uint8Array, format: Format): string {
  if (format === 'hex') return toHex(payload);
  if (format === 'json') return toJson(payload);
  return toText(payload) ?? 'Not UTF-8 text. Look at it as hex.';
}

/** The first tab for a payload: text when it is text. */
export function naturalFormat(payload: Uint8Array): Format {
  if (toText(payload) === undefined) return 'hex';
  return isJson(payload) ? 'json' : 'text';
}

/** One line for a list. */
export function previewOf(payload: Uint8Array): string {
  const start = payload.subarray(0, 400);
  // A cut may split the last character: that alone does not make it binary.
  const whole = start.length < payload.length ? start.subarray(0, lastWhole(start)) : start;
  const source = toText(whole);
  if (source !== undefined) return source.replaceAll(/\s+/g, ' ');
  return Array.from(start.subarray(0, 32), byteOf).join(' ');
}

function lastWhole(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1]! & 0xc0) === 0x80) end--;
  return Math.max(0, end - 1);
}

function toText(payload: Uint8Array): string | undefined {
  try {
    return text.decode(payload);
  } catch {
    return undefined;
  }
}

function isJson(payload: Uint8Array): boolean {
  try {
    const value = json.decode(payload);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function toJson(payload: Uint8Array): string {
  try {
    return JSON.stringify(json.decode(payload), null, 2);
  } catch (error) {
    return (error as Error).message;
  }
}

/** Sixteen bytes a line: offset, bytes, what is printable of them. */
function toHex(payload: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < payload.length; at += 16) {
    const bytes = [...payload.subarray(at, at + 16)];
    const printable = bytes.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${bytes.map(byteOf).join(' ').padEnd(47)}  ${printable}`);
  }
  return lines.join('\n');
}

function byteOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

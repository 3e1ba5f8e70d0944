const WIDTH = 16;

/** Bytes as two hex digits each. */
export function toHex(bytes: Uint8Array, between = ''): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(between);
}

/** Bytes of hex digits, with white space between them at will; undefined when it is something else. */
export function fromHex(source: string): Uint8Array | undefined {
  const digits = source.replaceAll(/\s+/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/**
 * Sixteen bytes a line: offset, bytes, and what of them is printable ASCII.
 * @param most bytes shown; what follows is left out
 */
export function hexDump(bytes: Uint8Array, most = bytes.length): string {
  const shown = bytes.subarray(0, most);
  const digits = Math.max(4, Math.max(0, shown.length - 1).toString(16).length);
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += WIDTH) {
    const line = shown.subarray(at, at + WIDTH);
    const printable = Array.from(line, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'));
    const offset = at.toString(16).padStart(digits, '0');
    lines.push(`${offset}  ${toHex(line, ' ').padEnd(WIDTH * 3 - 1)}  ${printable.join('')}`);
  }
  return lines.join('\n');
}

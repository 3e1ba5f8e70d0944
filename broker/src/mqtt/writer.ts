const LONGEST_TEXT = 65_535;

/** Up to this many characters a loop is faster than the call into Node that encodes. */
const SHORT_TEXT = 16;

/** Bytes of a Variable Byte Integer (v5 §1.5.5), as few as it needs [MQTT-1.5.5-1]. */
export function variableBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x20_0000 ? 3 : 4;
}

/** Each writer returns where the next one starts. */
export function writeVariable(into: Buffer, at: number, value: number): number {
  let next = at;
  let rest = value;
  while (rest >= 0x80) {
    into[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  into[next++] = rest;
  return next;
}

export function writeUint16(into: Buffer, at: number, value: number): number {
  into[at] = value >>> 8;
  into[at + 1] = value;
  return at + 2;
}

/** Bytes of a text without its length. @throws RangeError when they do not fit the length (§1.5.3, §1.5.4). */
export function textBytes(text: string): number {
  return isShortAscii(text) ? text.length : fitting(Buffer.byteLength(text));
}

export function writeText(into: Buffer, at: number, text: string): number {
  const start = at + 2;
  const length = isShortAscii(text) ? writeAscii(into, start, text) : into.write(text, start);
  writeUint16(into, at, length);
  return start + length;
}

function writeAscii(into: Buffer, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
  return text.length;
}

function isShortAscii(text: string): boolean {
  if (text.length > SHORT_TEXT) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** Bytes of Binary Data without their length. @throws RangeError */
export function binaryBytes(data: Uint8Array): number {
  return fitting(data.length);
}

export function writeBinary(into: Buffer, at: number, data: Uint8Array): number {
  into.set(data, writeUint16(into, at, data.length));
  return at + 2 + data.length;
}

function fitting(length: number): number {
  if (length > LONGEST_TEXT) throw new RangeError(`a field of ${length} bytes is longer than ${LONGEST_TEXT}`);
  return length;
}

import { isUtf8 } from 'node:buffer';

// Code points a sender SHOULD NOT use and a receiver MAY refuse (v3.1.1 §1.5.3, v5 §1.5.4): controls and noncharacters.
// oxlint-disable-next-line no-control-regex -- the controls are the point
const DISCOURAGED = /[\u0001-\u001f\u007f-\u009f\ufdd0-\ufdef]|\p{Noncharacter_Code_Point}/u;

export function hasDiscouragedCharacters(text: string): boolean {
  return DISCOURAGED.test(text);
}

/**
 * The text of `bytes[start, end)`, or undefined when it is not what MQTT calls a UTF-8 Encoded String: ill-formed, with
 * surrogates or overlong forms (v3.1.1 [MQTT-1.5.3-1], v5 [MQTT-1.5.4-1]), or with U+0000 ([MQTT-1.5.3-2], [MQTT-1.5.4-2]).
 * A leading U+FEFF stays ([MQTT-1.5.3-3], [MQTT-1.5.4-3]).
 */
export function decodeText(bytes: Buffer, start: number, end: number): string | undefined {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === 0) return undefined;
    if (byte >= 0x80) return decodeWide(bytes, start, end);
  }
  return bytes.toString('latin1', start, end);
}

function decodeWide(bytes: Buffer, start: number, end: number): string | undefined {
  const part = bytes.subarray(start, end);
  return isUtf8(part) && !part.includes(0) ? part.toString() : undefined;
}

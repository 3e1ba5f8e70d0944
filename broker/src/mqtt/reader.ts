import { protocolError, malformed } from './protocol-error.ts';
import { decodeText, hasDiscouragedCharacters } from './utf8.ts';

const FORM = 'v3.1.1 MQTT-4.8.0-1, v5 MQTT-4.13.1-1';
const TEXT = 'v3.1.1 MQTT-1.5.3-1 MQTT-1.5.3-2, v5 MQTT-1.5.4-1 MQTT-1.5.4-2';

/** A cursor over the body of one packet; every read throws a ProtocolError rather than pass the end. */
export class Reader {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  end = 0;
  /** Refuse what a receiver MAY refuse in text: control characters and noncharacters. */
  refuseDiscouraged = false;

  reset(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  byte(): number {
    if (this.at >= this.end) throw short();
    return this.bytes[this.at++]!;
  }

  uint16(): number {
    const { at, bytes } = this;
    if (at + 2 > this.end) throw short();
    this.at = at + 2;
    return (bytes[at]! << 8) | bytes[at + 1]!;
  }

  uint32(): number {
    return this.uint16() * 0x1_0000 + this.uint16();
  }

  /** Variable Byte Integer (v5 §1.5.5). */
  variable(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        // v5 [MQTT-1.5.5-1]: as few bytes as the value needs.
        if (byte === 0 && shift > 0)
          throw malformed('v5 MQTT-1.5.5-1', 'a Variable Byte Integer is longer than needed');
        return value;
      }
    }
    throw malformed('v5 §1.5.5', 'a Variable Byte Integer has more than four bytes');
  }

  /** Binary Data (v5 §1.5.6): a view, not a copy. */
  binary(): Buffer {
    const length = this.uint16();
    const start = this.at;
    if (start + length > this.end) throw short();
    this.at = start + length;
    return this.bytes.subarray(start, start + length);
  }

  /** UTF-8 Encoded String (v3.1.1 §1.5.3, v5 §1.5.4). */
  text(): string {
    const length = this.uint16();
    const start = this.at;
    if (start + length > this.end) throw short();
    this.at = start + length;
    return this.check(decodeText(this.bytes, start, this.at));
  }

  /** What a decoded text must be. */
  check(text: string | undefined): string {
    if (text === undefined) throw malformed(TEXT, 'a text is not well-formed UTF-8 or has U+0000');
    if (this.refuseDiscouraged && hasDiscouragedCharacters(text)) {
      throw malformed('v3.1.1 §1.5.3, v5 §1.5.4', 'a text has a control character or a noncharacter');
    }
    return text;
  }

  /** Packet Identifier; 0 is none (v3.1.1 [MQTT-2.3.1-1], v5 [MQTT-2.2.1-3]). */
  packetId(): number {
    const id = this.uint16();
    if (id === 0) throw protocolError('v3.1.1 MQTT-2.3.1-1, v5 MQTT-2.2.1-3', 'packet identifier 0');
    return id;
  }

  /** The packet must end here. */
  finish(): void {
    if (this.at !== this.end) throw malformed(FORM, `${this.end - this.at} bytes too many in a packet`);
  }
}

export function short(): Error {
  return malformed(FORM, 'a packet ends before its fields do');
}

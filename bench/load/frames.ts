import { randomBytes } from 'node:crypto';
import type { PacketReader } from './packet-reader.ts';

/** RFC 6455 §4.1: the request that turns a connection into a WebSocket. */
export function upgradeRequest(port: number): string {
  return [
    'GET /mqtt HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: mqtt',
    '\r\n',
  ].join('\r\n');
}

/**
 * One binary frame of a client. Its mask is zero, which RFC 6455 §5.3 does not forbid and which leaves the payload as it is:
 * the broker has the work of unmasking, the load has none of masking.
 */
export function frame(payload: Buffer): Buffer {
  const { length } = payload;
  if (length > 0xffff) throw new Error('the load writes frames of up to 64 KiB');
  const header =
    length < 126 ? Buffer.from([0x82, 0x80 | length]) : Buffer.from([0x82, 0xfe, length >> 8, length & 0xff]);
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}

/** Takes the frames of a server apart and passes their payloads on; control frames are passed over. */
export class FrameReader {
  readonly #packets: PacketReader;
  readonly #header = Buffer.alloc(10);
  #headerBytes = 0;
  #left = 0; // bytes of the current frame still to come
  #data = false;

  constructor(packets: PacketReader) {
    this.#packets = packets;
  }

  push(bytes: Buffer, from: number, to: number): void {
    let at = from;
    while (at < to) {
      if (this.#left === 0) {
        this.#header[this.#headerBytes++] = bytes[at++]!;
        this.#endHeader();
        continue;
      }
      const end = Math.min(to, at + this.#left);
      if (this.#data) this.#packets.push(bytes, at, end);
      this.#left -= end - at;
      at = end;
    }
  }

  #endHeader(): void {
    const header = this.#header;
    const short = header[1]! & 0x7f;
    const size = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (this.#headerBytes < 2 || this.#headerBytes < size) return;
    this.#headerBytes = 0;
    this.#data = (header[0]! & 0x0f) <= 2;
    this.#left = short;
    if (short === 126) this.#left = header.readUInt16BE(2);
    if (short === 127) this.#left = Number(header.readBigUInt64BE(2));
  }
}

import { randomBytes } from 'node:crypto';

/** Run (8 bytes), stream, number in it, and when it was sent in ms of this process's clock. */
export const HEADER_BYTES = 24;

export interface Stamp {
  readonly stream: number;
  readonly number: number;
  /** As `performance.now()` gave it. */
  readonly sentAt: number;
}

/** Payloads of one run: a header that says which message it is, and filling. */
export class Payloads {
  readonly run: string;
  readonly #tag: Buffer;
  readonly #size: number;

  /** @param size bytes of each, at least {@link HEADER_BYTES} */
  constructor(size: number) {
    this.#tag = randomBytes(8);
    this.run = this.#tag.toString('hex').slice(0, 8);
    this.#size = Math.max(HEADER_BYTES, size);
  }

  write({ stream, number, sentAt }: Stamp): Buffer {
    const payload = Buffer.alloc(this.#size);
    this.#tag.copy(payload);
    payload.writeUInt32LE(stream, 8);
    payload.writeUInt32LE(number, 12);
    payload.writeDoubleLE(sentAt, 16);
    return payload;
  }

  /** Undefined for a message that is not of this run. */
  read(payload: Buffer): Stamp | undefined {
    if (payload.length < HEADER_BYTES || this.#tag.compare(payload, 0, 8) !== 0) return undefined;
    return { stream: payload.readUInt32LE(8), number: payload.readUInt32LE(12), sentAt: payload.readDoubleLE(16) };
  }
}

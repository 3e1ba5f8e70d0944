const START_BYTES = 4096;

/** Writes fields one after the other; {@link take} gives a copy of them and begins anew. */
export class Packer {
  #bytes = Buffer.allocUnsafeSlow(START_BYTES);
  #at = 0;

  byte(value: number): this {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
    return this;
  }

  /** A number from 0 to 2^53 in 7 bits a byte. */
  varint(value: number): this {
    this.#reserve(8);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
    this.#bytes[this.#at++] = rest;
    return this;
  }

  double(value: number): this {
    this.#reserve(8);
    this.#at = this.#bytes.writeDoubleBE(value, this.#at);
    return this;
  }

  text(value: string): this {
    const length = Buffer.byteLength(value);
    this.varint(length).#reserve(length);
    this.#at += this.#bytes.write(value, this.#at);
    return this;
  }

  bytes(value: Uint8Array): this {
    return this.varint(value.length).rest(value);
  }

  /** What follows to the end, without its length. */
  rest(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
    return this;
  }

  take(): Buffer {
    const packed = Buffer.from(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    if (this.#bytes.length > START_BYTES * 16) this.#bytes = Buffer.allocUnsafeSlow(START_BYTES);
    return packed;
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + more));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}

/** Reads what a {@link Packer} wrote; throws a RangeError past the end. */
export class Unpacker {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#at++);
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  double(): number {
    this.#at += 8;
    return this.#bytes.readDoubleBE(this.#at - 8);
  }

  text(): string {
    return this.#take(this.varint()).toString();
  }

  bytes(): Buffer {
    return this.#take(this.varint());
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  #take(length: number): Buffer {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError('a value is cut off');
    return this.#bytes.subarray(start, this.#at);
  }
}

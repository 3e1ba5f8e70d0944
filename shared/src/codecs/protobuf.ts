import { ParleyError } from '../errors.ts';
import { text } from './text.ts';

/** How a field of the Protocol Buffers wire format is written: varint, 8 bytes, length and bytes, 4 bytes. */
export type Wire = 0 | 1 | 2 | 5;

/** One field as it stands in the bytes; varints and fixed numbers are unsigned here. */
export interface WireField {
  readonly number: number;
  readonly wire: Wire;
  readonly value: bigint | Uint8Array;
}

/**
 * The fields of one message, in the order of the bytes. Groups (wire types 3 and 4), long gone from the format, are refused.
 * @throws ParleyError `payload-invalid`
 */
export function wireFields(bytes: Uint8Array): WireField[] {
  const reader = new WireReader(bytes);
  const fields: WireField[] = [];
  while (!reader.isDone) fields.push(reader.field());
  return fields;
}

/** The bytes of a field as UTF-8 text. @throws ParleyError `payload-invalid` */
export function wireText(field: WireField): string {
  return text.decode(wireBytes(field));
}

/** @throws ParleyError `payload-invalid` */
export function wireBytes({ number, value }: WireField): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw malformed(`field ${number} is a number where bytes are due`);
}

/** A varint, unsigned. @throws ParleyError `payload-invalid` */
export function wireVarint({ number, wire, value }: WireField): bigint {
  if (wire === 0) return value as bigint;
  throw malformed(`field ${number} is no varint`);
}

/** IEEE 754 of 4 or 8 bytes. @throws ParleyError `payload-invalid` */
export function wireFloat({ number, wire, value }: WireField, size: 4 | 8): number {
  if (wire !== (size === 4 ? 5 : 1)) throw malformed(`field ${number} is no ${size === 4 ? 'float' : 'double'}`);
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value as bigint, true);
  return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at === this.#bytes.length;
  }

  field(): WireField {
    const key = this.#varint();
    const [number, wire] = [Number(key >> 3n), Number(key & 7n)];
    if (number < 1 || number > 0x1fff_ffff) throw malformed(`field number ${number}`);
    if (wire === 0) return { number, wire, value: this.#varint() };
    if (wire === 1) return { number, wire, value: this.#fixed(8) };
    if (wire === 5) return { number, wire, value: this.#fixed(4) };
    if (wire === 2) return { number, wire, value: this.#take(Number(this.#varint())) };
    throw malformed(`wire type ${wire}`);
  }

  /** At most ten bytes, and no more than 64 bits. */
  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#take(1)[0]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value <= 0xffff_ffff_ffff_ffffn ? value : this.#tooLong();
    }
    return this.#tooLong();
  }

  #tooLong(): never {
    throw malformed('a varint of more than 64 bits');
  }

  #fixed(size: number): bigint {
    return this.#take(size).reduceRight<bigint>((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed('it ends within a field');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

function malformed(what: string): ParleyError {
  return new ParleyError('payload-invalid', `payload is not Protocol Buffers: ${what}`);
}

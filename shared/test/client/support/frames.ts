/** Packet types by the high half of the first byte (MQTT 3.1.1 §2.2.1). */
export const packetType = { puback: 4, suback: 9 };

/** Cuts a stream of MQTT into packets, whatever the chunks it comes in. */
export class Frames {
  #rest = Buffer.alloc(0);

  /** @returns the packets that are complete now */
  push(chunk: Buffer): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const packets: Buffer[] = [];
    for (
      let size = packetSize(this.#rest);
      size !== undefined && this.#rest.length >= size;
      size = packetSize(this.#rest)
    ) {
      packets.push(this.#rest.subarray(0, size));
      this.#rest = this.#rest.subarray(size);
    }
    return packets;
  }
}

/** From the fixed header: one byte, then the remaining length in seven bits a byte (§2.2.3). */
function packetSize(bytes: Buffer): number | undefined {
  let length = 0;
  for (let index = 1; index < Math.min(bytes.length, 5); index++) {
    const byte = bytes[index]!;
    length += (byte & 0x7f) * 128 ** (index - 1);
    if (byte < 0x80) return length + index + 1;
  }
  return undefined;
}

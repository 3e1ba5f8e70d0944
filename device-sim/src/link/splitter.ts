/** Far above what any topic of ours carries; a broker that announces more is not believed. */
const longestPacket = 64 * 1024 * 1024;

/** Cuts a stream of bytes into whole packets (§2.2.3). What it gives out is only valid until the call returns. */
export class PacketSplitter {
  #rest: Buffer | undefined;

  /** @throws Error for a length that is malformed or unbelievable */
  push(chunk: Buffer, take: (packet: Buffer) => void): void {
    let bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = undefined;
    for (;;) {
      const length = packetLength(bytes);
      if (length === undefined || length > bytes.length) break;
      take(bytes.subarray(0, length));
      bytes = bytes.subarray(length);
    }
    // A copy: the chunk's memory is read into again.
    if (bytes.length > 0) this.#rest = Buffer.from(bytes);
  }
}

/** Of the whole packet that begins here; undefined when its length is not there yet. */
function packetLength(bytes: Buffer): number | undefined {
  let length = 0;
  for (let at = 1, unit = 1; at < bytes.length; at++, unit *= 128) {
    length += (bytes[at]! & 0x7f) * unit;
    if (length > longestPacket || at > 4) throw new Error('the broker sent a packet of a malformed length');
    if (bytes[at]! < 128) return 1 + at + length;
  }
  return undefined;
}

/** @param start first byte behind the fixed header @param end first byte behind the packet */
export type PacketHandler = (first: number, bytes: Buffer, start: number, end: number) => void;

/** Longest packet the load can receive; what it sends is far shorter. */
const MAX_PACKET_BYTES = 1024;

/** Cuts a stream into packets, reading nothing but their fixed headers, and copying only what a chunk cuts in two. */
export class PacketReader {
  onPacket: PacketHandler = () => undefined;
  #held: Buffer | undefined;
  #heldBytes = 0;

  push(bytes: Buffer, from: number, to: number): void {
    let at = this.#heldBytes > 0 ? this.#completeHeld(bytes, from, to) : from;
    while (at < to) {
      const end = this.#take(bytes, at, to);
      if (end < 0) break;
      at = end;
    }
    if (at < to) this.#hold(bytes, at, to);
  }

  /** Hands over the packet at `at`. @returns its end, or -1 when it is not complete yet */
  #take(bytes: Buffer, at: number, to: number): number {
    if (to - at < 2) return -1;
    let length = bytes[at + 1]!;
    let start = at + 2;
    if (length > 127) {
      if (to - at < 3) return -1;
      length = (length & 127) | (bytes[at + 2]! << 7);
      start = at + 3;
    }
    const end = start + length;
    if (end > to) return -1;
    this.onPacket(bytes[at]!, bytes, start, end);
    return end;
  }

  #hold(bytes: Buffer, from: number, to: number): void {
    this.#held ??= Buffer.allocUnsafeSlow(MAX_PACKET_BYTES);
    if (this.#heldBytes + to - from > MAX_PACKET_BYTES) throw new Error('a packet longer than any that was sent');
    bytes.copy(this.#held, this.#heldBytes, from, to);
    this.#heldBytes += to - from;
  }

  /** Completes the packet that the last chunk began. @returns where the next one starts */
  #completeHeld(bytes: Buffer, from: number, to: number): number {
    const before = this.#heldBytes;
    const upTo = Math.min(to, from + MAX_PACKET_BYTES - before);
    this.#hold(bytes, from, upTo);
    const end = this.#take(this.#held!, 0, this.#heldBytes);
    if (end < 0) return upTo;
    this.#heldBytes = 0;
    return from + end - before;
  }
}

/** Bytes of one packet, shared by all who get it; only the packet id differs and is patched into each copy. */
export interface Packed {
  readonly head: Buffer;
  /** A large payload, which is never copied; undefined when `head` is the whole packet. */
  readonly tail: Buffer | undefined;
  /** Where the packet id stands in `head`; 0 for none. */
  readonly idAt: number;
  /** Of head and tail. */
  readonly length: number;
}

/** An encoded packet without a packet id to patch. */
export function pack(bytes: Buffer): Packed {
  return { head: bytes, tail: undefined, idAt: 0, length: bytes.length };
}

/** Packet ids have 16 bits; this one above them says that DUP is to be set as well [MQTT-3.3.1-1]. */
export const DUP = 0x10000;

const DUP_FLAG = 0x08;

/** Copies a packet's head and patches its packet id and DUP flag; returns where the next one goes. */
export function copyPacked(packed: Packed, idAndDup: number, into: Buffer, at: number): number {
  const { head, idAt } = packed;
  into.set(head, at);
  if (idAt > 0) {
    into[at + idAt] = (idAndDup >> 8) & 0xff;
    into[at + idAt + 1] = idAndDup & 0xff;
    if (idAndDup >= DUP) into[at] = head[0]! | DUP_FLAG;
  }
  return at + head.length;
}

import type { Packed } from './packed.ts';
import { PacketType } from './packets.ts';

/** Acknowledgements without a reason: four bytes, the same in every version, with the packet id patched into a copy. */
function short(first: number): Packed {
  return { head: Buffer.from([first, 2, 0, 0]), tail: undefined, idAt: 2, length: 4 };
}

export const PUBACK = short(PacketType.puback << 4);
export const PUBREC = short(PacketType.pubrec << 4);
export const PUBREL = short((PacketType.pubrel << 4) | 2);
export const PUBCOMP = short(PacketType.pubcomp << 4);
export const PINGRESP: Packed = {
  head: Buffer.from([PacketType.pingresp << 4, 0]),
  tail: undefined,
  idAt: 0,
  length: 2,
};

import { encode } from '../../src/mqtt/encode.ts';
import { encodeProperties } from '../../src/mqtt/encode-properties.ts';
import { packPublish } from '../../src/mqtt/encode-publish.ts';
import { copyPacked, DUP } from '../../src/mqtt/packed.ts';
import { PacketType, type ProtocolVersion, type PublishPacket, type ServerPacket } from '../../src/mqtt/packets.ts';

/** Any packet of a server as one client gets it. */
export function encodeAny(packet: ServerPacket | PublishPacket, version: ProtocolVersion): Buffer {
  return packet.type === PacketType.publish ? encodePublish(packet, version) : encode(packet, version);
}

function encodePublish({ packetId, dup, ...packet }: PublishPacket, version: ProtocolVersion): Buffer {
  const properties = version === 5 ? encodeProperties(packet.properties ?? {}) : undefined;
  const packed = packPublish({ ...packet, properties });
  const head = Buffer.alloc(packed.head.length);
  copyPacked(packed, packetId | (dup ? DUP : 0), head, 0);
  return packed.tail ? Buffer.concat([head, packed.tail]) : head;
}

import { type LooseProperties, propertiesBytes, writeProperties } from './encode-properties.ts';
import { type ConnackPacket, PacketType, type ProtocolVersion, type ServerPacket } from './packets.ts';
import { SUBACK_FAILURE } from './reason.ts';
import { variableBytes, writeUint16, writeVariable } from './writer.ts';

const PINGRESP = Buffer.from([PacketType.pingresp << 4, 0]);
const NOTHING = Buffer.alloc(0);
const PUBREL_FLAGS = 2;

/**
 * The bytes of one packet but PUBLISH for a client of `version`. DISCONNECT and AUTH give none in 3.x, whose servers do not send
 * them. A reason string and user properties that would pass the client's Maximum Packet Size are left out [MQTT-3.2.2-19],
 * [MQTT-3.2.2-20], [MQTT-3.4.2-2], [MQTT-3.14.2-3] and their kin; what is still longer the caller must not send [MQTT-3.1.2-24].
 * The bytes may be shared: do not write to them.
 */
export function encode(packet: ServerPacket, version: ProtocolVersion, maximumPacketSize = Infinity): Buffer {
  switch (packet.type) {
    case PacketType.puback:
    case PacketType.pubrec:
    case PacketType.pubcomp:
      return encodeAnswer(packet.type << 4, packet, version, maximumPacketSize);
    case PacketType.pubrel:
      // [MQTT-3.6.1-1]
      return encodeAnswer((packet.type << 4) | PUBREL_FLAGS, packet, version, maximumPacketSize);
    case PacketType.connack:
      return encodeConnack(packet, version, maximumPacketSize);
    case PacketType.suback:
    case PacketType.unsuback:
      return encodeList(packet.type, packet, version, maximumPacketSize);
    case PacketType.pingresp:
      return PINGRESP;
    default:
      return version === 5 ? encodeEnd(packet.type, packet, maximumPacketSize) : NOTHING;
  }
}

/** PUBACK, PUBREC, PUBREL and PUBCOMP in their short form, which is the whole of them in 3.x. */
function shortAck(first: number, packetId: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes[0] = first;
  bytes[1] = 2;
  writeUint16(bytes, 2, packetId);
  return bytes;
}

interface Answer {
  readonly packetId: number;
  readonly reasonCode: number;
  readonly properties: LooseProperties | undefined;
}

function encodeAnswer(first: number, answer: Answer, version: ProtocolVersion, maximum: number): Buffer {
  const { packetId, reasonCode } = answer;
  const properties = version === 5 ? fit(answer.properties, 3, maximum) : undefined;
  if (version !== 5 || (reasonCode === 0 && !properties)) return shortAck(first, packetId);
  // v5 §3.4.2.2.1: no properties need no length.
  const bytes = start(first, 3, properties ?? SILENT);
  const at = writeUint16(bytes, bytes.length - 3 - blockBytes(properties ?? SILENT), packetId);
  bytes[at] = reasonCode;
  writeBlock(bytes, at + 1, properties ?? SILENT);
  return bytes;
}

function encodeConnack(packet: ConnackPacket, version: ProtocolVersion, maximum: number): Buffer {
  // Session Present came with 3.1.1; refusals never have it [MQTT-3.2.2-4] (v3.1.1), [MQTT-3.2.2-6] (v5).
  const present = Number(packet.sessionPresent && version > 3 && packet.reasonCode === 0);
  const properties = version === 5 ? fit(packet.properties, 2, maximum) : SILENT;
  const bytes = start(PacketType.connack << 4, 2, properties);
  const at = bytes.length - blockBytes(properties);
  bytes[at - 2] = present;
  bytes[at - 1] = packet.reasonCode;
  writeBlock(bytes, at, properties);
  return bytes;
}

interface Answers {
  readonly packetId: number;
  readonly reasonCodes: readonly number[];
  readonly properties: LooseProperties | undefined;
}

/** SUBACK and UNSUBACK; the latter has no payload in 3.x (v3.1.1 §3.11.3). */
function encodeList(type: 9 | 11, packet: Answers, version: ProtocolVersion, maximum: number): Buffer {
  const codes = version === 5 || type === PacketType.suback ? packet.reasonCodes : [];
  const fixed = 2 + codes.length;
  const properties = version === 5 ? fit(packet.properties, fixed, maximum) : SILENT;
  const bytes = start(type << 4, fixed, properties);
  const idAt = bytes.length - fixed - blockBytes(properties);
  let at = writeBlock(bytes, writeUint16(bytes, idAt, packet.packetId), properties);
  // v3.1.1 [MQTT-3.9.3-2]: 0, 1, 2 and 0x80 are all there is.
  for (const code of codes) bytes[at++] = version !== 5 && code > 2 ? SUBACK_FAILURE : code;
  return bytes;
}

/** DISCONNECT and AUTH of MQTT 5; an AUTH that says anything has its property length (v5 §3.15.2.2.1). */
function encodeEnd(type: 14 | 15, packet: Omit<Answer, 'packetId'>, maximum: number): Buffer {
  const properties = fit(packet.properties, 1, maximum);
  if (!properties && packet.reasonCode === 0) return Buffer.from([type << 4, 0]);
  const block = properties ?? (type === PacketType.auth ? undefined : SILENT);
  const bytes = start(type << 4, 1, block);
  const at = bytes.length - blockBytes(block);
  bytes[at - 1] = packet.reasonCode;
  writeBlock(bytes, at, block);
  return bytes;
}

/** A packet, or a version, without as much as a property length. */
const SILENT = null;
type Block = LooseProperties | undefined | typeof SILENT;

function blockBytes(block: Block): number {
  if (block === SILENT) return 0;
  const length = propertiesBytes(block);
  return variableBytes(length) + length;
}

function writeBlock(into: Buffer, at: number, block: Block): number {
  if (block === SILENT) return at;
  const next = writeVariable(into, at, propertiesBytes(block));
  return block ? writeProperties(into, next, block) : next;
}

/** A buffer for `fixed` bytes and the properties, with the fixed header written. */
function start(first: number, fixed: number, block: Block): Buffer {
  const remaining = fixed + blockBytes(block);
  const bytes = Buffer.allocUnsafe(1 + variableBytes(remaining) + remaining);
  bytes[0] = first;
  writeVariable(bytes, 1, remaining);
  return bytes;
}

/** The properties that fit beside `fixed` bytes; undefined for none. */
function fit(properties: LooseProperties | undefined, fixed: number, maximum: number): LooseProperties | undefined {
  if (!properties || propertiesBytes(properties) === 0) return undefined;
  if (sizeWith(properties, fixed) <= maximum) return properties;
  const plain = { ...properties, userProperties: undefined };
  if (sizeWith(plain, fixed) > maximum) return fitted({ ...plain, reasonString: undefined });
  return fitted(plain);
}

function fitted(properties: LooseProperties): LooseProperties | undefined {
  return propertiesBytes(properties) > 0 ? properties : undefined;
}

function sizeWith(properties: LooseProperties, fixed: number): number {
  const remaining = fixed + blockBytes(properties);
  return 1 + variableBytes(remaining) + remaining;
}

import mqttPacket from 'mqtt-packet';
import type { LinkOptions, Message, ProtocolVersion } from '../link.ts';

/** Packets of a client (MQTT 3.1.1 and 5). PUBLISH and acknowledgements are written here: they are what a fleet sends. */

export const pingReq = Uint8Array.of(0xc0, 0);
export const disconnectReq = Uint8Array.of(0xe0, 0);

export const ack = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 } as const;

/** PUBACK, PUBREC, PUBREL and PUBCOMP that say "success" are four bytes in both versions. */
export function ackPacket(first: (typeof ack)[keyof typeof ack], id: number): Uint8Array {
  return Uint8Array.of(first, 2, id >> 8, id & 0xff);
}

/** §3.3. @param id 1 to 65 535, for QoS 1 and 2 */
export function publishPacket(message: Message, version: ProtocolVersion, id: number, isRepeated: boolean): Uint8Array {
  const { topic, payload, qos, retain, contentType } = message;
  const topicBytes = Buffer.byteLength(topic);
  const typeBytes = version === 5 && contentType !== undefined ? 3 + contentType.length : 0;
  const properties = version === 5 ? 1 + typeBytes : 0;
  const length = 2 + topicBytes + (qos > 0 ? 2 : 0) + properties + payload.length;
  const packet = Buffer.allocUnsafe(1 + lengthBytes(length) + length);
  packet[0] = 0x30 | (isRepeated ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
  let at = writeLength(packet, length);
  packet[at++] = topicBytes >> 8;
  packet[at++] = topicBytes & 0xff;
  at += packet.write(topic, at);
  if (qos > 0) {
    packet[at++] = id >> 8;
    packet[at++] = id & 0xff;
  }
  if (version === 5) at = writeProperties(packet, at, typeBytes, contentType);
  packet.set(payload, at);
  return packet;
}

/** Content Type (0x03) alone, in ASCII. */
function writeProperties(packet: Buffer, at: number, bytes: number, contentType = ''): number {
  packet[at++] = bytes;
  if (bytes === 0) return at;
  packet[at++] = 3;
  packet[at++] = 0;
  packet[at++] = contentType.length;
  return at + packet.write(contentType, at, 'latin1');
}

function lengthBytes(length: number): number {
  return length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4;
}

/** §1.5.5 (3.1.1: §2.2.3). @returns where the variable header begins */
function writeLength(packet: Buffer, length: number): number {
  let at = 1;
  let left = length;
  for (; left > 127; left = Math.floor(left / 128)) packet[at++] = (left % 128) | 0x80;
  packet[at++] = left;
  return at;
}

export function connectPacket(options: LinkOptions, version: ProtocolVersion, keepAliveSeconds: number): Uint8Array {
  const { clientId, username, password, will, isKept = false, keptSeconds = 3600 } = options;
  return mqttPacket.generate(
    {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: version,
      clientId,
      clean: !isKept,
      keepalive: keepAliveSeconds,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password: Buffer.from(password) }),
      ...(will && { will: { ...will, payload: Buffer.from(will.payload) } }),
      ...(version === 5 && isKept && { properties: { sessionExpiryInterval: keptSeconds } }),
    },
    { protocolVersion: version },
  );
}

export function subscribePacket(
  id: number,
  filters: readonly string[],
  qos: Message['qos'],
  version: ProtocolVersion,
): Uint8Array {
  const subscriptions = filters.map((topic) => ({ topic, qos, nl: false, rap: false, rh: 0 }));
  return mqttPacket.generate({ cmd: 'subscribe', messageId: id, subscriptions }, { protocolVersion: version });
}

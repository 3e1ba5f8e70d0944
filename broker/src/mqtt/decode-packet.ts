import { readAcknowledgement, readAuth, readDisconnect } from './decode-ack.ts';
import { readPublish } from './decode-publish.ts';
import { readSubscribe, readUnsubscribe } from './decode-subscribe.ts';
import { type ClientPacket, PacketType, type PingreqPacket, type ProtocolVersion } from './packets.ts';
import { malformed, protocolError } from './protocol-error.ts';
import type { Reader } from './reader.ts';

const PINGREQ: PingreqPacket = Object.freeze({ type: PacketType.pingreq });

/** Flags each type must have (v3.1.1 table 2.2, v5 table 2-2); PUBLISH has its own. */
const FLAGS = [0, 0, 0, -1, 0, 0, 2, 0, 2, 0, 2, 0, 0, 0, 0, 0];

/** What can be said of a packet by its first byte, before a byte of its body is taken. */
export function checkHeader(first: number, version: ProtocolVersion): void {
  const type = first >> 4;
  switch (type) {
    case PacketType.connect:
      // v3.1.1 [MQTT-3.1.0-2], v5 [MQTT-3.1.0-2]
      throw protocolError('MQTT-3.1.0-2', 'a second CONNECT');
    case PacketType.publish:
      return;
    case PacketType.connack:
    case PacketType.suback:
    case PacketType.unsuback:
    case PacketType.pingresp:
      throw protocolError('v3.1.1 §2.2.1, v5 §2.1.2', 'a packet that only a server sends');
    case PacketType.auth:
      if (version !== 5) throw malformed('v3.1.1 §2.2.1', 'packet type 15 is reserved');
      break;
    case 0:
      throw malformed('v3.1.1 §2.2.1, v5 §2.1.2', 'packet type 0 is reserved');
    default:
  }
  checkFlags(first, version);
}

/** v3.1.1 [MQTT-2.2.2-2], v5 [MQTT-2.1.3-1]. 3.1 does not use these bits, and sets DUP in what it sends again. */
export function checkFlags(first: number, version: ProtocolVersion): void {
  if (version > 3 && (first & 15) !== FLAGS[first >> 4]) {
    throw malformed('v3.1.1 MQTT-2.2.2-2, v5 MQTT-2.1.3-1', 'reserved flags of the fixed header');
  }
}

/** The body of any packet but CONNECT; its header has been checked. */
export function readPacket(reader: Reader, first: number, version: ProtocolVersion): ClientPacket {
  const type = first >> 4;
  switch (type) {
    case PacketType.publish:
      return readPublish(reader, first & 15, version);
    case PacketType.puback:
    case PacketType.pubrec:
    case PacketType.pubrel:
    case PacketType.pubcomp:
      return readAcknowledgement(reader, type, version);
    case PacketType.subscribe:
      return readSubscribe(reader, version);
    case PacketType.unsubscribe:
      return readUnsubscribe(reader, version);
    case PacketType.disconnect:
      return readDisconnect(reader, version);
    case PacketType.auth:
      return readAuth(reader);
    default:
      reader.finish();
      return PINGREQ;
  }
}

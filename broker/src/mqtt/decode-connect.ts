import { type ConnectPacket, PacketType, type ProtocolVersion, toQoS, type Will } from './packets.ts';
import { malformed, ProtocolError, protocolError } from './protocol-error.ts';
import { readProperties } from './properties.ts';
import type { Reader } from './reader.ts';
import { Reason, ReturnCode } from './reason.ts';

const BRIDGE = 0x80;

const USERNAME = 0x80;
const PASSWORD = 0x40;
const WILL_RETAIN = 0x20;
const WILL_QOS = 0x18;
const WILL = 0x04;
const CLEAN = 0x02;
const RESERVED = 0x01;

export interface Protocol {
  readonly version: ProtocolVersion;
  readonly bridge: boolean;
}

/** Protocol name and level, which say how to read, and answer, the rest. */
export function readProtocol(reader: Reader): Protocol {
  const name = reader.text();
  const level = reader.byte();
  if (name === 'MQTT') {
    if (level === 4 || level === 5) return { version: level, bridge: false };
    if (level === (BRIDGE | 4)) return { version: 4, bridge: true };
  } else if (name === 'MQIsdp') {
    if (level === 3) return { version: 3, bridge: false };
    if (level === (BRIDGE | 3)) return { version: 3, bridge: true };
  } else {
    // v3.1.1 [MQTT-3.1.2-1], v5 [MQTT-3.1.2-1]: another name is another protocol, which would not know an answer.
    throw new ProtocolError(Reason.unsupportedProtocolVersion, 'MQTT-3.1.2-1', 'the protocol name is not MQTT');
  }
  // v3.1.1 [MQTT-3.1.2-2] wants return code 1; v5 [MQTT-3.1.2-2] allows 0x84, but such a client need not know it.
  throw new ProtocolError(
    Reason.unsupportedProtocolVersion,
    'MQTT-3.1.2-2',
    `protocol level ${level} of ${name}`,
    ReturnCode.unacceptableProtocolVersion,
  );
}

/** What follows the protocol level (§3.1.2.3 on). */
export function readConnect(reader: Reader, { version, bridge }: Protocol): ConnectPacket {
  const flags = reader.byte();
  if (version > 3) checkFlags(flags, version);
  const keepAlive = reader.uint16();
  const properties = version === 5 ? readProperties(reader, 'connect') : undefined;
  if (properties?.authenticationData && properties.authenticationMethod === undefined) {
    throw protocolError('v5 §3.1.2.11.10', 'authentication data without a method');
  }
  const clean = (flags & CLEAN) !== 0;
  const clientId = readClientId(reader, version, clean);
  const will = (flags & WILL) === 0 ? undefined : readWill(reader, flags, version);
  const username = has(reader, flags, USERNAME, version) ? reader.text() : undefined;
  const password = has(reader, flags, PASSWORD, version) ? reader.binary() : undefined;
  reader.finish();
  const type = PacketType.connect;
  return { type, version, bridge, clean, keepAlive, clientId, username, password, will, properties };
}

/** The rules between flags of 3.1.1 and 5; in 3.1 the reserved bit and those of an absent will are "not used". */
function checkFlags(flags: number, version: ProtocolVersion): void {
  // [MQTT-3.1.2-3]
  if ((flags & RESERVED) !== 0) throw malformed('MQTT-3.1.2-3', 'the reserved connect flag is set');
  // v3.1.1 [MQTT-3.1.2-11], [MQTT-3.1.2-13], [MQTT-3.1.2-15]; v5 [MQTT-3.1.2-11], [MQTT-3.1.2-13]
  if ((flags & WILL) === 0 && (flags & (WILL_QOS | WILL_RETAIN)) !== 0) {
    throw malformed('v3.1.1 MQTT-3.1.2-11 MQTT-3.1.2-15, v5 MQTT-3.1.2-11 MQTT-3.1.2-13', 'will flags without a will');
  }
  // v3.1.1 [MQTT-3.1.2-22]; v5 allows a password alone.
  if (version === 4 && (flags & (USERNAME | PASSWORD)) === PASSWORD) {
    throw malformed('v3.1.1 MQTT-3.1.2-22', 'a password without a user name');
  }
}

/**
 * The client id is the first field of the payload [MQTT-3.1.3-3]. 3.1 asks for 1 to 23 characters; longer ones are common
 * and Mosquitto takes them, so only the empty one is refused there.
 */
function readClientId(reader: Reader, version: ProtocolVersion, clean: boolean): string {
  const clientId = reader.text();
  if (clientId.length > 0 || version === 5) return clientId;
  if (version === 4 && clean) return clientId;
  // v3.1.1 [MQTT-3.1.3-7], [MQTT-3.1.3-8]: an empty id has no session that could be kept.
  throw new ProtocolError(
    Reason.clientIdentifierNotValid,
    version === 3 ? 'v3.1 §3.1' : 'v3.1.1 MQTT-3.1.3-8',
    'the client id is empty',
    ReturnCode.identifierRejected,
  );
}

function readWill(reader: Reader, flags: number, version: ProtocolVersion): Will {
  const qos = toQoS((flags & WILL_QOS) >> 3);
  // v3.1.1 [MQTT-3.1.2-14], v5 [MQTT-3.1.2-12]
  if (qos === undefined) throw malformed('v3.1.1 MQTT-3.1.2-14, v5 MQTT-3.1.2-12', 'will QoS 3');
  const properties = version === 5 ? readProperties(reader, 'will') : undefined;
  const topic = reader.text();
  // v3.1.1 [MQTT-4.7.3-1], [MQTT-4.7.1-1]; v5 the same: the will topic is a topic name.
  if (topic.length === 0 || topic.includes('#') || topic.includes('+')) {
    throw malformed(
      'v3.1.1 MQTT-4.7.1-1 MQTT-4.7.3-1, v5 MQTT-4.7.0-1 MQTT-4.7.3-1',
      'the will topic is no topic name',
    );
  }
  const payload = reader.binary();
  return { topic, payload, qos, retain: (flags & WILL_RETAIN) !== 0, properties };
}

/** Whether a field is there. In 3.1 the remaining length takes precedence over the user name and password flags. */
function has(reader: Reader, flags: number, flag: number, version: ProtocolVersion): boolean {
  if ((flags & flag) === 0) return false;
  return version > 3 || reader.left > 0;
}

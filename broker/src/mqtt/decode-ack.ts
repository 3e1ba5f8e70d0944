import {
  type AuthPacket,
  type DisconnectPacket,
  PacketType,
  type ProtocolVersion,
  type PubackPacket,
  type PubcompPacket,
  type PubrecPacket,
  type PubrelPacket,
} from './packets.ts';
import { protocolError } from './protocol-error.ts';
import { readProperties } from './properties.ts';
import type { Reader } from './reader.ts';
import { Reason } from './reason.ts';

export type AcknowledgementType = 4 | 5 | 6 | 7;
type AcknowledgementPacket = PubackPacket | PubrecPacket | PubrelPacket | PubcompPacket;

/** The answer to a PUBLISH (v5 §3.4.2.1, §3.5.2.1). */
const RECEIVED: ReadonlySet<number> = new Set([
  Reason.success,
  Reason.noMatchingSubscribers,
  Reason.unspecifiedError,
  Reason.implementationSpecificError,
  Reason.notAuthorized,
  Reason.topicNameInvalid,
  Reason.packetIdentifierInUse,
  Reason.quotaExceeded,
  Reason.payloadFormatInvalid,
]);

/** The second half of QoS 2 (v5 §3.6.2.1, §3.7.2.1). */
const RELEASED: ReadonlySet<number> = new Set([Reason.success, Reason.packetIdentifierNotFound]);

/** Those a client may end with (v5 §3.14.2.1). */
const DISCONNECTED: ReadonlySet<number> = new Set([
  Reason.success,
  Reason.disconnectWithWill,
  Reason.unspecifiedError,
  Reason.malformedPacket,
  Reason.protocolError,
  Reason.implementationSpecificError,
  Reason.topicNameInvalid,
  Reason.receiveMaximumExceeded,
  Reason.topicAliasInvalid,
  Reason.packetTooLarge,
  Reason.messageRateTooHigh,
  Reason.quotaExceeded,
  Reason.administrativeAction,
  Reason.payloadFormatInvalid,
]);

/** Those a client may authenticate with; 0 is the server's (v5 §3.15.2.1). */
const AUTHENTICATING: ReadonlySet<number> = new Set([Reason.continueAuthentication, Reason.reauthenticate]);

/** PUBACK, PUBREC, PUBREL, PUBCOMP. */
export function readAcknowledgement(
  reader: Reader,
  type: AcknowledgementType,
  version: ProtocolVersion,
): AcknowledgementPacket {
  const packetId = reader.packetId();
  if (version !== 5) reader.finish();
  // v5 §3.4.2.1: reason code and properties may be left off, or the properties alone.
  if (reader.at === reader.end) return { type, packetId, reasonCode: 0, properties: undefined };
  const reasonCode = reader.byte();
  // v5 [MQTT-3.4.2-1], [MQTT-3.5.2-1], [MQTT-3.6.2-1], [MQTT-3.7.2-1]
  const codes = type < PacketType.pubrel ? RECEIVED : RELEASED;
  if (!codes.has(reasonCode)) throw invalidReason(`v5 MQTT-3.${type}.2-1`, reasonCode);
  const properties = reader.at < reader.end ? readProperties(reader, 'acknowledgement') : undefined;
  reader.finish();
  return { type, packetId, reasonCode, properties };
}

export function readDisconnect(reader: Reader, version: ProtocolVersion): DisconnectPacket {
  if (version !== 5) reader.finish();
  const reasonCode = reader.at < reader.end ? reader.byte() : Reason.success;
  if (!DISCONNECTED.has(reasonCode)) throw invalidReason('v5 MQTT-3.14.2-1', reasonCode);
  const properties = reader.at < reader.end ? readProperties(reader, 'disconnect') : undefined;
  reader.finish();
  return { type: PacketType.disconnect, reasonCode, properties };
}

/** v5 §3.15 */
export function readAuth(reader: Reader): AuthPacket {
  const reasonCode = reader.left > 0 ? reader.byte() : Reason.success;
  if (!AUTHENTICATING.has(reasonCode)) throw invalidReason('v5 MQTT-3.15.2-1', reasonCode);
  const properties = readProperties(reader, 'auth');
  reader.finish();
  if (properties?.authenticationMethod === undefined) throw protocolError('v5 §3.15.2.2.2', 'AUTH without a method');
  return { type: PacketType.auth, reasonCode, properties };
}

function invalidReason(clause: string, reasonCode: number): Error {
  return protocolError(clause, `reason code 0x${reasonCode.toString(16)} is not for this packet`);
}

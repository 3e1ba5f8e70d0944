import { PacketType, type ProtocolVersion, type PublishPacket, toQoS } from './packets.ts';
import { malformed, ProtocolError, protocolError } from './protocol-error.ts';
import { readProperties } from './properties.ts';
import { type Reader, short } from './reader.ts';
import { Reason } from './reason.ts';
import { findTopic } from './topic-cache.ts';
import { decodeText } from './utf8.ts';

const DUP = 0x08;
const RETAIN = 0x01;

/** PUBLISH: the hot path, so the cursor is moved by hand where that saves a call. */
export function readPublish(reader: Reader, flags: number, version: ProtocolVersion): PublishPacket {
  const qos = toQoS((flags >> 1) & 3);
  const dup = (flags & DUP) !== 0;
  // v3.1.1 [MQTT-3.3.1-4], v5 [MQTT-3.3.1-4]
  if (qos === undefined) throw malformed('MQTT-3.3.1-4', 'QoS 3');
  // v3.1.1 [MQTT-3.3.1-2], v5 [MQTT-3.3.1-2]; 3.1 says only that the flag means nothing at QoS 0.
  if (dup && qos === 0 && version > 3) throw malformed('MQTT-3.3.1-2', 'DUP at QoS 0');
  const topic = readTopic(reader);
  const packetId = qos === 0 ? 0 : reader.packetId();
  const properties = version === 5 ? readProperties(reader, 'publish') : undefined;
  if (properties?.topicAlias === 0)
    throw new ProtocolError(Reason.topicAliasInvalid, 'v5 MQTT-3.3.2-8', 'topic alias 0');
  if (topic.length === 0) checkEmpty(version, properties?.topicAlias);
  const payload = reader.bytes.subarray(reader.at, reader.end);
  const retain = (flags & RETAIN) !== 0;
  return { type: PacketType.publish, topic, payload, qos, retain, dup, packetId, properties };
}

function readTopic(reader: Reader): string {
  const { bytes, at, end } = reader;
  const start = at + 2;
  if (start > end) throw short();
  const stop = start + ((bytes[at]! << 8) | bytes[at + 1]!);
  if (stop > end) throw short();
  reader.at = stop;
  return findTopic(bytes, start, stop) ?? checkTopic(reader.check(decodeText(bytes, start, stop)));
}

function checkTopic(topic: string): string {
  // v3.1.1 [MQTT-3.3.2-2], v5 [MQTT-3.3.2-2]. 0x90 is for names that are well formed (v5 §2.4).
  if (topic.includes('#') || topic.includes('+')) throw malformed('MQTT-3.3.2-2', 'a topic name with a wildcard');
  return topic;
}

/** v3.1.1 [MQTT-4.7.3-1]; v5 §3.3.2.1 allows an empty name that has an alias. */
function checkEmpty(version: ProtocolVersion, alias: number | undefined): void {
  if (version !== 5) throw malformed('v3.1.1 MQTT-4.7.3-1', 'an empty topic name');
  if (alias === undefined) throw protocolError('v5 §3.3.2.1', 'an empty topic name without a topic alias');
}

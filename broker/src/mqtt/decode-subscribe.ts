import { isFilter } from '@parley/shared';
import { isShared } from '../routing/topics.ts';
import {
  PacketType,
  type ProtocolVersion,
  type SubscribePacket,
  type SubscriptionRequest,
  toQoS,
  type UnsubscribePacket,
} from './packets.ts';
import { malformed, protocolError } from './protocol-error.ts';
import { readProperties } from './properties.ts';
import type { Reader } from './reader.ts';

const QOS = 0x03;
const NO_LOCAL = 0x04;
const RETAIN_AS_PUBLISHED = 0x08;
const RESERVED_5 = 0xc0;
const RESERVED_4 = 0xfc;

export function readSubscribe(reader: Reader, version: ProtocolVersion): SubscribePacket {
  const packetId = reader.packetId();
  const properties = version === 5 ? readProperties(reader, 'subscribe') : undefined;
  const subscriptions: SubscriptionRequest[] = [];
  while (reader.at < reader.end) subscriptions.push(readSubscription(reader, version));
  // v3.1.1 [MQTT-3.8.3-3], v5 [MQTT-3.8.3-2]
  if (subscriptions.length === 0)
    throw protocolError('v3.1.1 MQTT-3.8.3-3, v5 MQTT-3.8.3-2', 'SUBSCRIBE without filters');
  return { type: PacketType.subscribe, packetId, subscriptions, properties };
}

export function readUnsubscribe(reader: Reader, version: ProtocolVersion): UnsubscribePacket {
  const packetId = reader.packetId();
  const properties = version === 5 ? readProperties(reader, 'unsubscribe') : undefined;
  const filters: string[] = [];
  while (reader.at < reader.end) filters.push(readFilter(reader));
  // v3.1.1 [MQTT-3.10.3-2], v5 [MQTT-3.10.3-2]
  if (filters.length === 0) throw protocolError('MQTT-3.10.3-2', 'UNSUBSCRIBE without filters');
  return { type: PacketType.unsubscribe, packetId, filters, properties };
}

function readSubscription(reader: Reader, version: ProtocolVersion): SubscriptionRequest {
  const filter = readFilter(reader);
  const options = reader.byte();
  return version === 5 ? readOptions(filter, options) : readQos(filter, options, version);
}

/** 3.x: the requested QoS; 3.1 does not use the other bits, 3.1.1 wants them 0 [MQTT-3.8.3-4]. */
function readQos(filter: string, options: number, version: ProtocolVersion): SubscriptionRequest {
  const qos = toQoS(options & QOS);
  if (qos === undefined || (version === 4 && (options & RESERVED_4) !== 0)) {
    throw malformed('v3.1.1 MQTT-3.8.3-4', `requested QoS ${options}`);
  }
  return { filter, qos, noLocal: false, retainAsPublished: false, retainHandling: 0 };
}

/** v5 §3.8.3.1 */
function readOptions(filter: string, options: number): SubscriptionRequest {
  const qos = toQoS(options & QOS);
  const retainHandling = toQoS((options >> 4) & 3); // 0, 1, 2 as well
  const noLocal = (options & NO_LOCAL) !== 0;
  if ((options & RESERVED_5) !== 0) throw malformed('v5 MQTT-3.8.3-5', 'reserved subscription options');
  if (qos === undefined) throw protocolError('v5 §3.8.3.1', 'requested QoS 3');
  if (retainHandling === undefined) throw protocolError('v5 §3.8.3.1', 'retain handling 3');
  if (noLocal && isShared(filter)) throw protocolError('v5 MQTT-3.8.3-4', 'no-local on a shared subscription');
  const retainAsPublished = (options & RETAIN_AS_PUBLISHED) !== 0;
  return { filter, qos, noLocal, retainAsPublished, retainHandling };
}

/** 0x8f is for filters that are well formed (v5 §2.4), so these are malformed packets. */
function readFilter(reader: Reader): string {
  const filter = reader.text();
  if (isFilter(filter)) return filter;
  // v5 [MQTT-4.8.2-1], [MQTT-4.8.2-2]; in 3.x as well, where Parley has shared subscriptions too.
  if (isShared(filter)) throw malformed('v5 MQTT-4.8.2-1 MQTT-4.8.2-2', 'a malformed shared subscription');
  // v3.1.1 [MQTT-4.7.1-2], [MQTT-4.7.1-3], [MQTT-4.7.3-1]; v5 [MQTT-4.7.1-1], [MQTT-4.7.1-2], [MQTT-4.7.3-1]
  throw malformed('v3.1.1 MQTT-4.7.1-2 MQTT-4.7.1-3, v5 MQTT-4.7.1-1 MQTT-4.7.1-2', 'a malformed topic filter');
}

import type { Packed } from './packed.ts';
import { PacketType, type QoS } from './packets.ts';
import { textBytes, variableBytes, writeText, writeVariable } from './writer.ts';

/** Payloads up to this size are copied into each encoding: one small copy costs less than one more chunk to write. */
const INLINE_BYTES = 8192;

const PUBLISH = PacketType.publish << 4;

export interface PublishFields {
  /** Empty when the receiver knows it by its alias. */
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QoS;
  readonly retain: boolean;
  /** Encoded, without the length before them; undefined for 3.x. */
  readonly properties: Buffer | undefined;
}

/**
 * One PUBLISH (§3.3), for any number of receivers: each copy has its own packet id and DUP flag patched in. There is room for
 * an id above QoS 0 only [MQTT-2.2.1-2]. @throws RangeError for a topic longer than its length can say
 */
export function packPublish({ topic, payload, qos, retain, properties }: PublishFields): Packed {
  const idBytes = qos > 0 ? 2 : 0;
  const ofProperties = properties ? variableBytes(properties.length) + properties.length : 0;
  const remaining = 2 + textBytes(topic) + idBytes + ofProperties + payload.length;
  const inline = payload.length <= INLINE_BYTES;
  const head = Buffer.allocUnsafe(1 + variableBytes(remaining) + remaining - (inline ? 0 : payload.length));
  head[0] = PUBLISH | (qos << 1) | Number(retain);
  let at = writeText(head, writeVariable(head, 1, remaining), topic);
  const idAt = qos > 0 ? at : 0;
  at += idBytes;
  if (properties) {
    at = writeVariable(head, at, properties.length);
    head.set(properties, at);
    at += properties.length;
  }
  if (inline) head.set(payload, at);
  return { head, tail: inline ? undefined : payload, idAt, length: head.length + (inline ? 0 : payload.length) };
}

/** MQTT 3.1.1 packets by hand: the load must cost next to nothing beside the broker, and never go through its codec. */

export const Type = { connack: 2, publish: 3, puback: 4, pubrec: 5, pubrel: 6, pubcomp: 7, suback: 9 } as const;

/** A clean session without keep alive. */
export function connectPacket(clientId: string): Buffer {
  return packet(0x10, [text('MQTT'), Buffer.from([4, 2, 0, 0]), text(clientId)]);
}

export function subscribePacket(filter: string, qos: number): Buffer {
  return packet(0x82, [Buffer.from([0, 1]), text(filter), Buffer.from([qos])]);
}

export const disconnectPacket = Buffer.from([0xe0, 0]);

/** Bytes of the payload of every message. */
const PAYLOAD_BYTES = 64;

/** A PUBLISH to send again and again, with the places of what changes in it. */
export interface PublishTemplate {
  readonly bytes: Buffer;
  /** Of the packet identifier; 0 at QoS 0. */
  readonly idAt: number;
  /** Of the time it was sent, a double in milliseconds. */
  readonly timeAt: number;
}

/** The payload: the publisher's number, the time it was sent, padding. */
export function publishTemplate(topic: string, qos: number, publisher: number): PublishTemplate {
  const payload = Buffer.alloc(PAYLOAD_BYTES, 'x');
  payload.writeUInt16BE(publisher);
  const bytes = packet(0x30 | (qos << 1), [text(topic), Buffer.alloc(qos > 0 ? 2 : 0), payload]);
  const payloadAt = bytes.length - PAYLOAD_BYTES;
  return { bytes, idAt: qos > 0 ? payloadAt - 2 : 0, timeAt: payloadAt + 2 };
}

function packet(first: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length > 127) throw new Error('the load sends packets of up to 127 bytes');
  return Buffer.concat([Buffer.from([first, body.length]), body]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

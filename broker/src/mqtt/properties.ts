import type { Properties } from './packets.ts';
import { malformed, protocolError } from './protocol-error.ts';
import type { Reader } from './reader.ts';

const LAST_ID = 0x2a;
const USER_PROPERTY = 0x26;

/** Identifiers of v5 §2.2.2.2 that a client may send, by the packet that carries them (table 2-4). */
const PERMITTED = {
  connect: bitmap(0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27),
  will: bitmap(0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26),
  // [MQTT-3.3.4-6]: no subscription identifier (0x0b) from a client.
  publish: bitmap(0x01, 0x02, 0x03, 0x08, 0x09, 0x23, 0x26),
  acknowledgement: bitmap(0x1f, 0x26),
  subscribe: bitmap(0x0b, 0x26),
  unsubscribe: bitmap(0x26),
  disconnect: bitmap(0x11, 0x1c, 0x1f, 0x26),
  auth: bitmap(0x15, 0x16, 0x1f, 0x26),
};

/** 1 at each identifier. */
function bitmap(...ids: readonly number[]): Uint8Array {
  const bits = new Uint8Array(LAST_ID + 1);
  for (const id of ids) bits[id] = 1;
  return bits;
}

/** Reads a property length and its properties; undefined when there are none. */
export function readProperties(reader: Reader, packet: keyof typeof PERMITTED): Properties | undefined {
  const length = reader.variable();
  if (length === 0) return undefined;
  const after = reader.end;
  const end = reader.at + length;
  if (end > after) throw malformed('v5 §2.2.2.1', 'the properties are longer than their packet');
  reader.end = end;
  const properties = readAll(reader, PERMITTED[packet]);
  reader.end = after;
  return properties;
}

function readAll(reader: Reader, permitted: Uint8Array): Properties {
  const properties: Properties = {};
  let seenLow = 0;
  let seenHigh = 0;
  while (reader.at < reader.end) {
    const id = reader.variable();
    const bit = 1 << (id & 31);
    const repeated = ((id < 32 ? seenLow : seenHigh) & bit) !== 0;
    if (id < 32) seenLow |= bit;
    else seenHigh |= bit;
    readOne(reader, id, properties);
    // §2.2.2.2 calls an identifier that is not for its packet malformed; §1.2 calls what parses but is not allowed a
    // Protocol Error. Mosquitto answers 0x82, and its byte sequences are what clients are tested with.
    if (permitted[id] !== 1) throw protocolError('v5 §2.2.2.2', `property ${hex(id)} is not for this packet`);
    if (repeated && id !== USER_PROPERTY) throw protocolError('v5 §2.2.2.2', `property ${hex(id)} is there twice`);
  }
  return properties;
}

/** One value, with the range its definition gives. Those only a server sends are read, to be refused by the caller. */
function readOne(reader: Reader, id: number, into: Properties): void {
  switch (id) {
    case 0x01:
      into.payloadFormatIndicator = flag(reader, 'v5 §3.3.2.3.2');
      return;
    case 0x02:
      into.messageExpiryInterval = reader.uint32();
      return;
    case 0x03:
      into.contentType = reader.text();
      return;
    case 0x08:
      into.responseTopic = responseTopic(reader.text());
      return;
    case 0x09:
      into.correlationData = reader.binary();
      return;
    case 0x0b:
      into.subscriptionIdentifier = positive(reader.variable(), 'v5 §3.8.2.1.2', 'subscription identifier');
      return;
    case 0x11:
      into.sessionExpiryInterval = reader.uint32();
      return;
    case 0x15:
      into.authenticationMethod = reader.text();
      return;
    case 0x16:
      into.authenticationData = reader.binary();
      return;
    case 0x17:
      into.requestProblemInformation = flag(reader, 'v5 §3.1.2.11.7');
      return;
    case 0x18:
      into.willDelayInterval = reader.uint32();
      return;
    case 0x19:
      into.requestResponseInformation = flag(reader, 'v5 §3.1.2.11.6');
      return;
    case 0x1c:
      into.serverReference = reader.text();
      return;
    case 0x1f:
      into.reasonString = reader.text();
      return;
    case 0x21:
      into.receiveMaximum = positive(reader.uint16(), 'v5 §3.1.2.11.3', 'receive maximum');
      return;
    case 0x22:
      into.topicAliasMaximum = reader.uint16();
      return;
    case 0x23:
      into.topicAlias = reader.uint16();
      return;
    case USER_PROPERTY:
      readUserProperty(reader, into);
      return;
    case 0x27:
      into.maximumPacketSize = positive(reader.uint32(), 'v5 §3.1.2.11.4', 'maximum packet size');
      return;
    default:
      skipServerProperty(reader, id);
  }
}

/** Properties of a CONNACK: their value must be whole, or the packet is malformed rather than out of place. */
function skipServerProperty(reader: Reader, id: number): void {
  switch (id) {
    case 0x12: // Assigned Client Identifier
    case 0x1a: // Response Information
      reader.text();
      return;
    case 0x13: // Server Keep Alive
      reader.uint16();
      return;
    case 0x24: // Maximum QoS
    case 0x25: // Retain Available
    case 0x28: // Wildcard Subscription Available
    case 0x29: // Subscription Identifier Available
    case 0x2a: // Shared Subscription Available
      reader.byte();
      return;
    default:
      throw malformed('v5 §2.2.2.2', `unknown property ${hex(id)}`);
  }
}

function readUserProperty(reader: Reader, into: Properties): void {
  (into.userProperties ??= []).push([reader.text(), reader.text()]);
}

function flag(reader: Reader, clause: string): boolean {
  const value = reader.byte();
  if (value > 1) throw protocolError(clause, `a flag property is ${value}`);
  return value === 1;
}

function positive(value: number, clause: string, name: string): number {
  if (value === 0) throw protocolError(clause, `${name} 0`);
  return value;
}

/** v5 [MQTT-3.3.2-14]: no wildcards; an empty name is no name [MQTT-4.7.3-1]. */
function responseTopic(topic: string): string {
  if (topic.length === 0 || topic.includes('#') || topic.includes('+')) {
    throw protocolError('v5 MQTT-3.3.2-14', 'the response topic is empty or has a wildcard');
  }
  return topic;
}

function hex(id: number): string {
  return `0x${id.toString(16).padStart(2, '0')}`;
}

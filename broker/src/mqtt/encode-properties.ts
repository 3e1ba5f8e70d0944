import type { Properties } from './packets.ts';
import { binaryBytes, textBytes, variableBytes, writeBinary, writeText, writeUint16, writeVariable } from './writer.ts';

/** Properties with which a caller may say `undefined` for absent. */
export type LooseProperties = { readonly [Name in keyof Properties]?: Properties[Name] | undefined };

const VARIABLE = 0;
const BYTE = 1;
const UINT16 = 2;
const UINT32 = 4;

/** Name, identifier (v5 §2.2.2.2) and, for numbers, how wide. */
type Field = readonly [name: keyof Properties, id: number, width: number];

const MESSAGE_FIELDS: readonly Field[] = [
  ['payloadFormatIndicator', 0x01, BYTE],
  ['messageExpiryInterval', 0x02, UINT32],
  ['contentType', 0x03, BYTE],
  ['responseTopic', 0x08, BYTE],
  ['correlationData', 0x09, BYTE],
  ['userProperties', 0x26, BYTE],
  ['subscriptionIdentifiers', 0x0b, VARIABLE],
  ['topicAlias', 0x23, UINT16],
];

// What only a CONNACK, DISCONNECT, AUTH or acknowledgement has; what only a client sends is left out.
const OTHER_FIELDS: readonly Field[] = [
  ['sessionExpiryInterval', 0x11, UINT32],
  ['assignedClientIdentifier', 0x12, BYTE],
  ['serverKeepAlive', 0x13, UINT16],
  ['authenticationMethod', 0x15, BYTE],
  ['authenticationData', 0x16, BYTE],
  ['responseInformation', 0x1a, BYTE],
  ['serverReference', 0x1c, BYTE],
  ['receiveMaximum', 0x21, UINT16],
  ['topicAliasMaximum', 0x22, UINT16],
  ['maximumQoS', 0x24, BYTE],
  ['retainAvailable', 0x25, BYTE],
  ['maximumPacketSize', 0x27, UINT32],
  ['wildcardSubscriptionAvailable', 0x28, BYTE],
  ['subscriptionIdentifiersAvailable', 0x29, BYTE],
  ['sharedSubscriptionAvailable', 0x2a, BYTE],
  ['reasonString', 0x1f, BYTE],
  ['userProperties', 0x26, BYTE],
];

/** Without the length that precedes them on the wire. */
export function messagePropertiesBytes(properties: LooseProperties | undefined): number {
  return properties ? measure(properties, MESSAGE_FIELDS) : 0;
}

function writeMessageProperties(into: Buffer, at: number, properties: LooseProperties): number {
  return write(into, at, properties, MESSAGE_FIELDS);
}

export function propertiesBytes(properties: LooseProperties | undefined): number {
  return properties ? measure(properties, OTHER_FIELDS) : 0;
}

export function writeProperties(into: Buffer, at: number, properties: LooseProperties): number {
  return write(into, at, properties, OTHER_FIELDS);
}

/** The properties of a message, without the length before them, to be shared by many PUBLISH packets. */
export function encodeProperties(properties: LooseProperties): Buffer {
  const bytes = Buffer.allocUnsafe(messagePropertiesBytes(properties));
  writeMessageProperties(bytes, 0, properties);
  return bytes;
}

function measure(properties: LooseProperties, fields: readonly Field[]): number {
  let total = 0;
  for (const [name, , width] of fields) {
    const value = properties[name];
    if (value !== undefined) total += bytesOf(value, width);
  }
  return total;
}

function bytesOf(value: NonNullable<Properties[keyof Properties]>, width: number): number {
  if (typeof value === 'boolean') return 2;
  if (typeof value === 'number') return 1 + width;
  if (typeof value === 'string') return 3 + textBytes(value);
  if (value instanceof Uint8Array) return 3 + binaryBytes(value);
  let total = 0;
  for (const item of value) {
    total += typeof item === 'number' ? 1 + variableBytes(item) : 5 + textBytes(item[0]) + textBytes(item[1]);
  }
  return total;
}

function write(into: Buffer, from: number, properties: LooseProperties, fields: readonly Field[]): number {
  let at = from;
  for (const [name, id, width] of fields) {
    const value = properties[name];
    if (value === undefined) continue;
    if (typeof value === 'object' && !(value instanceof Uint8Array)) at = writeList(into, at, id, value);
    else at = writeOne(into, at, id, value, width);
  }
  return at;
}

function writeOne(
  into: Buffer,
  from: number,
  id: number,
  value: boolean | number | string | Uint8Array,
  width: number,
): number {
  into[from] = id;
  const at = from + 1;
  if (typeof value === 'string') return writeText(into, at, value);
  if (typeof value === 'object') return writeBinary(into, at, value);
  if (width === UINT32) return into.writeUInt32BE(Number(value), at);
  if (width === UINT16) return writeUint16(into, at, Number(value));
  into[at] = Number(value);
  return at + 1;
}

/** One property per item, in their order: user properties [MQTT-3.3.2-18], or subscription identifiers. */
function writeList(
  into: Buffer,
  from: number,
  id: number,
  items: readonly (number | readonly [string, string])[],
): number {
  let at = from;
  for (const item of items) {
    into[at++] = id;
    if (typeof item === 'number') at = writeVariable(into, at, item);
    else at = writeText(into, writeText(into, at, item[0]), item[1]);
  }
  return at;
}

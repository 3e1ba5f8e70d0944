import { Packr } from 'msgpackr';
import type { MessageProperties, QoS } from '../mqtt/packets.ts';
import { StoreError } from './errors.ts';
import { Packer, Unpacker } from './packer.ts';
import type { EntryRecord } from './records.ts';
import type { DeliveryMark, StoredMessage } from './store.ts';
import type { Value } from './table.ts';

/** Plain MessagePack: no shared structures, which would have to be kept in step with the rows; bytes are copied. */
const packr = new Packr({ useRecords: false, copyBuffers: true, variableMapSize: true, mapsAsObjects: true });
const packer = new Packer();

export function encodeValue(value: unknown): Buffer {
  return packr.pack(value);
}

export function decodeValue(bytes: Buffer): unknown {
  return packr.unpack(bytes);
}

/** A value of a table; throws `store-corrupt` for bytes that are none. */
export function decodeRow(bytes: Buffer): Value {
  try {
    return packr.unpack(bytes) as Value;
  } catch (error) {
    throw new StoreError('store-corrupt', 'a row of the store cannot be read', { cause: error });
  }
}

// First byte of a message; its QoS is in the lowest two bits.
const RETAIN = 4;
const PROPERTIES = 8;
const EXPIRES = 16;
const PUBLISHER = 32;

export function encodeMessage(message: StoredMessage): Buffer {
  packMessage(message);
  return packer.take();
}

export function decodeMessage(bytes: Buffer): StoredMessage {
  return unpackMessage(new Unpacker(bytes));
}

function packMessage({ topic, payload, qos, retain, properties, expiresAt, publisher }: StoredMessage): void {
  const flags =
    qos |
    (retain ? RETAIN : 0) |
    (properties ? PROPERTIES : 0) |
    (expiresAt > 0 ? EXPIRES : 0) |
    (publisher === '' ? 0 : PUBLISHER);
  packer.byte(flags).text(topic);
  if (flags & PROPERTIES) packer.bytes(encodeValue(properties));
  if (flags & EXPIRES) packer.double(expiresAt);
  if (flags & PUBLISHER) packer.text(publisher);
  packer.rest(payload);
}

function unpackMessage(from: Unpacker): StoredMessage {
  const flags = from.byte();
  return {
    topic: from.text(),
    qos: (flags & 3) as QoS,
    retain: (flags & RETAIN) > 0,
    properties: flags & PROPERTIES ? (decodeValue(from.bytes()) as MessageProperties) : undefined,
    expiresAt: flags & EXPIRES ? from.double() : 0,
    publisher: flags & PUBLISHER ? from.text() : '',
    payload: from.rest(),
  };
}

// First byte of a queue entry.
const QOS2 = 1;
const ENTRY_RETAIN = 2;
const IDENTIFIERS = 4;
const SHARE = 8;
/** Its message is stored once for several entries, under a number. */
const SHARED = 16;

/** Everything of an entry but its `seq`, which is in its key. */
export function encodeEntry({ message, qos, retain, identifiers, share }: Omit<EntryRecord, 'seq'>): Buffer {
  const flags =
    (qos === 2 ? QOS2 : 0) |
    (retain ? ENTRY_RETAIN : 0) |
    (identifiers ? IDENTIFIERS : 0) |
    (share === undefined ? 0 : SHARE) |
    (typeof message === 'number' ? SHARED : 0);
  packer.byte(flags);
  if (typeof message === 'number') packer.varint(message);
  if (identifiers) {
    packer.varint(identifiers.length);
    for (const identifier of identifiers) packer.varint(identifier);
  }
  if (share !== undefined) packer.text(share);
  if (typeof message !== 'number') packMessage(message);
  return packer.take();
}

export function decodeEntry(seq: number, bytes: Buffer): EntryRecord {
  const from = new Unpacker(bytes);
  const flags = from.byte();
  const number = flags & SHARED ? from.varint() : undefined;
  const identifiers = flags & IDENTIFIERS ? Array.from({ length: from.varint() }, () => from.varint()) : undefined;
  const share = flags & SHARE ? from.text() : undefined;
  return {
    seq,
    qos: flags & QOS2 ? 2 : 1,
    retain: (flags & ENTRY_RETAIN) > 0,
    identifiers,
    share,
    message: number ?? unpackMessage(from),
  };
}

const RELEASED = 1;
const ORDER = 2;

export function encodeMark({ packetId, released, order }: DeliveryMark): Buffer {
  packer.byte((released ? RELEASED : 0) | (order === undefined ? 0 : ORDER)).varint(packetId);
  if (order !== undefined) packer.varint(order);
  return packer.take();
}

export function decodeMark(bytes: Buffer): DeliveryMark {
  const from = new Unpacker(bytes);
  const flags = from.byte();
  const mark = { released: (flags & RELEASED) > 0, packetId: from.varint() };
  return flags & ORDER ? { ...mark, order: from.varint() } : mark;
}

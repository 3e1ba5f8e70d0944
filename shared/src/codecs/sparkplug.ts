import { ParleyError } from '../errors.ts';
import { toHex } from './hex.ts';
import type { Json } from './json.ts';
import { wireBytes, wireFields, wireFloat, wireText, wireVarint } from './protobuf.ts';
import type { WireField } from './protobuf.ts';
import { arrayOf, typeNames } from './sparkplug-types.ts';

/** What a Sparkplug B payload says (Sparkplug 3.0 §6.4): byte strings in hex, integers past 2^53 as decimal strings. */
export interface SparkplugPayload {
  /** ms since the Unix epoch. */
  readonly timestamp?: number | string;
  readonly seq?: number | string;
  readonly uuid?: string;
  readonly body?: string;
  readonly metrics: readonly SparkplugMetric[];
}

export interface SparkplugMetric {
  /** Left out after the birth, when the alias stands for it. */
  readonly name?: string;
  readonly alias?: number | string;
  readonly timestamp?: number | string;
  /** As the specification names it, such as `Int32`. */
  readonly type: string;
  readonly value: Json;
  readonly isHistorical?: boolean;
  readonly isTransient?: boolean;
  readonly metadata?: Json;
  readonly properties?: Json;
}

/** What was found of one message, by key. */
type Found = Record<string, Json>;
type Read = (field: WireField, depth: number) => Json;
type Shape = Readonly<Record<number, readonly [key: string, read: Read, repeated?: true]>>;

/** Templates hold metrics that hold templates; nothing real nests deeper. */
const DEPTH = 16;

const string: Read = (field) => wireText(field);
const bytes: Read = (field) => toHex(wireBytes(field));
const bool: Read = (field) => wireVarint(field) !== 0n;
const uint: Read = (field) => integer(wireVarint(field));
const float: Read = (field) => finite(wireFloat(field, 4));
const double: Read = (field) => finite(wireFloat(field, 8));

/** Reads one message of a shape; fields that are not in it are passed over, as the format asks. */
function message(shape: () => Shape, make: (read: Found, depth: number) => Json = (read) => read): Read {
  return (field, depth) => make(readShape(shape(), wireBytes(field), depth), depth);
}

function readShape(shape: Shape, from: Uint8Array, depth: number): Found {
  if (depth > DEPTH) throw new ParleyError('payload-invalid', `payload is Sparkplug of more than ${DEPTH} levels`);
  const found: Found = {};
  for (const field of wireFields(from)) {
    const known = Object.hasOwn(shape, field.number) ? shape[field.number] : undefined;
    if (!known) continue;
    const [key, read, repeated] = known;
    const value = read(field, depth + 1);
    if (repeated) ((found[key] ??= []) as Json[]).push(value);
    else found[key] = value;
  }
  return found;
}

const dataSet = message(
  () => ({
    1: ['numOfColumns', uint],
    2: ['columns', string, true],
    // Written one by one in proto2; a packed writer is read just as well.
    3: ['types', (field) => (field.wire === 2 ? packed(wireBytes(field)) : uint(field, 0)), true],
    4: ['rows', row, true],
  }),
  (read) => {
    const types = ((read['types'] ?? []) as Json[]).flat() as number[];
    const rows = ((read['rows'] ?? []) as Found[][]).map((cells) => cells.map((cell, at) => valueOf(cell, types[at])));
    return { columns: read['columns'] ?? [], types: types.map(typeName), rows };
  },
);
const row = message(
  () => ({ 1: ['elements', cell, true] }),
  (read) => read['elements'] ?? [],
);
const cell = message(() => ({
  1: ['int', uint],
  2: ['long', uint],
  3: ['float', float],
  4: ['double', double],
  5: ['bool', bool],
  6: ['string', string],
}));

const parameter = message(
  () => ({
    1: ['name', string],
    2: ['type', uint],
    3: ['int', uint],
    4: ['long', uint],
    5: ['float', float],
    6: ['double', double],
    7: ['bool', bool],
    8: ['string', string],
  }),
  typed,
);
const template = message(() => ({
  1: ['version', string],
  2: ['metrics', metric, true],
  3: ['parameters', parameter, true],
  4: ['templateRef', string],
  5: ['isDefinition', bool],
}));

const property = message(
  () => ({
    1: ['type', uint],
    2: ['isNull', bool],
    3: ['int', uint],
    4: ['long', uint],
    5: ['float', float],
    6: ['double', double],
    7: ['bool', bool],
    8: ['string', string],
    9: ['set', properties],
    10: [
      'set',
      message(
        () => ({ 1: ['sets', properties, true] }),
        (read) => read['sets'] ?? [],
      ),
    ],
  }),
  (read) => (read['isNull'] === true ? null : valueOf(read, read['type'] as number | undefined)),
);
const properties: Read = message(
  () => ({ 1: ['keys', string, true], 2: ['values', property, true] }),
  (read) => {
    const values = (read['values'] ?? []) as Json[];
    return Object.fromEntries(((read['keys'] ?? []) as string[]).map((key, at) => [key, values[at] ?? null]));
  },
);

const metadata = message(() => ({
  1: ['isMultiPart', bool],
  2: ['contentType', string],
  3: ['size', uint],
  4: ['seq', uint],
  5: ['fileName', string],
  6: ['fileType', string],
  7: ['md5', string],
  8: ['description', string],
}));

const metric: Read = message(
  () => ({
    1: ['name', string],
    2: ['alias', uint],
    3: ['timestamp', uint],
    4: ['type', uint],
    5: ['isHistorical', bool],
    6: ['isTransient', bool],
    7: ['isNull', bool],
    8: ['metadata', metadata],
    9: ['properties', properties],
    10: ['int', uint],
    11: ['long', uint],
    12: ['float', float],
    13: ['double', double],
    14: ['bool', bool],
    15: ['string', string],
    16: ['bytes', bytes],
    17: ['set', dataSet],
    18: ['set', template],
  }),
  typed,
);

const payload: Shape = {
  1: ['timestamp', uint],
  2: ['metrics', metric, true],
  3: ['seq', uint],
  4: ['uuid', string],
  5: ['body', bytes],
};

/** Where in a record the value may stand. */
const values = ['int', 'long', 'float', 'double', 'bool', 'string', 'bytes', 'set'] as const;

/** The record with its type named and its one value worked out. */
function typed(read: Found): Json {
  const { type, isNull, ...rest } = read;
  const value = isNull === true ? null : valueOf(read, type as number | undefined);
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => !values.includes(key as never))),
    type: typeName(type),
    value,
  };
}

function valueOf(read: Found, type: number | undefined): Json {
  const key = values.find((one) => Object.hasOwn(read, one));
  if (key === undefined) return null;
  const value = read[key]!;
  if (key === 'int' || key === 'long') return signed(value, type);
  return key === 'bytes' ? arrayOf(value as string, type) : value;
}

/** Negative integers travel as unsigned ones; some senders extend the sign to 32 bits, some do not. */
function signed(value: Json, type: number | undefined): Json {
  const bits = { 1: 8, 2: 16, 3: 32, 4: 64 }[type ?? 0];
  return bits === undefined ? value : integer(BigInt.asIntN(bits, BigInt(value as number | string)));
}

function integer(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** JSON has no infinities. */
function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function packed(from: Uint8Array): number[] {
  const found: number[] = [];
  let value = 0;
  let shift = 0;
  for (const byte of from) {
    value += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte >= 0x80) continue;
    found.push(value);
    value = 0;
    shift = 0;
  }
  return found;
}

function typeName(type: Json | undefined): string {
  const number = typeof type === 'number' ? type : 0;
  return typeNames[number] ?? `type ${number}`;
}

/**
 * A Sparkplug B payload of `spBv1.0/<group>/<NBIRTH, DDATA …>/<node>[/<device>]`. Read only: nothing here writes one.
 * @throws ParleyError `payload-invalid` naming what is wrong
 */
export function decodeSparkplug(from: Uint8Array): SparkplugPayload {
  const { metrics = [], ...rest } = readShape(payload, from, 0);
  return { ...rest, metrics: metrics as unknown as SparkplugMetric[] };
}

import type { Json } from './json.ts';

/** Data types by their number (Sparkplug 3.0 §6.4.16). */
export const typeNames: readonly string[] = [
  'Unknown',
  'Int8',
  'Int16',
  'Int32',
  'Int64',
  'UInt8',
  'UInt16',
  'UInt32',
  'UInt64',
  'Float',
  'Double',
  'Boolean',
  'String',
  'DateTime',
  'Text',
  'UUID',
  'DataSet',
  'Bytes',
  'File',
  'Template',
  'PropertySet',
  'PropertySetList',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Int64Array',
  'UInt8Array',
  'UInt16Array',
  'UInt32Array',
  'UInt64Array',
  'FloatArray',
  'DoubleArray',
  'BooleanArray',
  'StringArray',
  'DateTimeArray',
];

type Element = readonly [size: number, read: (view: DataView, at: number) => number | bigint];

/** Arrays of numbers, little-endian, by the number of their type. */
const elements: Readonly<Record<number, Element>> = {
  22: [1, (view, at) => view.getInt8(at)],
  23: [2, (view, at) => view.getInt16(at, true)],
  24: [4, (view, at) => view.getInt32(at, true)],
  25: [8, (view, at) => view.getBigInt64(at, true)],
  26: [1, (view, at) => view.getUint8(at)],
  27: [2, (view, at) => view.getUint16(at, true)],
  28: [4, (view, at) => view.getUint32(at, true)],
  29: [8, (view, at) => view.getBigUint64(at, true)],
  30: [4, (view, at) => view.getFloat32(at, true)],
  31: [8, (view, at) => view.getFloat64(at, true)],
  34: [8, (view, at) => view.getBigUint64(at, true)],
};

/** What bytes in hex stand for when their type is an array; they stay as they are when it is none or does not fit. */
export function arrayOf(hex: string, type: number | undefined): Json {
  const element = elements[type ?? 0];
  if (!element || hex.length % (element[0] * 2) !== 0) return hex;
  const [size, read] = element;
  const view = new DataView(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)).buffer);
  return Array.from({ length: view.byteLength / size }, (_, index) => asJson(read(view, index * size)));
}

function asJson(value: number | bigint): Json {
  const number = Number(value);
  return typeof value === 'number'
    ? Number.isFinite(number)
      ? number
      : String(number)
    : Number.isSafeInteger(number)
      ? number
      : String(value);
}

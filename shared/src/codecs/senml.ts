import * as z from 'zod/mini';
import { ParleyError } from '../errors.ts';
import { fromBase64Url, isBase64Url, toBase64Url } from './base64url.ts';
import { cbor } from './cbor.ts';
import type { CborValue } from './cbor.ts';
import type { Codec } from './codec.ts';
import { isJsonObject, json } from './json.ts';
import type { Json } from './json.ts';
import { checked } from './schema.ts';

/**
 * One record of a SenML pack (RFC 8428 §4). Times are seconds, absolute from 2^28 on, else relative to now (§4.5.3).
 * `vd` is base64url without padding, in every representation of this library.
 */
const record = z.object({
  bn: z.optional(z.string()),
  bt: z.optional(z.number()),
  bu: z.optional(z.string()),
  bv: z.optional(z.number()),
  bs: z.optional(z.number()),
  bver: z.optional(z.int().check(z.minimum(1), z.maximum(10))),
  n: z.optional(z.string()),
  u: z.optional(z.string()),
  v: z.optional(z.number()),
  vs: z.optional(z.string()),
  vb: z.optional(z.boolean()),
  vd: z.optional(z.string().check(z.refine(isBase64Url, 'expected base64url without padding'))),
  s: z.optional(z.number()),
  t: z.optional(z.number()),
  ut: z.optional(z.number()),
});
const pack = z.array(record).check(z.minLength(1));

export type SenmlRecord = z.infer<typeof record>;
export type SenmlPack = readonly SenmlRecord[];

/** A record with its base fields worked in (RFC 8428 §4.6): a full name and an absolute time. */
export interface ResolvedRecord {
  readonly name: string;
  readonly unit?: string;
  /** Seconds since the Unix epoch. */
  readonly time: number;
  readonly value?: number | string | boolean;
  readonly data?: string;
  readonly sum?: number;
  readonly updateTime?: number;
}

/** SenML in JSON (RFC 8428 §5). */
export const senmlJson: Codec<SenmlPack> = {
  contentType: 'application/senml+json',
  schema: pack,
  encode: (value) => json.encode(checkPack(value) as Json),
  decode: (bytes) => checkPack(json.decode(bytes)),
};

/** CBOR labels of the fields (RFC 8428 §6, table 4). */
const labels: Readonly<Record<keyof SenmlRecord, number>> = {
  bver: -1,
  bn: -2,
  bt: -3,
  bu: -4,
  bv: -5,
  bs: -6,
  n: 0,
  u: 1,
  v: 2,
  vs: 3,
  vb: 4,
  s: 5,
  t: 6,
  ut: 7,
  vd: 8,
};
const fields = new Map<CborValue, string>(Object.entries(labels).map(([field, label]) => [label, field]));

/** SenML in CBOR (RFC 8428 §6). */
export const senmlCbor: Codec<SenmlPack> = {
  contentType: 'application/senml+cbor',
  schema: pack,
  encode: (value) => cbor.encode(checkPack(value).map(toCbor)),
  decode: (bytes) => {
    const items = cbor.decode(bytes);
    if (!Array.isArray(items)) throw new ParleyError('payload-invalid', 'a SenML pack is an array');
    return checkPack(items.map(fromCbor));
  },
};

function toCbor(one: SenmlRecord): ReadonlyMap<CborValue, CborValue> {
  const entries = Object.entries(one) as [keyof SenmlRecord, CborValue][];
  return new Map(
    entries.map(([field, value]) => [labels[field], field === 'vd' ? fromBase64Url(value as string) : value]),
  );
}

function fromCbor(item: CborValue, index: number): Record<string, unknown> {
  if (!(item instanceof Map)) fault(index, 'is not a map');
  return Object.fromEntries(
    [...(item as ReadonlyMap<CborValue, CborValue>)].map(([label, value]) => {
      // The integers of table 4 are all there will ever be; extensions are text.
      const field = typeof label === 'string' ? label : fields.get(label);
      if (field === undefined) fault(index, `label of an unknown field`);
      if (field !== 'vd') return [field, value];
      return value instanceof Uint8Array
        ? [field, toBase64Url(value)]
        : fault(index, 'data value is not a byte string');
    }),
  );
}

function checkPack(value: unknown): SenmlRecord[] {
  refuseUnknownMusts(value);
  const records = checked(pack, value, 'SenML pack').map(dropUndefined);
  // Resolving applies the rules that span records: names and base fields.
  resolveSenml(records, 0);
  return records;
}

/** Fields that are not known are passed over, except those whose name says that they may not be (§4.4). */
function refuseUnknownMusts(value: unknown): void {
  if (!Array.isArray(value)) return;
  for (const [index, one] of value.entries()) {
    const must = isJsonObject(one) && Object.keys(one).find((key) => key.endsWith('_'));
    if (must) fault(index, `${must} must be understood and is not`);
  }
}

function dropUndefined(one: SenmlRecord): SenmlRecord {
  return Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined));
}

/**
 * The records with names, units, values and times worked out.
 * @param now seconds since the Unix epoch, for relative times
 * @throws ParleyError `payload-invalid` for an empty or malformed name, or a record without exactly one value or a sum
 */
export function resolveSenml(records: SenmlPack, now: number): ResolvedRecord[] {
  const base: SenmlRecord = {};
  return records.map((one, index) => {
    Object.assign(base, one);
    const name = (base.bn ?? '') + (one.n ?? '');
    if (!/^[A-Za-z0-9][A-Za-z0-9\-:./_]*$/.test(name)) fault(index, `${JSON.stringify(name)} is no name`);
    const values = [one.v, one.vs, one.vb, one.vd].filter((value) => value !== undefined).length;
    const sum = one.s === undefined && base.bs === undefined ? undefined : (base.bs ?? 0) + (one.s ?? 0);
    if (values > 1) fault(index, 'more than one value');
    if (values === 0 && sum === undefined) fault(index, 'neither a value nor a sum');
    const time = (base.bt ?? 0) + (one.t ?? 0);
    const unit = one.u ?? base.bu;
    const value = one.v === undefined ? (one.vs ?? one.vb) : one.v + (base.bv ?? 0);
    if ([time, value, sum].some(isInfinite)) fault(index, 'a base value carries it beyond all numbers');
    return {
      name,
      time: time < 2 ** 28 ? now + time : time,
      ...(unit !== undefined && { unit }),
      ...(value !== undefined && { value }),
      ...(one.vd !== undefined && { data: one.vd }),
      ...(sum !== undefined && { sum }),
      ...(one.ut !== undefined && { updateTime: one.ut }),
    };
  });
}

function isInfinite(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

function fault(index: number, what: string): never {
  throw new ParleyError('payload-invalid', `SenML record ${index}: ${what}`);
}

import * as z from 'zod/mini';
import { isJsonObject, json } from '../codecs/json.ts';
import type { Json } from '../codecs/json.ts';
import { resolveSenml, senmlCbor, senmlJson } from '../codecs/senml.ts';
import type { SenmlPack } from '../codecs/senml.ts';
import type { Codec } from '../codecs/codec.ts';
import { ParleyError } from '../errors.ts';

/** One value of one metric. */
export interface Reading {
  readonly metric: string;
  readonly value: number | boolean | string;
  readonly unit?: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** A flat JSON object of numbers, booleans and strings: metric → value. */
export type FlatTelemetry = Readonly<Record<string, number | boolean | string>>;

const flatSchema = z.record(z.string(), z.union([z.number(), z.boolean(), z.string()]));

/** `devices/<device>/telemetry`: a SenML JSON pack (an array) or a flat object. */
export const telemetryCodec: Codec<SenmlPack | FlatTelemetry> = {
  contentType: 'application/json',
  schema: z.union([senmlJson.schema!, flatSchema]),
  encode: (value) => (isPack(value) ? senmlJson.encode(value) : json.encode(checkFlat(value))),
  decode: (bytes) => {
    const value = json.decode(bytes);
    return Array.isArray(value) ? senmlJson.decode(bytes) : checkFlat(value);
  },
};

/**
 * The readings of a telemetry payload.
 * @param now milliseconds since the Unix epoch: when it arrived
 * @throws ParleyError `payload-invalid`: routed all the same, but not recorded
 */
export function readings(payload: Uint8Array, format: 'json' | 'cbor', now: number): Reading[] {
  const value = format === 'cbor' ? senmlCbor.decode(payload) : telemetryCodec.decode(payload);
  if (!isPack(value)) return Object.entries(value).map(([metric, one]) => ({ metric, value: one, at: now }));
  return resolveSenml(value, now / 1000).flatMap(({ name, value: one, unit, time }) =>
    one === undefined
      ? []
      : [{ metric: localName(name), value: one, at: Math.round(time * 1000), ...(unit !== undefined && { unit }) }],
  );
}

/** SenML names are global (`urn:dev:ow:10e2:temperature`, `lamp-1/power`); a metric is the last part. */
function localName(name: string): string {
  return name.split(/[:/]/).findLast((part) => part !== '') ?? name;
}

function isPack(value: SenmlPack | FlatTelemetry): value is SenmlPack {
  return Array.isArray(value);
}

function checkFlat(value: Json): FlatTelemetry {
  if (!isJsonObject(value)) throw new ParleyError('payload-invalid', 'telemetry is a SenML pack or a flat object');
  for (const [metric, one] of Object.entries(value)) {
    if (typeof one === 'number' || typeof one === 'boolean' || typeof one === 'string') continue;
    throw new ParleyError('payload-invalid', `telemetry at ${metric}: expected a number, boolean or string`);
  }
  return value as FlatTelemetry;
}

import { topics } from '@parley/shared';
import type { About, FlatTelemetry, SenmlPack, SenmlRecord } from '@parley/shared';

/** How a device writes its telemetry: a flat JSON object, or a SenML pack (RFC 8428) in JSON or CBOR. */
export const codecNames = ['json', 'senml+json', 'senml+cbor'] as const;
export type CodecName = (typeof codecNames)[number];

export interface Telemetry {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** @param now milliseconds since the Unix epoch: when the readings were taken */
export function encodeTelemetry(
  codec: CodecName,
  device: string,
  about: About,
  readings: FlatTelemetry,
  now: number,
): Telemetry {
  const topic = codec === 'senml+cbor' ? topics.telemetryCbor : topics.telemetry;
  const payload =
    codec === 'json'
      ? topics.telemetry.codec.encode(readings)
      : topic.codec.encode(toPack(device, about, readings, now));
  return { topic: topic.build({ device }), payload };
}

/** Base name and base time stand once, in the first record (RFC 8428 §4.1). */
function toPack(device: string, about: About, readings: FlatTelemetry, now: number): SenmlPack {
  const records = Object.entries(readings).map(([metric, value]) => toRecord(metric, value, about.metrics[metric]));
  const [first, ...rest] = records;
  return [{ bn: `${device}/`, bt: now / 1000, ...first }, ...rest];
}

function toRecord(n: string, value: FlatTelemetry[string], metric: About['metrics'][string] | undefined): SenmlRecord {
  const unit = metric && senmlUnit(metric);
  const named = unit === undefined ? { n } : { n, u: unit };
  if (typeof value === 'number') return { ...named, v: value };
  return typeof value === 'boolean' ? { ...named, vb: value } : { ...named, vs: value };
}

/** SenML has unit names of its own (RFC 8428 §12.1, RFC 8798); `about` has the ones people read. */
function senmlUnit({ unit, class: kind }: About['metrics'][string]): string | undefined {
  if (unit === '°C') return 'Cel';
  return unit === '%' && kind === 'humidity' ? '%RH' : unit;
}

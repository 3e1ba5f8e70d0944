import { senmlCbor, topics } from '@parley/shared';
import type { About, FlatTelemetry, SenmlPack, SenmlRecord } from '@parley/shared';

/** How a device writes its telemetry: a flat JSON object, a SenML pack (RFC 8428) in JSON or CBOR, or lines of text. */
export const codecNames = ['json', 'senml+json', 'senml+cbor', 'text'] as const;
export type CodecName = (typeof codecNames)[number];

/** Writes the readings that were taken at `now`, in milliseconds since the Unix epoch. */
export type Encode = (readings: FlatTelemetry, now: number) => Uint8Array;

export const contentTypes: Readonly<Record<CodecName, string>> = {
  json: 'application/json',
  'senml+json': 'application/senml+json',
  'senml+cbor': 'application/senml+cbor',
  text: 'text/plain',
};

export function telemetryTopic(codec: CodecName, device: string): string {
  return (codec === 'senml+cbor' ? topics.telemetryCbor : topics.telemetry).build({ device });
}

/** What a fleet does most: no check of the readings, which are the simulator's own. */
export function encoder(codec: CodecName, device: string, about: About): Encode {
  const encoders: Readonly<Record<CodecName, Encode>> = {
    json: (readings) => Buffer.from(JSON.stringify(readings)),
    'senml+json': (readings, now) => Buffer.from(JSON.stringify(toPack(device, about, readings, now))),
    'senml+cbor': (readings, now) => senmlCbor.encode(toPack(device, about, readings, now)),
    text: (readings) => Buffer.from(toText(about, readings)),
  };
  return encoders[codec];
}

/** A line for each metric, as a person would write it down: `temperature 21.5 °C`. */
export function toText(about: About, readings: FlatTelemetry, separator = '\n'): string {
  return Object.entries(readings)
    .map(([metric, value]) => [metric, String(value), about.metrics[metric]?.unit].filter(Boolean).join(' '))
    .join(separator);
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
const senmlUnits: Readonly<Record<string, string>> = { '°C': 'Cel', '°': 'deg', 'mm/s': 'mm/s', lx: 'lx' };

function senmlUnit({ unit, class: kind }: About['metrics'][string]): string | undefined {
  if (unit === undefined) return undefined;
  if (kind === 'latitude') return 'lat';
  if (kind === 'longitude') return 'lon';
  return unit === '%' && kind === 'humidity' ? '%RH' : (senmlUnits[unit] ?? unit);
}

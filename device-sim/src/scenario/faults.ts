import * as z from 'zod';
import { bytes, duration, offset, percent, signedTime } from './values.ts';

/** When a fault happens, to whom, and for how long; every kind has these. */
const timing = {
  at: z
    .union([offset, z.array(offset).min(1)], { error: 'expected a time after the start, or a list of them' })
    .optional()
    .describe('Times after the start; the whole group at once'),
  every: duration.optional().describe('Again and again, the whole group at once'),
  probability: z.number().gt(0).max(1).optional().describe('At each reading of each device'),
  lasts: duration.optional().describe('Without it, until the end; for faults of one reading, that reading'),
  share: percent.optional().describe('Of the devices of the group, chosen by the seed; without it, all'),
};
const once = { ...timing, lasts: z.never({ error: 'this fault takes no time' }).optional() };
const metric = z.string().optional().describe('Without it, all numeric metrics');

const kinds = {
  drop: z.strictObject({ kind: z.literal('drop'), ...once }).describe('The connection is lost without DISCONNECT'),
  flapping: z
    .strictObject({ kind: z.literal('flapping'), ...timing, period: duration.default(1000) })
    .describe('The connection is lost again and again, every `period`'),
  silence: z
    .strictObject({ kind: z.literal('silence'), ...timing })
    .describe('Nothing is sent, not even pings, and nothing read; the connection stays open'),
  latency: z
    .strictObject({
      kind: z.literal('latency'),
      ...timing,
      delay: duration,
      spread: duration.optional().describe('Up to so much more, drawn for each message'),
    })
    .describe('What the device sends comes later, in its order'),
  duplicate: z.strictObject({ kind: z.literal('duplicate'), ...timing }).describe('Readings are sent twice'),
  reorder: z.strictObject({ kind: z.literal('reorder'), ...timing }).describe('A reading is sent after the next one'),
  stuck: z.strictObject({ kind: z.literal('stuck'), ...timing, metric }).describe('A sensor repeats its last value'),
  drift: z
    .strictObject({ kind: z.literal('drift'), ...timing, metric, perHour: z.number() })
    .describe('A sensor is wrong by more and more'),
  corrupt: z.strictObject({ kind: z.literal('corrupt'), ...timing }).describe('Bytes of the payload are broken'),
  oversized: z
    .strictObject({ kind: z.literal('oversized'), ...timing, bytes })
    .describe('The payload is padded to this size'),
  skew: z
    .strictObject({ kind: z.literal('skew'), ...timing, by: signedTime })
    .describe('The clock of the device, and the times in its SenML, are off by this'),
  storm: z
    .strictObject({ kind: z.literal('storm'), ...once })
    .describe('The connection is lost and opened again at once, by all devices at the same moment'),
  'slow-reader': z
    .strictObject({
      kind: z.literal('slow-reader'),
      ...timing,
      every: z.never({ error: 'this fault is set by at, lasts and pause' }).optional(),
      filter: z.string().min(1).optional().describe('What it subscribes to as well, to have something to read'),
      pause: duration.default(1000).describe('Between two reads'),
    })
    .describe('Reads its connection once in a while only'),
};

export const faultSchema = z
  .discriminatedUnion('kind', [
    kinds.drop,
    kinds.flapping,
    kinds.silence,
    kinds.latency,
    kinds.duplicate,
    kinds.reorder,
    kinds.stuck,
    kinds.drift,
    kinds.corrupt,
    kinds.oversized,
    kinds.skew,
    kinds.storm,
    kinds['slow-reader'],
  ])
  .superRefine(({ at, every, probability, lasts, kind }, context) => {
    const given = [at, every, probability].filter((one) => one !== undefined).length;
    if (given > 1) context.addIssue({ code: 'custom', message: 'takes one of at, every and probability' });
    if (given === 0 && isInstant(kind)) {
      context.addIssue({ code: 'custom', message: `${kind} needs one of at, every and probability` });
    }
    if (every !== undefined && lasts !== undefined && lasts >= every) {
      context.addIssue({ code: 'custom', path: ['lasts'], message: 'expected less than every' });
    }
    if (given > 0 && lasts === undefined && needsEnd(kind)) {
      context.addIssue({ code: 'custom', message: `${kind} needs lasts` });
    }
  });

export type Fault = z.infer<typeof faultSchema>;
export type FaultKind = Fault['kind'];

function isInstant(kind: FaultKind): boolean {
  return kind === 'drop' || kind === 'storm';
}

function needsEnd(kind: FaultKind): boolean {
  return kind === 'flapping' || kind === 'silence' || kind === 'slow-reader';
}

import { checkName, ParleyError } from '@parley/shared';
import * as z from 'zod/mini';

/** Any device. */
export const EVERY_DEVICE = '*';

/** Two weeks; a timer of Node holds no more than 24 days. */
const LONGEST_SECONDS = 1_209_600;

const described = {
  name: z.string().check(z.describe('Names the rule; 1 to 64 of a-z 0-9 _ -')),
  device: z.string().check(z.describe('A device, which may come later, or `*` for each one by itself')),
  metric: z
    .string()
    .check(z.minLength(1), z.maxLength(128), z.describe('May come later; for `silent`, any metric when missing')),
  condition: z.enum(['above', 'below', 'silent']),
  threshold: z.number().check(z.describe('For `above` and `below`; booleans count as 0 and 1')),
  hysteresis: z
    .number()
    .check(z.minimum(0), z.describe('Cleared only when the value is back by this much; 0 when missing')),
  forSeconds: z
    .number()
    .check(z.minimum(0), z.maximum(LONGEST_SECONDS), z.describe('How long it must hold without a break; 0 at once')),
  channel: z.string().check(z.describe('Where the notices go')),
};

/** What makes a rule, but for its name. */
export const termsSchema = z.strictObject({
  device: described.device,
  metric: z.optional(described.metric),
  condition: described.condition,
  threshold: z.optional(described.threshold),
  hysteresis: z.optional(described.hysteresis),
  forSeconds: described.forSeconds,
  channel: described.channel,
});
export type Terms = z.infer<typeof termsSchema>;

export const newRuleSchema = z.extend(termsSchema, { name: described.name });

const time = z.int().check(z.describe('ms since the Unix epoch'));

/** A rule as the API gives it. */
export const alertSchema = z.extend(newRuleSchema, {
  by: z.string().check(z.describe('Who made it; it sees and says what they may')),
  createdAt: time,
  updatedAt: time,
  raised: z
    .array(z.object({ device: z.string(), since: time }))
    .check(z.describe('Devices for which it holds now, 100 at most')),
  raisedCount: z.int(),
});
export type Alert = z.infer<typeof alertSchema>;

/**
 * The terms when they fit together.
 * @throws ParleyError `name-invalid`, `request-invalid`
 */
export function checkTerms(terms: Terms): Terms {
  const { device, metric, condition, threshold, hysteresis, forSeconds, channel } = terms;
  if (device !== EVERY_DEVICE) checkName(device, 'device');
  checkName(channel, 'channel');
  if (condition === 'silent') {
    if (threshold !== undefined || hysteresis !== undefined) fault('silent takes neither threshold nor hysteresis');
    if (forSeconds < 1) fault('silent needs forSeconds of at least 1');
  } else if (metric === undefined || threshold === undefined) fault(`${condition} needs metric and threshold`);
  return terms;
}

/** Whether a value is where the alert holds; once it is raised, `hysteresis` keeps it so. */
export function holds({ condition, threshold = 0, hysteresis = 0 }: Terms, value: number, raised: boolean): boolean {
  const slack = raised ? hysteresis : 0;
  return condition === 'above' ? value > threshold - slack : value < threshold + slack;
}

function fault(what: string): never {
  throw new ParleyError('request-invalid', `alert: ${what}`);
}

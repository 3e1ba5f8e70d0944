import * as z from 'zod';
import { percent, shortTime } from './values.ts';

const count = z.int().min(0);
/** A number, or a share of all. */
const amount = z.union([count, percent.transform((share) => ({ share }))], {
  error: 'expected a whole number, or a share such as 0.1%',
});

const percentiles = z
  .strictObject({ p50: shortTime, p90: shortTime, p95: shortTime, p99: shortTime, max: shortTime })
  .partial()
  .refine((given) => Object.keys(given).length > 0, 'expected one or more of p50, p90, p95, p99, max');

export const expectationsSchema = z.strictObject({
  connected: amount.optional().describe('At least so many devices were connected at the same time'),
  published: count.optional().describe('At least so many messages were sent; at QoS 1 and 2, acknowledged'),
  delivered: amount.optional().describe('At least so many readings came back from the broker'),
  lost: amount.optional().describe('At most so many readings that were sent did not come back'),
  unsent: amount.optional().describe('At most so many readings were never sent: the device was offline'),
  duplicated: amount.optional().describe('At most so many readings came back more than once'),
  disordered: amount.optional().describe('At most so many readings came back behind a later one of their device'),
  latency: percentiles.optional().describe('From sending to coming back, at most'),
  reconnect: percentiles.optional().describe('From the loss of a connection to the next CONNACK, at most'),
  commands: amount.optional().describe('At least so many commands of the scenario were answered in time'),
  errors: amount.optional().describe('At most so many errors: refusals, failed connections'),
});

export type Expectations = z.infer<typeof expectationsSchema>;
export type Amount = z.infer<typeof amount>;
export type Percentiles = z.infer<typeof percentiles>;

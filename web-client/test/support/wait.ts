import type { MqttClient } from 'mqtt';
import { follow as followFor } from '../../../broker/test/support/messages.ts';
import { until as untilWithin } from '../../../broker/test/support/until.ts';
import { STEP_MS } from './shared-browser.ts';

/** The first truthy answer of `ask`, with the patience that a page needs. */
export function until<T>(ask: () => T | Promise<T>, what: string): Promise<NonNullable<T>> {
  return untilWithin(ask, what, STEP_MS);
}

/** Subscribes and gives what arrives, one by one, with the patience that a page needs. */
export function follow(client: MqttClient, filter: string, options: { qos?: 0 | 1 | 2 } = {}) {
  return followFor(client, filter, { ...options, ms: STEP_MS });
}

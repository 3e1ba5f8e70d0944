import type { EngineOptions } from '../mqtt/options.ts';
import type { HubOptions, OptionKey } from './table.ts';

/** Limits of the engine that can change while it runs; those a client was told at CONNECT cannot. */
const engineKeys = [
  'maxConnectBytes',
  'inboundMaxBytes',
  'maxTopicLevels',
  'maxConnections',
  'maxSessions',
  'maxSubscriptions',
  'subscriptionsMaxBytes',
  'maxRetainedMessages',
  'maxRetainedBytes',
  'connectTimeoutSeconds',
  'maxInflight',
  'maxQueuedMessages',
  'maxQueuedBytes',
  'queuedMaxBytes',
  'maxOutboundBytes',
  'outboundMaxBytes',
  'maxPublishesPerSecond',
  'sessionExpirySeconds',
] as const satisfies readonly (OptionKey & keyof EngineOptions)[];

/** Every option that is used anew without a restart. */
const liveKeys: ReadonlySet<OptionKey> = new Set<OptionKey>([...engineKeys, 'maxConnectsPerSecond', 'logLevel']);

export function engineLimits(options: HubOptions): Partial<EngineOptions> {
  return Object.fromEntries(engineKeys.map((key) => [key, options[key]]));
}

/** Options that differ and are used only after a restart. */
export function needRestart(before: HubOptions, now: HubOptions): OptionKey[] {
  const keys = Object.keys(now) as OptionKey[];
  return keys.filter((key) => !liveKeys.has(key) && JSON.stringify(before[key]) !== JSON.stringify(now[key]));
}

import { Hub, memoryStorage } from '../index.ts';
import type { ClientStorage, Clock, HubOptions, Platform } from '../index.ts';
import { openMqttLink } from '../mqtt/mqtt-link.ts';

export { fileStorage } from './file-storage.ts';

export interface NodeHubOptions extends HubOptions {
  /** Where drafts that are not sent, read positions and cached entries live. @default memory: gone with the process */
  readonly storage?: ClientStorage;
  /** Parts to replace, for tests. */
  readonly platform?: Partial<Platform>;
}

const clock: Clock = {
  now: Date.now,
  setTimeout,
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/**
 * One user at one hub, over TCP (`mqtt:`, `mqtts:`) or WebSocket. Does not wait for the connection: cached entries are
 * there and sends are taken at once.
 * @throws ParleyError `name-invalid`, TypeError for a URL that is none, what the storage throws when it cannot be read
 */
export function connectHub({ storage = memoryStorage(), platform, ...options }: NodeHubOptions): Promise<Hub> {
  const parts = { openLink: openMqttLink, fetch, clock, random: Math.random, storage, ...platform };
  return new Hub(parts, options).open();
}

import { Hub } from '../index.ts';
import type { ClientStorage, Clock, HubOptions, Platform } from '../index.ts';
import { openMqttLink } from '../mqtt/mqtt-link.ts';
import { idbStorage } from './idb-storage.ts';
import { wakeOn } from './wake.ts';

export { idbStorage } from './idb-storage.ts';

export interface BrowserHubOptions extends HubOptions {
  /** Where drafts that are not sent, read positions and cached entries live. @default IndexedDB, the database `parley` */
  readonly storage?: ClientStorage;
  /** Parts to replace, for tests. */
  readonly platform?: Partial<Platform>;
}

const clock: Clock = {
  now: () => Date.now(),
  setTimeout: (work, ms) => setTimeout(work, ms),
  clearTimeout: (timer) => clearTimeout(timer as number),
};

/**
 * One user at one hub, over WebSocket. Does not wait for the connection: cached entries are there and sends are taken
 * at once. Looks for the hub again as soon as the network is back or the page is seen.
 * @throws ParleyError `name-invalid`, TypeError for a URL that is none, what the storage throws when it cannot be read
 */
export async function connectHub({ storage, platform, ...options }: BrowserHubOptions): Promise<Hub> {
  const parts = {
    openLink: openMqttLink,
    // Called on its own it would lose the window it belongs to.
    fetch: (url: string, init: RequestInit) => fetch(url, init),
    clock,
    random: Math.random,
    storage: storage ?? (await idbStorage('parley')),
    ...platform,
  };
  const hub = await new Hub(parts, options).open();
  wakeOn(hub);
  return hub;
}

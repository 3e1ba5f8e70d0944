import { startHub } from '@parley/broker';
import type { HubOptions } from '@parley/broker';
import { pageSchema } from '@parley/shared';
import type { Entry } from '@parley/shared';
import type { UrlOf } from '../../src/fleet.ts';
import { watch } from './watcher.ts';
import type { Watcher } from './watcher.ts';

export interface TestHub extends AsyncDisposable {
  readonly ports: { readonly mqttPort: number; readonly httpPort: number; readonly mqttsPort?: number };
  readonly urls: { readonly tcp: string; readonly ws: string };
  readonly urlOf: UrlOf;
  readonly http: string;
  /** A watching client, ended with the hub. */
  watch(...filters: string[]): Promise<Watcher>;
  log(channel?: string): Promise<Entry[]>;
}

/** A real hub on free ports, or on those of one that was there before. */
export async function startTestHub(options: Partial<HubOptions> = {}): Promise<TestHub> {
  const quiet = { logLevel: 'silent', presenceGraceSeconds: 0 } as const;
  const hub = await startHub({ store: 'memory', mqttPort: 0, httpPort: 0, ...quiet, ...options });
  const watchers: Watcher[] = [];
  const { mqtt: mqttPort, http: httpPort, mqtts: mqttsPort } = hub.ports;
  const http = `http://127.0.0.1:${httpPort}`;
  const urls = { tcp: `mqtt://127.0.0.1:${mqttPort}`, ws: `ws://127.0.0.1:${httpPort}/mqtt` };
  return {
    ports: { mqttPort, httpPort, ...(mqttsPort !== undefined && { mqttsPort }) },
    urls,
    urlOf: (transport) => (transport === 'ws' ? urls.ws : urls.tcp),
    http,
    watch: async (...filters) => {
      const watcher = await watch(urls.tcp, ...filters);
      watchers.push(watcher);
      return watcher;
    },
    log: async (channel = 'general') => {
      const response = await fetch(`${http}/api/channels/${channel}/messages?limit=1000`);
      return pageSchema.parse(await response.json()).entries;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(watchers.map((one) => one[Symbol.asyncDispose]()));
      await hub.close();
    },
  };
}

import { setTimeout as pause } from 'node:timers/promises';
import type { ClientStorage, Fetch, OpenLink, Platform } from '@parley/shared/client';
import type { Hub } from '@parley/shared/client';
import { connectHub } from '@parley/shared/client/node';
import type { NodeHubOptions } from '@parley/shared/client/node';
import { openMqttLink } from '../../../src/client/mqtt/mqtt-link.ts';
import type { Dice } from './random.ts';

/** A client that can end as a process does that is killed: from one moment on nothing it does has an effect. */
export interface Mortal {
  readonly hub: Hub;
  /** Resolves when what had begun to be written is written or not, as after the end of a process. */
  kill(): Promise<void>;
}

const never = new Promise<never>(() => undefined);

/** Each write takes effect after a while, in the order of its key alone, unless the client was killed before. */
function slowStorage(storage: ClientStorage, dice: Dice, alive: () => boolean) {
  const busy = new Map<string, Promise<void>>(); // by key
  const begun = new Set<Promise<void>>();
  const write = (key: string, work: () => Promise<void>): Promise<void> => {
    const done = (busy.get(key) ?? Promise.resolve()).then(async () => {
      if (dice.chance(0.5)) await pause(dice.between(0, 10));
      if (!alive()) return never;
      const writing = work();
      begun.add(writing);
      await writing;
      begun.delete(writing);
      return alive() ? undefined : never;
    });
    busy.set(key, done);
    return done;
  };
  const slow: ClientStorage = {
    get: (key) => storage.get(key),
    list: (prefix) => storage.list(prefix),
    set: (key, value) => write(key, () => storage.set(key, value)),
    delete: (key) => write(key, () => storage.delete(key)),
  };
  return { slow, begun: () => Promise.all(begun) };
}

export async function connectMortal(options: NodeHubOptions & { storage: ClientStorage }, dice: Dice): Promise<Mortal> {
  let alive = true;
  const links = new Set<ReturnType<OpenLink>>();
  const openLink: OpenLink = (url, linkOptions, events) => {
    if (!alive) throw new Error('killed');
    const link = openMqttLink(url, linkOptions, events);
    links.add(link);
    return link;
  };
  const lively: Fetch = async (url, init) => (alive ? fetch(url, init) : never);
  const platform: Partial<Platform> = { openLink, fetch: lively, random: dice.next };
  const { slow, begun } = slowStorage(options.storage, dice, () => alive);
  const hub = await connectHub({ ...options, storage: slow, platform });
  const kill = async (): Promise<void> => {
    alive = false;
    for (const link of links) link.abort();
    void hub.close();
    await begun();
  };
  return { hub, kill };
}

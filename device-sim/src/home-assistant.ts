import { createRequire } from 'node:module';
import { discoveryOf, homeAssistantStatus } from '@parley/shared';
import type { About } from '@parley/shared';
import { openLink } from './link.ts';
import type { Link, LinkOptions } from './link.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

export interface Announced {
  readonly name: string;
  readonly about: About;
}

export interface Announcer {
  /** Takes everything back and leaves: simulated devices do not outlive their run. */
  stop(): Promise<void>;
}

/**
 * Tells Home Assistant of devices, as a hub with `homeAssistant` does, on a connection of its own: whenever that is made,
 * and when Home Assistant has started.
 * @param refused why the broker does not take it; it stays silent then
 */
export function announce(
  connection: Pick<LinkOptions, 'url' | 'clientId' | 'username' | 'password' | 'tls'>,
  devices: readonly Announced[],
  refused: (error: Error) => void,
): Announcer {
  let turn = 0;
  let telling: Promise<void> = Promise.resolve();
  const tellAgain = (isGone: boolean): Promise<void> => {
    const own = ++turn;
    const isStale = (): boolean => own !== turn;
    telling = telling.then(() => tell(link, devices, isGone, isStale)).catch(() => undefined);
    return telling;
  };
  const link: Link = openLink(
    { ...connection, random: Math.random },
    {
      up: () => {
        void link.subscribe([homeAssistantStatus], 1).catch(() => undefined);
        void tellAgain(false);
      },
      down: () => void turn++,
      refused,
      message: (_topic, payload, retained) => {
        // What is retained was said before we came, and we have told everything since.
        if (!retained && new TextDecoder().decode(payload) === 'online') void tellAgain(false);
      },
    },
  );
  return {
    stop: async () => {
      if (link.connected) await tellAgain(true);
      await link.close();
    },
  };
}

/** One device after the other: a broker may bound what waits. */
async function tell(link: Link, devices: readonly Announced[], isGone: boolean, isStale: () => boolean): Promise<void> {
  for (const { name, about } of devices) {
    if (isStale() || !link.connected) return;
    await Promise.all(
      discoveryOf(name, about, version).map(({ topic, payload }) =>
        link.publish({ topic, payload: isGone ? new Uint8Array() : payload, qos: 1, retain: true }),
      ),
    );
  }
}

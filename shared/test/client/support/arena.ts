import { expect } from 'chai';
import type { Entry, Page } from '@parley/shared';
import type { Conversation, Hub } from '@parley/shared/client';
import { until } from '../../../../broker/test/support/until.ts';

/** Ports of a hub, and nothing while it is dead: they may be somebody else's by then. */
export interface ChaosTarget {
  readonly ports: { readonly mqtt: number; readonly http: number } | undefined;
}

/** Where the talking of one run happens, and who does it. */
export interface Arena {
  readonly senders: readonly [string, string];
  readonly reader: string;
  open(hub: Hub): Conversation;
  /** What has to be there before anybody talks. */
  prepare(target: ChaosTarget): Promise<void>;
  /** The log, straight from the hub. */
  log(target: ChaosTarget): Promise<Entry[]>;
}

const ANSWER_MS = 60_000;

/** By turns a public channel, a private one, and direct messages, whose reader is another device of one of the two. */
export function arenaOf(seed: number): Arena {
  if (seed % 4 === 2) return directMessages(seed);
  return channel(seed, seed % 4 === 3);
}

function channel(seed: number, isPrivate: boolean): Arena {
  const name = `run-${seed}`;
  const path = `/api/channels/${name}`;
  const [ana, ben, reader] = [`ana-${seed}`, `ben-${seed}`, `reader-${seed}`];
  return {
    senders: [ana, ben],
    reader,
    open: (hub) => hub.channel(name),
    prepare: async (target) => {
      if (!isPrivate) return;
      // 409: it was made by a request whose answer was lost.
      await ask(target, reader, 'POST', '/api/channels', [201, 409], { name, private: true });
      for (const user of [ana, ben]) await ask(target, reader, 'PUT', `${path}/members/${user}`, [204]);
    },
    log: async (target) => {
      await ask(target, 'eve', 'GET', `${path}/messages`, [isPrivate ? 404 : 200]);
      return entries(target, reader, `${path}/messages`);
    },
  };
}

function directMessages(seed: number): Arena {
  const [ana, ben] = [`ana-${seed}`, `ben-${seed}`];
  return {
    senders: [ana, ben],
    reader: ana,
    open: (hub) => hub.dm(hub.user === ana ? ben : ana),
    prepare: async () => undefined,
    log: (target) => entries(target, ana, `/api/dm/${ben}/messages`),
  };
}

async function entries(target: ChaosTarget, user: string, path: string): Promise<Entry[]> {
  const page = (await ask(target, user, 'GET', `${path}?after=0&limit=1000`, [200])) as Page;
  return page.entries;
}

/** Asks until there is an answer: the hub may be dead just now. */
async function ask(
  target: ChaosTarget,
  user: string,
  method: string,
  path: string,
  expected: number[],
  body?: object,
): Promise<unknown> {
  const headers = { Authorization: `Basic ${btoa(`${user}:`)}`, ...(body && { 'Content-Type': 'application/json' }) };
  const answer = await until(
    async () => {
      const { ports } = target;
      if (!ports) return undefined;
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
      return fetch(`http://127.0.0.1:${ports.http}${path}`, init)
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch(() => undefined);
    },
    `${method} ${path}`,
    ANSWER_MS,
  );
  expect(answer.status, `${method} ${path}: ${answer.text}`).to.be.oneOf(expected);
  return answer.text === '' ? undefined : JSON.parse(answer.text);
}

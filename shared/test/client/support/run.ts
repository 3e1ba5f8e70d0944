import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { Entry } from '@parley/shared';
import { memoryStorage } from '@parley/shared/client';
import type { ClientStorage, Conversation, Hub, Send } from '@parley/shared/client';
import { until } from '../../../../broker/test/support/until.ts';
import { arenaOf } from './arena.ts';
import type { Arena, ChaosTarget } from './arena.ts';
import { ChaosProxy } from './chaos-proxy.ts';
import { connectMortal } from './mortal.ts';
import type { Mortal } from './mortal.ts';
import { dice as diceOf } from './random.ts';
import type { Dice } from './random.ts';

/** Short times, so that a run is over within a second or two. */
const times = {
  reconnect: { baseMs: 10, capMs: 80 },
  keepaliveSeconds: 1,
  connectTimeoutMs: 400,
  ackTimeoutMs: 300,
  requestTimeoutMs: 300,
  confirmMs: 150,
};

export interface RunOptions {
  readonly seed: number;
  /** Where each client keeps what outlives it. @default memory */
  readonly storage?: () => Promise<ClientStorage>;
  /** Milliseconds that everything may take to come right. @default 20_000 */
  readonly settleMs?: number;
}

/** What one sender did, over all its lives. */
interface Record {
  readonly user: string;
  /** Ids in the order of `send()`. */
  readonly sent: string[];
  /** Ids that were ever written to storage: nothing else may leave the client. */
  readonly kept: Set<string>;
  /** Ids that were in storage before anything was killed: these have to arrive. */
  readonly promised: Set<string>;
  readonly sends: Send[];
}

/**
 * Two senders, who also read, and a reader talk through the chaos; senders are closed or killed and come back with what
 * they had stored; the hub goes away for a moment. Then it is calm, and everything has to be right.
 */
export async function chaosRun(
  target: ChaosTarget,
  { seed, storage = async () => memoryStorage(), settleMs = 20_000 }: RunOptions,
): Promise<void> {
  const dice = diceOf(seed);
  const arena = arenaOf(seed);
  await arena.prepare(target);
  await using proxy = await ChaosProxy.open(dice.fork(), target);
  // MQTT over WebSocket goes through the HTTP side of the proxy.
  const url = dice.chance(0.25) ? proxy.httpUrl : proxy.mqttUrl;
  const base = { url, httpUrl: proxy.httpUrl, sendWindow: dice.between(1, 8), ...times };
  const life = (user: string, kept: ClientStorage, own: Dice): Promise<Mortal> =>
    connectMortal({ ...base, user, storage: kept }, own);

  const reader = await life(arena.reader, await storage(), dice.fork());
  const follows = arena.open(reader.hub);
  const senders = await Promise.all(
    arena.senders.map(async (user) => sender(user, arena, life, await storage(), dice.fork())),
  );
  const outage = takeDown(proxy, dice.fork());
  const leave = dice.chance(0.25);

  const last = await Promise.all(senders.map((one) => one.talk()));
  await outage;
  proxy.calm({ leave });
  try {
    await Promise.all(last.map(({ conversation, record }) => settled(conversation, record, settleMs)));
    const log = await arena.log(target);
    checkLog(
      log,
      last.map(({ record }) => record),
    );
    for (const { record } of last) checkSends(record, log);
    for (const conversation of [follows, ...last.map((one) => one.conversation)]) {
      await until(() => conversation.lastSeq === log.length, `${log.length} entries read`, settleMs);
      expect(conversation.entries, 'entries as read').to.deep.equal(log);
    }
  } finally {
    await Promise.all([reader.hub.close(), ...last.map(({ mortal }) => mortal.hub.close())]);
  }
  await Promise.all(senders.map((one) => one.checkForgotten()));
}

type Life = (user: string, kept: ClientStorage, dice: Dice) => Promise<Mortal>;

function sender(user: string, arena: Arena, life: Life, kept: ClientStorage, dice: Dice) {
  const record: Record = { user, sent: [], kept: new Set(), promised: new Set(), sends: [] };
  const noted = noting(kept, record.kept);

  /** @returns the last life */
  const talk = async () => {
    const lives = dice.between(1, 3);
    for (let count = 1; ; count++) {
      const mortal = await life(user, noted, dice.fork());
      const conversation = arena.open(mortal.hub);
      if (dice.chance(0.5)) await onlineOrLate(mortal.hub);
      await talkOnce(conversation, record, dice);
      if (count === lives) return { mortal, conversation, record };
      if (dice.chance(0.6)) await pause(dice.between(0, 150));
      if (dice.chance(0.5)) await mortal.kill();
      else await mortal.hub.close();
    }
  };
  const checkForgotten = async (): Promise<void> => {
    expect(await kept.list('outbox/'), `outbox of ${user}`).to.deep.equal([]);
  };
  return { talk, checkForgotten };
}

/** Notes the ids of the drafts that are stored. */
function noting(storage: ClientStorage, ids: Set<string>): ClientStorage {
  return {
    get: (key) => storage.get(key),
    list: (prefix) => storage.list(prefix),
    delete: (key) => storage.delete(key),
    set: (key, value) => {
      if (key.startsWith('outbox/')) ids.add(key.split('/')[2]!);
      return storage.set(key, value);
    },
  };
}

/** What is sent then is on its way at once, and can be cut there. */
async function onlineOrLate(hub: Hub): Promise<void> {
  await hub.whenOnline({ signal: AbortSignal.timeout(150) }).catch(() => undefined);
}

async function talkOnce(conversation: Conversation, record: Record, dice: Dice): Promise<void> {
  for (let count = dice.between(1, 5); count > 0; count--) {
    const send = conversation.send(`${record.user} ${record.sent.length}`);
    record.sent.push(send.id);
    record.sends.push(send);
    void send.whenStored().then(() => record.promised.add(send.id));
    if (dice.chance(0.6)) await pause(dice.between(0, 25));
  }
}

async function takeDown(proxy: ChaosProxy, dice: Dice): Promise<void> {
  if (dice.chance(0.6)) return;
  await pause(dice.between(0, 80));
  proxy.goDown();
  await pause(dice.between(0, 60));
  proxy.up();
}

/** Those that the last life sent, and all that are settled, are settled by the entry that is in the log. */
function checkSends({ user, sends }: Record, log: Entry[]): void {
  for (const { id, state } of sends) {
    if (state.state === 'sent') expect(state.entry, `entry of ${user}`).to.deep.equal(log.find((one) => one.id === id));
  }
}

async function settled(conversation: Conversation, record: Record, settleMs: number): Promise<void> {
  await until(() => !conversation.isSending, `everything of ${record.user} sent`, settleMs);
  await Promise.all(record.sends.slice(-1).map((send) => send.whenSent()));
  for (const send of record.sends) expect(send.state.state, `${send.id} of ${record.user}`).to.not.equal('failed');
}

/** No holes, no doubles, all that was promised, nothing that was not sent, each sender's in its order. */
function checkLog(log: Entry[], records: Record[]): void {
  expect(
    log.map(({ seq }) => seq),
    'seq',
  ).to.deep.equal(log.map((_entry, index) => index + 1));
  expect(new Set(log.map(({ id }) => id)).size, 'different ids').to.equal(log.length);
  for (const { user, sent, kept, promised } of records) {
    const logged = log.filter(({ from }) => from === user);
    const ids = new Set(logged.map(({ id }) => id));
    expect(
      [...ids].filter((id) => !kept.has(id)),
      `sent before it was stored by ${user}`,
    ).to.deep.equal([]);
    const order = logged.map(({ id }) => sent.indexOf(id));
    expect(order, `order of ${user}: ${order.join(' ')}`).to.deep.equal(order.toSorted((a, b) => a - b));
    expect(
      [...promised].filter((id) => !ids.has(id)),
      `lost of ${user}`,
    ).to.deep.equal([]);
    expect(
      logged.map(({ text }) => text),
      `texts of ${user}`,
    ).to.deep.equal(logged.map(({ id }) => `${user} ${sent.indexOf(id)}`));
  }
  expect(log.length).to.equal(
    records.flatMap(({ sent }) => sent).filter((id) => log.some((one) => one.id === id)).length,
  );
}

import { expect } from 'chai';
import type { MqttClient } from 'mqtt';
import { inParallel, tally } from './attack.ts';
import type { Attack } from './attack.ts';
import type { Target } from './target.ts';

const hex = (code: number): string => `0x${code.toString(16).padStart(2, '0')}`;

/** The reason code of what was asked, `ok` for success and `closed` for a connection that ended over it. */
async function answerTo(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    const { code } = error as { code?: number };
    return typeof code === 'number' ? hex(code) : 'closed';
  }
}

/** A connection that is new when the last one was closed. */
async function open(target: Target, last?: MqttClient, clientId?: string): Promise<MqttClient> {
  if (last?.connected) return last;
  const client = await target.client(target.tokens.eve, { keepalive: 0, ...(clientId && { clientId }) });
  client.on('error', () => undefined).setMaxListeners(0);
  return client;
}

async function bombs(target: Target) {
  const topics = ['a'.repeat(65_535), 'a/'.repeat(99), 'a/'.repeat(100), '/'.repeat(32_000), `${'é/'.repeat(99)}x`];
  const filters = [...topics, '+/'.repeat(99), `${'+/'.repeat(99)}#`, '$share/g/'.concat('+/'.repeat(90))];
  const answers: string[] = [];
  let client = await open(target);
  for (let round = 0; round < 10; round++) {
    for (const topic of topics) {
      client = await open(target, client);
      const ended = new Promise<string>((done) => client.once('close', () => done('closed')));
      const retained = client.publishAsync(topic, 'x', { qos: 1, retain: true });
      answers.push(await Promise.race([answerTo(retained), ended]));
    }
    for (const filter of filters) {
      client = await open(target, client);
      const ended = new Promise<string>((done) => client.once('close', () => done('closed')));
      answers.push(await Promise.race([answerTo(client.subscribeAsync(filter)), ended]));
    }
  }
  await client.endAsync(true);
  expect(answers.filter((answer) => answer !== 'ok').length).to.be.at.least(20);
  return { attempts: answers.length, outcome: tally(answers) };
}

async function subscriptions(target: Target) {
  const client = await open(target);
  const codes: (number | undefined)[] = [];
  for (let from = 0; from < 20_000; from += 1000) {
    const filters = Array.from({ length: 1000 }, (_, i) => `flood/${from + i}/+/x`);
    const granted = await client.subscribeAsync(filters).catch((error: { packet?: { granted: number[] } }) => {
      return (error.packet?.granted ?? []).map((qos) => ({ qos }));
    });
    codes.push(...granted.map(({ qos }) => qos));
  }
  await client.endAsync(true);
  const taken = codes.filter((code) => code === 0).length;
  expect(taken).to.equal(1000);
  return { attempts: codes.length, outcome: `${taken} taken, ${codes.length - taken} refused` };
}

async function retention(target: Target) {
  const client = await open(target);
  const answers: string[] = [];
  await inParallel(Array(4000).keys(), 200, async (index) => {
    answers.push(await answerTo(client.publishAsync(`flood/${index}`, 'x'.repeat(200), { qos: 1, retain: true })));
  });
  const kept = (await target.metrics()).get('parley_retained_messages')!;
  await inParallel(Array(4000).keys(), 200, async (index) => {
    await client.publishAsync(`flood/${index}`, '', { qos: 1, retain: true }).catch(() => undefined);
  });
  await client.endAsync(true);
  expect(kept).to.be.at.most(1100);
  expect(answers).to.include(hex(0x97));
  return { attempts: answers.length, outcome: `${tally(answers)}; ${kept} kept` };
}

async function sessions(target: Target) {
  const answers: string[] = [];
  await inParallel(Array(800).keys(), 50, async (index) => {
    const kept = { clean: false, properties: { sessionExpiryInterval: 60 } };
    const leave = async (): Promise<void> => {
      const client = await target.client(target.tokens.eve, { clientId: `fresh-${index}`, ...kept });
      if (index % 4 > 0) await client.subscribeAsync('flood/#', { qos: 1 }).catch(() => undefined);
      await client.endAsync();
    };
    answers.push(await answerTo(leave()));
  });
  const kept = (await target.metrics()).get('parley_mqtt_sessions')!;
  expect(kept).to.be.at.most(500 + 50);
  return { attempts: answers.length, outcome: `${tally(answers)}; ${kept} sessions kept` };
}

async function queues(target: Target) {
  const client = await open(target);
  await inParallel(Array(300).keys(), 20, async (index) => {
    await client.publishAsync(`flood/q/${index % 10}`, Buffer.alloc(1000), { qos: 1 });
  });
  await client.endAsync();
  const bytes = (await target.metrics()).get('parley_mqtt_queued_bytes')!;
  expect(bytes).to.be.below(256 * 1024 ** 2);
  return { attempts: 300, outcome: `acknowledged; ${Math.round(bytes / 1024)} KiB queued over all sessions` };
}

async function wills(target: Target) {
  const answers: string[] = [];
  const left: MqttClient[] = [];
  await inParallel(Array(200).keys(), 25, async (index) => {
    // The packet of the second kind is over `maxConnectBytes`.
    const payload = Buffer.alloc(index % 2 === 0 ? 60_000 : 200_000);
    const will = { topic: `flood/will/${index}`, payload, qos: 1 as const, retain: false };
    const opened = target.client(target.tokens.eve, { will, connectTimeout: 20_000 });
    answers.push(await answerTo(opened.then((client) => left.push(client.on('error', () => undefined)))));
  });
  const bytes = (await target.metrics()).get('parley_mqtt_will_bytes')!;
  await Promise.all(left.map((client) => client.endAsync(true)));
  expect(left.length).to.be.at.most(100);
  return { attempts: answers.length, outcome: `${tally(answers)}; ${Math.round(bytes / 1024)} KiB of wills` };
}

/** The limits themselves are in broker/test/engine/limits.test.ts. */
export const floodAttacks: readonly Attack[] = [
  { name: 'topic and filter bombs', run: bombs },
  { name: 'a flood of subscriptions', run: subscriptions },
  { name: 'a flood of retained messages', run: retention },
  { name: 'a flood of sessions with fresh client ids', run: sessions },
  { name: 'a flood into all their queues', run: queues },
  { name: 'huge wills', run: wills },
];

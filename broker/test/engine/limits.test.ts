import { connect as openSocket } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { generate } from 'mqtt-packet';
import { startTestBroker, type TestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { eventually } from './wait.ts';

const QUOTA = 0x97;

async function puback(client: RawClient, topic: string, payload: string | Buffer, options = {}): Promise<number> {
  client.publish(topic, payload, { qos: 1, messageId: 7, retain: true, ...options });
  return (await client.expect('puback'))['reasonCode'] as number;
}

async function granted(client: RawClient, filters: readonly string[], version: 4 | 5 = 5): Promise<number[]> {
  const subscriptions = filters.map((topic) => ({ topic, qos: 0 as const }));
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions, ...(version === 5 ? { properties: {} } : {}) });
  return (await client.expect('suback'))['granted'] as number[];
}

function refusals({ engine, log }: TestBroker, cause: string): [counted: number, logged: number] {
  const counted = (engine.counters.refused as Record<string, number>)[cause] ?? 0;
  return [counted, log.filter((line) => line.event === 'refused' && line['cause'] === cause).length];
}

function deep(i: number): string {
  return `${i}${'/x'.repeat(60)}`;
}

function withWill(bytes: number) {
  return { will: { topic: 'w', payload: Buffer.alloc(bytes), qos: 1 as const, retain: false } };
}

/** A session that outlives its connection, for a subscription to `filter` if there is one. */
async function leaveSession(broker: TestBroker, id: string, filter?: string): Promise<void> {
  using client = await RawClient.connect(broker.port, id, { properties: { sessionExpiryInterval: 1000 } });
  if (filter) await client.subscribe(filter, 1);
  client.send({ cmd: 'disconnect' });
  await eventually(() => broker.engine.sessions.get(id)!.connection === null);
}

describe('a limit on subscriptions', () => {
  it('refuses one filter too many with 0x97, and takes the others of its packet and replacements', async () => {
    await using broker = await startTestBroker({ options: { maxSubscriptions: 2 } });
    using client = await RawClient.connect(broker.port, 'c');

    expect(await granted(client, ['a', 'b', 'c', '$share/g/d', 'a'])).to.deep.equal([0, 0, QUOTA, QUOTA, 0]);
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a'] });
    await client.expect('unsuback');
    expect(await granted(client, ['c'])).to.deep.equal([0]);

    expect(refusals(broker, 'subscriptions')).to.deep.equal([2, 2]);
    expect(broker.engine.counters.subscriptions).to.equal(2);
  });

  it('refuses it with 0x80 to a 3.1.1 client', async () => {
    await using broker = await startTestBroker({ options: { maxSubscriptions: 1 } });
    using client = await RawClient.connect(broker.port, 'c', { version: 4 });

    expect(await granted(client, ['a', 'b'], 4)).to.deep.equal([0, 0x80]);
  });

  it('bounds the memory of all filters, of which one client has an eighth at most, and gives it back', async () => {
    await using broker = await startTestBroker({ options: { subscriptionsMaxBytes: 65_536 } });
    using greedy = await RawClient.connect(broker.port, 'greedy');
    const codes = await granted(
      greedy,
      Array.from({ length: 30 }, (_, i) => deep(i)),
    );
    const clients = await Promise.all(Array.from({ length: 12 }, (_, i) => RawClient.connect(broker.port, `c${i}`)));

    expect(codes.filter((code) => code === 0)).to.have.length(9);
    for (const client of clients)
      await granted(
        client,
        Array.from({ length: 9 }, (_, i) => `own/${deep(i)}`),
      );
    expect(broker.engine.counters.subscriptionBytes).to.be.within(60_000, 65_536);
    for (const client of [...clients, greedy]) client[Symbol.dispose]();

    await eventually(() => broker.engine.counters.subscriptionBytes === 0);
  });
});

describe('a limit on retained messages', () => {
  it('refuses a new topic with 0x97, at QoS 1 and 2, but neither a replacement nor a deletion', async () => {
    await using broker = await startTestBroker({ options: { maxRetainedMessages: 2 } });
    using client = await RawClient.connect(broker.port, 'c');
    expect([await puback(client, 'a', 'v'), await puback(client, 'b', 'v')]).to.not.include(QUOTA);

    expect(await puback(client, 'c', 'v')).to.equal(QUOTA);
    client.publish('c', 'v', { qos: 2, messageId: 8, retain: true });
    expect((await client.expect('pubrec'))['reasonCode']).to.equal(QUOTA);
    expect(await puback(client, 'a', 'other')).to.not.equal(QUOTA);
    expect(await puback(client, 'c', 'not retained', { retain: false })).to.not.equal(QUOTA);
    expect(await puback(client, 'b', '')).to.not.equal(QUOTA);
    expect(await puback(client, 'c', 'v')).to.not.equal(QUOTA);

    expect(broker.engine.store.retainedCount).to.equal(2);
    expect(refusals(broker, 'retained')).to.deep.equal([2, 2]);
  });

  it('is told to the hub where the protocol has no refusal, and nobody gets the message', async () => {
    const told: string[] = [];
    const refused = (message: { topic: string }, _client: unknown, { code }: { code?: string | undefined }): void =>
      void told.push(`${code} ${message.topic}`);
    await using broker = await startTestBroker({ options: { maxRetainedMessages: 0 }, hooks: { refused } });
    using reader = await RawClient.connect(broker.port, 'reader', { version: 4 });
    using client = await RawClient.connect(broker.port, 'c', { version: 4 });
    await reader.subscribe('#');

    client.publish('a', 'v', { qos: 1, messageId: 1, retain: true });
    await client.expect('puback');

    expect(told).to.deep.equal(['quota-exceeded a']);
    expect(await reader.isSilent()).to.equal(true);
  });

  it('counts bytes, topics included, and keeps what the hub itself publishes', async () => {
    await using broker = await startTestBroker({ options: { maxRetainedBytes: 4096 } });
    using client = await RawClient.connect(broker.port, 'c');

    expect(await puback(client, 'a', Buffer.alloc(2048))).to.not.equal(QUOTA);
    expect(await puback(client, 'b'.repeat(2000), 'v')).to.equal(QUOTA);
    expect(await puback(client, 'a', Buffer.alloc(8192))).to.equal(QUOTA);
    broker.aedes.publish(
      { cmd: 'publish', topic: 'own', payload: Buffer.alloc(8192), qos: 1, retain: true, dup: false },
      () => {},
    );
    expect(await puback(client, 'a', Buffer.alloc(2048))).to.not.equal(QUOTA);

    expect(broker.engine.store.retainedCount).to.equal(2);
    expect(broker.engine.counters.retainedBytes).to.be.within(10_240, 12_000);
  });

  it('is not passed for long by what has expired: it is removed, some hundred at a time', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c');
    for (let i = 0; i < 1000; i++) {
      client.publish(`short/${i}`, 'v', { retain: true, properties: { messageExpiryInterval: 1 } });
    }
    client.publish('short/0', 'stays', { retain: true });
    client.publish('short/1', 'stays long', { retain: true, properties: { messageExpiryInterval: 100 } });
    await client.isSilent();
    expect(broker.engine.store.retainedCount).to.equal(1000);

    await eventually(() => broker.engine.store.retainedCount === 2);

    expect(broker.engine.counters.retainedExpired).to.equal(998);
    expect(broker.engine.counters.retainedBytes).to.be.below(2000);
  });
});

describe('a limit on sessions', () => {
  it('refuses one more that would outlive its connection, with 0x97 or 3, when all hold something', async () => {
    await using broker = await startTestBroker({ options: { maxSessions: 2 } });
    await leaveSession(broker, 'a', 'x');
    await leaveSession(broker, 'b', 'y');

    const kept = { properties: { sessionExpiryInterval: 1000 } };
    using five = await RawClient.connect(broker.port, 'c', kept);
    using three = await RawClient.connect(broker.port, 'd', { version: 4, clean: false });
    using short = await RawClient.connect(broker.port, 'e');
    using again = await RawClient.connect(broker.port, 'a', { ...kept, clean: false });

    expect(five.connack['reasonCode']).to.equal(QUOTA);
    expect(three.connack['returnCode']).to.equal(3);
    expect(short.connack['reasonCode']).to.equal(0);
    expect(again.connack['sessionPresent']).to.equal(true);
    expect(refusals(broker, 'sessions')).to.deep.equal([2, 2]);
  });

  it('ends the oldest that holds nothing to make room', async () => {
    await using broker = await startTestBroker({ options: { maxSessions: 3 } });
    await leaveSession(broker, 'holds', 'x');
    await leaveSession(broker, 'empty 1');
    await leaveSession(broker, 'empty 2');

    for (const id of ['d', 'e', 'f']) await leaveSession(broker, id);

    expect([...broker.engine.sessions].map(({ id }) => id)).to.deep.equal(['holds', 'e', 'f']);
    expect(broker.engine.counters.sessionsEvicted).to.equal(3);
  });

  it('refuses a client id of more than a thousand characters with 0x85', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c'.repeat(1025));
    using just = await RawClient.connect(broker.port, 'c'.repeat(1024));

    expect(client.connack['reasonCode']).to.equal(0x85);
    expect(just.connack['reasonCode']).to.equal(0);
  });
});

describe('a limit on what is queued over all sessions', () => {
  it('drops for sessions that wait, not for a client that takes its messages, and acknowledges the publisher', async () => {
    await using broker = await startTestBroker({ options: { queuedMaxBytes: 65_536 } });
    for (let i = 0; i < 8; i++) await leaveSession(broker, `s${i}`, 'fill');
    using reader = await RawClient.connect(broker.port, 'reader', { properties: { sessionExpiryInterval: 1000 } });
    using writer = await RawClient.connect(broker.port, 'writer');
    await reader.subscribe('live', 1);

    for (let i = 0; i < 20; i++) {
      expect(await puback(writer, 'fill', Buffer.alloc(2000), { retain: false })).to.equal(0);
    }
    const { queuedBytes } = broker.engine.counters;
    expect(queuedBytes).to.be.within(40_000, 65_536);
    expect(broker.engine.counters.dropped.queue).to.be.greaterThan(100);
    expect(await puback(writer, 'live', 'x', { retain: false })).to.equal(0);

    expect((await reader.expect('publish'))['topic']).to.equal('live');
    expect(broker.log.filter(({ event }) => event === 'queue-full')).to.have.length(8);
  });

  it('counts wills: a large one is refused when there is no room, a small one never', async () => {
    await using broker = await startTestBroker({ options: { queuedMaxBytes: 65_536 } });
    const large = await Promise.all(
      Array.from({ length: 4 }, (_, i) => RawClient.connect(broker.port, `large${i}`, withWill(20_000))),
    );
    using small = await RawClient.connect(broker.port, 'small', withWill(10));

    expect(large.map(({ connack }) => connack['reasonCode'] as number).filter((code) => code === QUOTA)).to.have.length(
      1,
    );
    expect(small.connack['reasonCode']).to.equal(0);
    for (const client of large) client.send({ cmd: 'disconnect' });
    small.send({ cmd: 'disconnect' });

    await eventually(() => broker.engine.counters.willBytes === 0);
  });
});

describe('a limit on what is not whole yet', () => {
  it('closes for a CONNECT that is larger than one may be, before its bytes come', async () => {
    await using broker = await startTestBroker({ options: { maxConnectBytes: 2048 } });
    using client = await RawClient.open(broker.port);
    const will = { topic: 'w', payload: Buffer.alloc(3000), qos: 0 as const, retain: false };
    client.send(
      generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 5,
        clientId: 'c',
        clean: true,
        keepalive: 0,
        will,
      }).subarray(0, 5),
    );
    expect(await client.whenClosed()).to.equal(true);

    using other = await RawClient.connect(broker.port, 'other');
    expect(await puback(other, 'a', Buffer.alloc(10_000))).to.not.equal(QUOTA);
    expect(refusals(broker, 'packetTooLarge')).to.deep.equal([1, 1]);
  });

  it('ends connections whose unfinished packets are too many bytes together, and no others', async () => {
    await using broker = await startTestBroker({ options: { inboundMaxBytes: 100_000 } });
    const clients = await Promise.all(Array.from({ length: 6 }, (_, i) => RawClient.connect(broker.port, `c${i}`)));
    const whole = generate(
      { cmd: 'publish', topic: 'a', payload: Buffer.alloc(40_000), qos: 0, retain: false, dup: false },
      {
        protocolVersion: 5,
      },
    );

    for (const client of clients) client.send(whole.subarray(0, 30_000));
    await eventually(() => clients.some(({ closed }) => closed));
    const left = clients.filter(({ closed }) => !closed);
    expect(left.length).to.be.within(1, 5);
    expect(broker.engine.counters.refused.inbound).to.equal(6 - left.length);

    using other = await RawClient.connect(broker.port, 'other');
    other.send(
      generate(
        { cmd: 'publish', topic: 'a', payload: 'x', qos: 0, retain: false, dup: false },
        { protocolVersion: 5 },
      ).subarray(0, 3),
    );
    expect(broker.engine.counters.inboundBytes).to.be.at.most(120_000);
    for (const client of clients) client[Symbol.dispose]();
    other[Symbol.dispose]();
    await eventually(() => broker.engine.counters.inboundBytes === 0);
  });
});

describe('work that one client causes', () => {
  it('does not keep others waiting: a burst that matches thousands is taken in parts', async () => {
    await using broker = await startTestBroker();
    using many = await RawClient.connect(broker.port, 'many');
    await granted(
      many,
      Array.from({ length: 2000 }, (_, i) => `$share/g${i}/x`),
    );
    using other = await RawClient.connect(broker.port, 'other');
    const publish = generate({ cmd: 'publish', topic: 'x', payload: '', qos: 0, retain: false, dup: false });
    const busy = openSocket(broker.port, '127.0.0.1');
    await once(busy, 'connect');
    busy.write(generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clientId: 'busy', clean: true }));
    await once(busy, 'data');

    busy.write(Buffer.concat(Array.from({ length: 500 }, () => publish)));
    await eventually(() => broker.engine.counters.publishesReceived > 0);
    other.send({ cmd: 'pingreq' });
    await other.expect('pingresp');

    expect(broker.engine.counters.publishesReceived).to.be.below(500);
    busy.destroy();
  });
});

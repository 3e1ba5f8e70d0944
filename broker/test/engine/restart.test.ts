import { expect } from 'chai';
import { createData, MemoryStore } from '../../src/store/memory.ts';
import { startTestBroker, type TestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { eventually } from './wait.ts';

const kept = { clean: false, properties: { sessionExpiryInterval: 60 } };

function publish({ aedes }: TestBroker, payload: string, qos: 0 | 1 | 2, retain = false): void {
  aedes.publish({ cmd: 'publish', topic: 't', payload, qos, retain, dup: false }, () => {});
}

describe('a restart', () => {
  it('brings back sessions, subscriptions, queues in order, and what was in flight', async () => {
    const data = createData();
    {
      await using broker = await startTestBroker({ store: new MemoryStore(data) });
      using client = await RawClient.connect(broker.port, 'c', {
        ...kept,
        properties: { ...kept.properties, receiveMaximum: 1 },
      });
      await client.subscribe('t', 2);
      for (const [i, qos] of ([2, 1, 2] as const).entries()) publish(broker, String(i), qos);
      const { messageId } = await client.expect('publish');
      client.ack('pubrec', messageId as number);
      await client.expect('pubrel');
      client.publish('u', 'mine', { qos: 2, messageId: 77 });
      await client.expect('pubrec');
    }

    await using again = await startTestBroker({ store: new MemoryStore(data) });
    using client = await RawClient.connect(again.port, 'c', kept);
    const pubrel = await client.expect('pubrel');
    const received = [await client.expect('publish'), await client.expect('publish')];
    client.ack('pubcomp', pubrel['messageId'] as number);
    client.ack('pubrel', 77);
    const pubcomp = await client.expect('pubcomp');

    expect(client.connack['sessionPresent']).to.equal(true);
    expect(received.map(({ payload }) => String(payload))).to.deep.equal(['1', '2']);
    expect(pubcomp['reasonCode'] ?? 0).to.equal(0);
    publish(again, 'live', 0);
    expect(String((await client.expect('publish'))['payload'])).to.equal('live');
  });

  it('sends PUBREL again in the order of their PUBREC [MQTT-4.6.0-4]', async () => {
    const data = createData();
    const order = [2, 0, 1];
    const ids: number[] = [];
    {
      await using broker = await startTestBroker({ store: new MemoryStore(data) });
      using client = await RawClient.connect(broker.port, 'c', kept);
      await client.subscribe('t', 2);
      for (const text of ['a', 'b', 'c', 'd']) publish(broker, text, 2);
      for (let i = 0; i < 4; i++) ids.push((await client.expect('publish'))['messageId'] as number);
      for (const i of order) client.ack('pubrec', ids[i]!);
      for (let i = 0; i < 3; i++) await client.expect('pubrel');
    }

    await using again = await startTestBroker({ store: new MemoryStore(data) });
    using client = await RawClient.connect(again.port, 'c', kept);
    const resent = [await client.expect('publish')];
    for (let i = 0; i < 3; i++) resent.push(await client.expect('pubrel'));

    expect(resent.map(({ messageId }) => messageId as number)).to.deep.equal([ids[3]!, ...order.map((i) => ids[i]!)]);
  });

  it('publishes the will of a client that was connected when the hub went down', async () => {
    const data = createData();
    const broker = await startTestBroker({ store: new MemoryStore(data) });
    const will = { topic: 'will', payload: Buffer.from('gone'), qos: 1 as const, retain: true };
    using client = await RawClient.connect(broker.port, 'c', { will });

    // What a crash leaves: the store as it is, and nothing that closed.
    await using again = await startTestBroker({ store: new MemoryStore(data) });
    await eventually(() => again.engine.store.retained('will') !== undefined);

    expect(client.closed).to.equal(false);
    expect([...data.wills]).to.deep.equal([]);
    await broker[Symbol.asyncDispose]();
  });

  it('keeps sessions and wills no longer than their time although the clock was set back', async () => {
    const data = createData();
    const ahead = Date.now() + 30 * 86_400_000;
    const message = {
      topic: 'will',
      payload: Buffer.from('gone'),
      qos: 1,
      retain: true,
      properties: undefined,
    } as const;
    {
      const batch = new MemoryStore(data).batch();
      batch.putSession({ id: 'c', owner: '', expirySeconds: 1, expiresAt: ahead });
      const will = { ...message, expiresAt: 0, publisher: 'c' };
      batch.putWill({ id: 'c', owner: '', message: will, delaySeconds: 1, dueAt: ahead });
      batch.commit(() => undefined);
    }

    await using broker = await startTestBroker({ store: new MemoryStore(data) });

    expect(broker.engine.sessions.get('c')?.expiresAt).to.be.below(Date.now() + 60_000);
    await eventually(() => broker.engine.store.retained('will') !== undefined);
    await eventually(() => data.sessions.size === 0);
  });

  it('ends sessions whose time has passed meanwhile, and keeps retained messages', async () => {
    const data = createData();
    {
      await using broker = await startTestBroker({ store: new MemoryStore(data) });
      publish(broker, 'kept', 0, true);
      using client = await RawClient.connect(broker.port, 'c', kept);
      await client.subscribe('t', 1);
    }
    const [held] = data.sessions.values();
    held!.record = { ...held!.record, expiresAt: Date.now() - 1 };

    await using again = await startTestBroker({ store: new MemoryStore(data) });

    expect([...data.sessions]).to.deep.equal([]);
    expect(again.engine.counters).to.include({ sessions: 0, subscriptions: 0 });
    expect(again.engine.store.retained('t')).to.not.equal(undefined);
  });
});

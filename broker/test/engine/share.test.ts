import { expect } from 'chai';
import { startTestBroker, type TestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { SlowStore } from '../support/store.ts';
import { eventually } from './wait.ts';

const kept = { clean: false, properties: { sessionExpiryInterval: 1 } };

function publish({ aedes }: TestBroker, payload: string, qos: 0 | 1 | 2 = 1): void {
  aedes.publish({ cmd: 'publish', topic: 't', payload, qos, retain: false, dup: false }, () => {});
}

describe('a shared subscription', () => {
  for (const version of [4, 5] as const) {
    it(`gives each message to one member, at protocol version ${version}`, async () => {
      await using broker = await startTestBroker();
      using one = await RawClient.connect(broker.port, 'one', { version });
      using two = await RawClient.connect(broker.port, 'two', { version });
      for (const client of [one, two]) await client.subscribe('$share/g/t', 1);

      for (const payload of ['1', '2', '3', '4']) publish(broker, payload, 0);
      const received = [one, two, one, two].map((client) => client.expect('publish'));

      expect((await Promise.all(received)).map(({ payload }) => String(payload)).toSorted()).to.deep.equal([
        '1',
        '2',
        '3',
        '4',
      ]);
      expect(await one.isSilent()).to.equal(true);
    });
  }

  it('refuses No Local [MQTT-3.8.3-4]', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c');

    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '$share/g/t', qos: 1, nl: true }] });

    expect((await client.expect('disconnect'))['reasonCode']).to.equal(0x82);
  });

  it('prefers members that are connected, and waits for the others only when there is none', async () => {
    await using broker = await startTestBroker();
    using away = await RawClient.connect(broker.port, 'away', kept);
    using here = await RawClient.connect(broker.port, 'here');
    for (const client of [away, here]) await client.subscribe('$share/g/t', 1);
    away.socket.destroy();
    await eventually(() => broker.engine.counters.connections === 1);

    for (const payload of ['1', '2', '3']) publish(broker, payload);
    for (let i = 0; i < 3; i++) here.ack('puback', (await here.expect('publish'))['messageId'] as number);
    here.send({ cmd: 'disconnect', reasonCode: 0 });
    await here.whenClosed();
    publish(broker, '4');
    using again = await RawClient.connect(broker.port, 'away', kept);

    expect(String((await again.expect('publish'))['payload'])).to.equal('4');
  });

  it('moves QoS 1 of a member whose session ends, and not QoS 2 in flight [MQTT-4.8.2-5]', async () => {
    await using broker = await startTestBroker();
    using leaving = await RawClient.connect(broker.port, 'leaving');
    await leaving.subscribe('$share/g/t', 2);
    publish(broker, 'one', 1);
    publish(broker, 'two', 2);
    await leaving.expect('publish');
    await leaving.expect('publish');
    using staying = await RawClient.connect(broker.port, 'staying');
    await staying.subscribe('$share/g/t', 2);

    leaving.socket.destroy();

    expect(String((await staying.expect('publish'))['payload'])).to.equal('one');
    expect(await staying.isSilent()).to.equal(true);
  });

  for (const [what, expiry] of [
    ['kept', 60],
    ['not kept', 0],
  ] as const) {
    it(`hands on what is on its way into the store for a member whose session, ${what}, ends meanwhile`, async () => {
      const store = new SlowStore();
      await using broker = await startTestBroker({ store });
      const properties = { sessionExpiryInterval: expiry };
      using leaving = await RawClient.connect(broker.port, 'leaving', { clean: false, properties });
      await leaving.subscribe('$share/g/t', 1);
      using sender = await RawClient.connect(broker.port, 'sender');
      using staying = await RawClient.connect(broker.port, 'staying');
      await staying.subscribe('$share/g/t', 1);
      store.holding = true;
      // The first in turn is the member that leaves. A retained message is committed although no queue is kept.
      sender.publish('t', 'one', { qos: 1, messageId: 1, retain: true });
      await eventually(() => store.waiting > 0);
      leaving.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
      await eventually(() => broker.engine.sessions.get('leaving') === undefined);
      store.release();
      await sender.expect('puback');

      expect(String((await staying.expect('publish'))['payload'])).to.equal('one');
      expect(await staying.isSilent()).to.equal(true);
    });
  }

  it('discards what a member refuses with 0x80 or more [MQTT-4.8.2-6]', async () => {
    await using broker = await startTestBroker();
    using one = await RawClient.connect(broker.port, 'one');
    await one.subscribe('$share/g/t', 2);
    publish(broker, 'one', 1);
    publish(broker, 'two', 2);
    one.ack('puback', (await one.expect('publish'))['messageId'] as number, 0x83);
    one.ack('pubrec', (await one.expect('publish'))['messageId'] as number, 0x83);
    using two = await RawClient.connect(broker.port, 'two');
    await two.subscribe('$share/g/t', 2);

    one.socket.destroy();
    await eventually(() => broker.engine.counters.connections === 1);

    expect(await two.isSilent()).to.equal(true);
    expect(broker.engine.counters.queuedMessages).to.equal(0);
  });
});

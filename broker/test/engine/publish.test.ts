import { expect } from 'chai';
import { MemoryStore } from '../../src/store/memory.ts';
import type { Batch } from '../../src/store/store.ts';
import { startTestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { pause } from './wait.ts';

/** A memory store whose commits take a while, or fail. */
class SlowStore extends MemoryStore {
  delayMs = 30;
  failing = false;

  override batch(): Batch {
    const batch = super.batch();
    const commit = batch.commit.bind(batch);
    batch.commit = (committed) =>
      void setTimeout(() => (this.failing ? committed(new Error('disk full')) : commit(committed)), this.delayMs);
    return batch;
  }
}

const kept = { clean: false, properties: { sessionExpiryInterval: 60 } };

describe('PUBLISH', () => {
  it('is acknowledged after the store has everything, and routed in order', async () => {
    const store = new SlowStore();
    await using broker = await startTestBroker({ store });
    using reader = await RawClient.connect(broker.port, 'reader', kept);
    await reader.subscribe('t', 1);
    using writer = await RawClient.connect(broker.port, 'writer');
    const started = performance.now();

    writer.publish('t', '1', { qos: 1, messageId: 1 });
    writer.publish('t', '2', { qos: 1, messageId: 2 });
    const acks = [await writer.expect('puback'), await writer.expect('puback')];
    const waited = performance.now() - started;
    const received = [await reader.expect('publish'), await reader.expect('publish')];

    expect(acks.map(({ messageId }) => messageId as number)).to.deep.equal([1, 2]);
    expect(received.map(({ payload }) => String(payload))).to.deep.equal(['1', '2']);
    expect(waited).to.be.at.least(25);
  });

  it('is refused with 0x97 when the store fails, and its id means a new message then; nobody gets it', async () => {
    const store = new SlowStore();
    await using broker = await startTestBroker({ store });
    using reader = await RawClient.connect(broker.port, 'reader', kept);
    await reader.subscribe('t', 1);
    using writer = await RawClient.connect(broker.port, 'writer');
    store.failing = true;

    writer.publish('t', '1', { qos: 2, messageId: 1 });
    const pubrec = await writer.expect('pubrec');
    writer.publish('t', '2', { qos: 1, messageId: 2 });
    const puback = await writer.expect('puback');
    store.failing = false;
    const silent = await reader.isSilent();
    writer.publish('t', '3', { qos: 2, messageId: 1 });

    expect([pubrec['reasonCode'], puback['reasonCode']]).to.deep.equal([0x97, 0x97]);
    expect(silent).to.equal(true);
    expect((await writer.expect('pubrec'))['reasonCode']).to.equal(0);
    expect(String((await reader.expect('publish'))['payload'])).to.equal('3');
    expect(broker.engine.counters.refused).to.include({ store: 2 });
  });

  it('closes a 3.1.1 connection when the store fails; sent again on the next one it is taken', async () => {
    const store = new SlowStore();
    await using broker = await startTestBroker({ store });
    using reader = await RawClient.connect(broker.port, 'reader', kept);
    await reader.subscribe('t', 1);
    const options = { version: 4, clean: false } as const;
    using writer = await RawClient.connect(broker.port, 'writer', options);
    store.failing = true;

    writer.publish('t', '1', { qos: 2, messageId: 1 });
    const next = await writer.next();
    const closed = await writer.whenClosed();
    store.failing = false;
    using again = await RawClient.connect(broker.port, 'writer', options);
    again.publish('t', '1', { qos: 2, messageId: 1, dup: true });

    expect([next, closed]).to.deep.equal([undefined, true]);
    await again.expect('pubrec');
    expect(String((await reader.expect('publish'))['payload'])).to.equal('1');
  });

  it('of the hub itself fails with an error when the store fails', async () => {
    const store = new SlowStore();
    await using broker = await startTestBroker({ store });
    store.failing = true;

    const error = await new Promise<unknown>((resolve) => {
      broker.aedes.publish({ cmd: 'publish', topic: 't', payload: 'x', qos: 0, retain: true, dup: false }, resolve);
    });

    expect(error).to.be.instanceOf(Error).and.include({ reasonCode: 0x97 });
    expect(store.retained('t')).to.equal(undefined);
  });

  it('that matches nobody is told so on MQTT 5, with 0x10', async () => {
    await using broker = await startTestBroker();
    using writer = await RawClient.connect(broker.port, 'w');

    writer.publish('nobody', 'x', { qos: 1, messageId: 1 });
    writer.publish('nobody', 'x', { qos: 2, messageId: 2 });

    expect((await writer.expect('puback'))['reasonCode']).to.equal(0x10);
    expect((await writer.expect('pubrec'))['reasonCode']).to.equal(0x10);
  });

  it('refused by `admit` carries its reason on MQTT 5, and is acknowledged and reported elsewhere', async () => {
    const refused: string[] = [];
    await using broker = await startTestBroker({
      hooks: {
        admit: () => {
          throw Object.assign(new Error('bad draft'), { reasonCode: 0x99 });
        },
        refused: (draft, client, { reasonCode }) => refused.push(`${client?.id} ${draft.qos} ${reasonCode}`),
      },
    });
    using five = await RawClient.connect(broker.port, 'five');
    using four = await RawClient.connect(broker.port, 'four', { version: 4 });

    five.publish('t', 'x', { qos: 1, messageId: 1 });
    const puback = await five.expect('puback');
    five.publish('t', 'x', { qos: 2, messageId: 2 });
    const pubrec = await five.expect('pubrec');
    five.publish('t', 'x');
    await five.isSilent();
    four.publish('t', 'x', { qos: 1, messageId: 1 });
    await four.expect('puback');

    expect(puback).to.deep.include({ reasonCode: 0x99, properties: { reasonString: 'bad draft' } });
    expect(pubrec['reasonCode']).to.equal(0x99);
    expect(refused).to.deep.equal(['five 0 153', 'four 1 153']);
  });

  it('refused with a code that no PUBACK, CONNACK or DISCONNECT has is refused with one that it has', async () => {
    const refusal = Object.assign(new Error('no'), { reasonCode: 0x95 });
    await using broker = await startTestBroker({
      aedes: {
        authorizePublish: (_client, _packet, done) => done(refusal),
        authenticate: (client, _name, _password, done) =>
          client.id === 'odd'
            ? done(Object.assign(new Error('no'), { reasonCode: 0x8e }) as never, false)
            : done(null, true),
      },
    });
    using client = await RawClient.connect(broker.port, 'c');
    using odd = await RawClient.connect(broker.port, 'odd');

    client.publish('t', 'x', { qos: 1, messageId: 1 });

    expect((await client.expect('puback'))['reasonCode']).to.equal(0x80);
    expect(odd.connack['reasonCode']).to.equal(0x80);
  });

  it('admitted as null is acknowledged and reaches nobody', async () => {
    await using broker = await startTestBroker({ hooks: { admit: () => null } });
    using client = await RawClient.connect(broker.port, 'c');
    await client.subscribe('t', 1);

    client.publish('t', 'x', { qos: 1, messageId: 1 });

    expect((await client.expect('puback'))['messageId']).to.equal(1);
    expect(await client.isSilent()).to.equal(true);
  });

  it('commits the rows that were staged with the message they belong to', async () => {
    const store = new SlowStore();
    await using broker = await startTestBroker({
      store,
      hooks: {
        admit: (packet, _client, stage) => {
          stage.put('log', [packet.topic, 1], { text: String(packet.payload) });
          return packet;
        },
      },
    });
    using client = await RawClient.connect(broker.port, 'c');

    client.publish('t', 'x', { qos: 1, messageId: 1 });
    await client.expect('puback');

    expect(store.get('log', ['t', 1])).to.deep.equal({ text: 'x' });
  });

  it('keeps its order while authorizePublish takes different times', async () => {
    await using broker = await startTestBroker({
      aedes: {
        authorizePublish: (_client, packet, done) =>
          void setTimeout(() => done(null), String(packet.payload) === '0' ? 40 : 1),
      },
    });
    using reader = await RawClient.connect(broker.port, 'r');
    await reader.subscribe('t', 1);
    using writer = await RawClient.connect(broker.port, 'w');

    for (let i = 0; i < 10; i++) writer.publish('t', String(i), i % 2 ? {} : { qos: 1, messageId: i + 1 });
    const payloads: string[] = [];
    for (let i = 0; i < 10; i++) payloads.push(String((await reader.expect('publish'))['payload']));

    expect(payloads.join('')).to.equal('0123456789');
  });

  it('above the receive maximum ends the connection with 0x93 [MQTT-3.3.4-9]', async () => {
    await using broker = await startTestBroker({ options: { receiveMaximum: 2 } });
    using client = await RawClient.connect(broker.port, 'c');

    for (let id = 1; id <= 3; id++) client.publish('t', 'x', { qos: 2, messageId: id });
    for (let id = 1; id <= 2; id++) await client.expect('pubrec');

    expect((await client.expect('disconnect'))['reasonCode']).to.equal(0x93);
  });

  it('resolves topic aliases, and refuses those above the maximum with 0x94', async () => {
    await using broker = await startTestBroker({ options: { topicAliasMaximum: 2 } });
    using client = await RawClient.connect(broker.port, 'c');
    await client.subscribe('long/topic/name');

    client.publish('long/topic/name', '1', { properties: { topicAlias: 2 } });
    client.publish('', '2', { properties: { topicAlias: 2 } });
    const received = [await client.expect('publish'), await client.expect('publish')];
    client.publish('x', '3', { properties: { topicAlias: 3 } });

    expect(received.map(({ topic }) => topic as string)).to.deep.equal(['long/topic/name', 'long/topic/name']);
    expect((await client.expect('disconnect'))['reasonCode']).to.equal(0x94);
  });

  it('uses topic aliases towards a client that takes them', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c', { properties: { topicAliasMaximum: 1 } });
    await client.subscribe('#');

    for (const topic of ['long/topic/1', 'long/topic/1', 'long/topic/2']) client.publish(topic, 'x');
    const received = [await client.expect('publish'), await client.expect('publish'), await client.expect('publish')];

    expect(received[0]).to.deep.include({ topic: 'long/topic/1', properties: { topicAlias: 1 } });
    expect(received[1]).to.deep.include({ topic: '', properties: { topicAlias: 1 } });
    expect(received[2]!['topic']).to.equal('long/topic/2');
    expect(received[2]!['properties']?.topicAlias).to.equal(undefined);
  });

  it('forwards properties unaltered and user properties in order [MQTT-3.3.2-17], [MQTT-3.3.2-18]', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c');
    await client.subscribe('t', 0, { properties: { subscriptionIdentifier: 7 } });
    const properties = {
      payloadFormatIndicator: true,
      contentType: 'text/plain',
      responseTopic: 'r',
      correlationData: Buffer.from([0, 1]),
      userProperties: { k: ['1', '2'], l: '3' },
    };

    client.publish('t', 'x', { properties });

    const received = await client.expect('publish');
    expect(received['properties']).to.deep.include({ ...properties, subscriptionIdentifier: 7 });
  });

  it('is not sent to a client for which it is too large, which goes on [MQTT-3.1.2-25]', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c', { properties: { maximumPacketSize: 100 } });
    await client.subscribe('t', 1);

    broker.aedes.publish(message('t', 'x'.repeat(200), 1), () => {});
    broker.aedes.publish(message('t', 'x'.repeat(200), 0), () => {});
    broker.aedes.publish(message('t', 'small', 1), () => {});

    expect(String((await client.expect('publish'))['payload'])).to.equal('small');
    expect(broker.engine.counters.dropped).to.deep.include({ tooLargeForClient: 2 });
    expect(broker.engine.counters.queuedMessages).to.equal(1);
  });

  it('expires in the queue, and what is left of its time is sent [MQTT-3.3.2-5], [MQTT-3.3.2-6]', async () => {
    await using broker = await startTestBroker();
    using first = await RawClient.connect(broker.port, 'c', kept);
    await first.subscribe('t', 1);
    first.socket.destroy();
    await first.whenClosed();
    using writer = await RawClient.connect(broker.port, 'w');
    writer.publish('t', 'short', { qos: 1, messageId: 1, properties: { messageExpiryInterval: 1 } });
    writer.publish('t', 'long', { qos: 1, messageId: 2, properties: { messageExpiryInterval: 50 } });
    await writer.expect('puback');
    await pause(1100);

    using again = await RawClient.connect(broker.port, 'c', kept);
    const received = await again.expect('publish');

    expect(String(received['payload'])).to.equal('long');
    expect(received['properties'].messageExpiryInterval).to.be.within(47, 49);
    expect(broker.engine.counters.dropped).to.deep.include({ expired: 1 });
  });

  it('stays within the window of its receiver, and goes on as it acknowledges [MQTT-4.9.0-1]', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c', { properties: { receiveMaximum: 2 } });
    await client.subscribe('t', 2);
    for (let i = 0; i < 4; i++) broker.aedes.publish(message('t', String(i), 2), () => {});

    const first = await client.expect('publish');
    await client.expect('publish');
    expect(await client.isSilent()).to.equal(true);
    client.ack('pubrec', first['messageId'] as number);
    await client.expect('pubrel');
    expect(await client.isSilent()).to.equal(true);
    client.ack('pubcomp', first['messageId'] as number);

    expect(String((await client.expect('publish'))['payload'])).to.equal('2');
  });

  it('acknowledged with the wrong packet ends the connection', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c');
    await client.subscribe('t', 1);
    broker.aedes.publish(message('t', 'x', 1), () => {});

    client.ack('pubrec', (await client.expect('publish'))['messageId'] as number);

    expect((await client.expect('disconnect'))['reasonCode']).to.equal(0x82);
  });

  it('larger than allowed is refused by its header alone, with 0x95', async () => {
    await using broker = await startTestBroker({ options: { maxPacketBytes: 1000 } });
    using client = await RawClient.connect(broker.port, 'c');

    client.send(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));

    expect((await client.expect('disconnect'))['reasonCode']).to.equal(0x95);
    expect(broker.engine.counters.refused).to.include({ packetTooLarge: 1 });
  });

  it('deeper than allowed is refused with 0x90, and the connection stays', async () => {
    await using broker = await startTestBroker({ options: { maxTopicLevels: 3 } });
    using client = await RawClient.connect(broker.port, 'c');

    client.publish('a/b/c/d', 'x', { qos: 1, messageId: 1 });
    expect((await client.expect('puback'))['reasonCode']).to.equal(0x90);

    expect(await client.subscribe('a/b/c/d')).to.deep.equal([0x8f]);
    expect(await client.subscribe('a/b/c')).to.deep.equal([0]);
  });

  it('faster than allowed is read more slowly, and nothing is lost', async () => {
    await using broker = await startTestBroker({ options: { maxPublishesPerSecond: 50 } });
    // The tokens begin with the connection.
    const started = performance.now();
    using client = await RawClient.connect(broker.port, 'c');

    for (let id = 1; id <= 150; id++) client.publish('t', 'x', { qos: 1, messageId: id });
    for (let id = 1; id <= 150; id++) expect((await client.expect('puback'))['messageId']).to.equal(id);

    expect(performance.now() - started).to.be.at.least(950);
  });

  it('said to be UTF-8 that is not is refused with 0x99 (§3.3.2.3.2)', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c');
    await client.subscribe('t', 1);
    const options = { qos: 1, messageId: 1, properties: { payloadFormatIndicator: true } };

    client.publish('t', Buffer.from([0xc3, 0x28]), options);
    const puback = await client.expect('puback');
    client.publish('t', Buffer.from('é'), options);
    await client.expect('puback');

    expect(puback['reasonCode']).to.equal(0x99);
    expect(String((await client.expect('publish'))['payload'])).to.equal('é');
  });
});

function message(topic: string, payload: string, qos: 0 | 1 | 2) {
  return { cmd: 'publish' as const, topic, payload, qos, retain: false, dup: false };
}

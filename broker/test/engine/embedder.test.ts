import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import mqtt from 'mqtt';
import { startTestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { eventually } from './wait.ts';

const run = promisify(execFile);
const message = { cmd: 'publish' as const, topic: 't', payload: 'x', qos: 0 as const, retain: false, dup: false };

describe('an embedder of Aedes', () => {
  it('may rewrite a publish in authorizePublish, now or later', async () => {
    await using broker = await startTestBroker({
      aedes: {
        authorizePublish(_client, packet, done) {
          packet.payload = `${String(packet.payload)}!`;
          packet.topic = 'rewritten';
          if (packet.qos === 0) done(null);
          else setTimeout(done, 5, null);
        },
      },
    });
    using client = await RawClient.connect(broker.port, 'c');
    await client.subscribe('rewritten');

    client.publish('t', 'a');
    client.publish('t', 'b', { qos: 1, messageId: 1 });
    const payloads: string[] = [];
    while (payloads.length < 2) {
      const packet = await client.next();
      if (packet?.cmd === 'publish') payloads.push(String(packet['payload']));
    }

    expect(payloads).to.deep.equal(['a!', 'b!']);
  });

  it('may refuse in authorizePublish: told on MQTT 5, acknowledged and dropped elsewhere', async () => {
    await using broker = await startTestBroker({
      aedes: { authorizePublish: (_client, _packet, done) => done(new Error('no')) },
    });
    using five = await RawClient.connect(broker.port, 'five');
    using four = await RawClient.connect(broker.port, 'four', { version: 4 });
    await four.subscribe('#');

    five.publish('t', 'x', { qos: 1, messageId: 1 });
    four.publish('t', 'x', { qos: 1, messageId: 1 });

    expect((await five.expect('puback'))['reasonCode']).to.equal(0x87);
    await four.expect('puback');
    expect(await four.isSilent()).to.equal(true);
  });

  it('may refuse one of several filters, which is then not stored', async () => {
    await using broker = await startTestBroker({
      aedes: {
        authorizeSubscribe: (_client, asked, done) =>
          void setTimeout(() => done(null, asked.topic === 'secret' ? null : { ...asked, qos: 0 }), 5),
      },
    });
    for (const version of [4, 5] as const) {
      using client = await RawClient.connect(broker.port, 'c', { version });
      client.send({
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: [
          { topic: 'secret', qos: 1 },
          { topic: 'open', qos: 2 },
        ],
      });
      expect((await client.expect('suback'))['granted']).to.deep.equal([version === 5 ? 0x87 : 0x80, 0]);
      broker.aedes.publish({ ...message, topic: 'secret' }, () => {});
      expect(await client.isSilent()).to.equal(true);
    }
  });

  it('may withhold or change a message for one client in authorizeForward', async () => {
    await using broker = await startTestBroker({
      aedes: {
        authorizeForward(client, packet) {
          if (client.id === 'blind') return null;
          if (client.id === 'other') packet.payload = 'changed';
          return packet;
        },
      },
    });
    const clients = await Promise.all(['blind', 'other', 'plain'].map((id) => RawClient.connect(broker.port, id)));
    for (const client of clients) await client.subscribe('t');

    broker.aedes.publish(message, () => {});
    const [blind, other, plain] = clients;

    expect(String((await other!.expect('publish'))['payload'])).to.equal('changed');
    expect(String((await plain!.expect('publish'))['payload'])).to.equal('x');
    expect(await blind!.isSilent()).to.equal(true);
    for (const { socket } of clients) socket.destroy();
  });

  it('hears every event, and every publish through aedes.subscribe', async () => {
    await using broker = await startTestBroker();
    const { aedes } = broker;
    const events: string[] = [];
    for (const name of ['client', 'clientReady', 'connackSent', 'subscribe', 'unsubscribe', 'ping', 'ack'] as const) {
      aedes.on(name as 'client', () => events.push(name));
    }
    aedes.on('publish', ({ topic }) => topic.startsWith('$SYS') || events.push(`publish ${topic}`));
    aedes.on('clientDisconnect', ({ id }) => events.push(`clientDisconnect ${id}`));
    const heard: string[] = [];
    aedes.subscribe(
      't',
      (packet, done) => {
        heard.push(String(packet.payload));
        done();
      },
      () => {},
    );
    using client = await RawClient.connect(broker.port, 'c', { version: 4 });

    await client.subscribe('t', 1);
    client.publish('t', '1', { qos: 1, messageId: 1 });
    await client.expect('puback');
    client.ack('puback', (await client.expect('publish'))['messageId'] as number);
    await client.isSilent();
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['t'] });
    await client.expect('unsuback');
    client.send({ cmd: 'disconnect' });
    await client.whenClosed();
    await eventually(() => events.at(-1) === 'clientDisconnect c');

    expect(heard).to.deep.equal(['1']);
    expect(events).to.deep.equal([
      'client',
      'connackSent',
      'clientReady',
      'subscribe',
      'publish t',
      'ack',
      'ping',
      'unsubscribe',
      'clientDisconnect c',
    ]);
  });

  it('is told below $SYS of clients, once it listens', async () => {
    await using broker = await startTestBroker();
    const { aedes } = broker;
    using before = await RawClient.connect(broker.port, 'before', { version: 4 });
    await before.subscribe('early');
    const notes: string[] = [];
    aedes.subscribe(
      '$SYS/#',
      ({ topic, payload }, done) => {
        notes.push(`${topic.replace(`$SYS/${aedes.id}/`, '')} ${String(payload)}`);
        done();
      },
      () => {},
    );
    using client = await RawClient.connect(broker.port, 'c', { version: 4 });
    await client.subscribe('t', 1);
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['t'] });
    await client.expect('unsuback');
    client.send({ cmd: 'disconnect' });
    await eventually(() => notes.at(-1) === 'disconnect/clients c');

    const told = notes.filter((note) => !note.startsWith('heartbeat'));
    expect(told.map((note) => note.split(' ')[0])).to.deep.equal([
      'new/clients',
      'new/subscribes',
      'new/unsubscribes',
      'disconnect/clients',
    ]);
    expect(told[0]).to.equal('new/clients c');
    expect(told[1]).to.include('"clientId":"c"');
  });

  it('can publish to, subscribe for and close one client', async () => {
    await using broker = await startTestBroker();
    broker.aedes.on('clientReady', (ready) => {
      ready.publish({ ...message, topic: 'private', qos: 1 });
      ready.subscribe([{ topic: 'given', qos: 1 }], () =>
        broker.aedes.publish({ ...message, topic: 'given' }, () => {}),
      );
    });
    using client = await RawClient.connect(broker.port, 'c');

    const topics = [await client.expect('publish'), await client.expect('publish')].map(({ topic }) => topic as string);

    expect(topics.toSorted()).to.deep.equal(['given', 'private']);
  });

  it('cannot subscribe a client to a filter that is none', async () => {
    await using broker = await startTestBroker({
      aedes: { authorizeSubscribe: (_client, asked, done) => done(null, { ...asked, topic: '$share/g' }) },
    });
    broker.aedes.on('clientReady', (ready) => ready.subscribe([{ topic: '$share/#', qos: 1 }], () => {}));
    using client = await RawClient.connect(broker.port, 'c');

    expect(await client.subscribe('t', 1)).to.deep.equal([0x87]);
    expect(broker.engine.counters.subscriptions).to.equal(0);
  });

  it('gets an error from aedes.publish for a topic nobody can publish to', async () => {
    await using broker = await startTestBroker();

    const error = await new Promise<unknown>((resolve) => {
      broker.aedes.publish({ ...message, topic: 'a/#' }, resolve);
    });

    expect(error).to.be.instanceOf(Error);
  });

  it('cannot publish what no packet can carry', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c');
    await client.subscribe('#');
    const publish = (fields: object): Promise<unknown> =>
      new Promise((resolve) => broker.aedes.publish({ ...message, ...fields }, resolve));

    expect(await publish({ topic: 'é'.repeat(40_000) })).to.be.instanceOf(Error);
    expect(await publish({ properties: { contentType: 'x'.repeat(70_000) } })).to.be.instanceOf(Error);
    expect(await client.isSilent()).to.equal(true);
  });

  it('gets numbers from the seams aedes-stats uses: events and retained text below $SYS without a callback', async () => {
    await using broker = await startTestBroker();
    let connected = 0;
    broker.aedes.on('client', () => connected++);
    using client = await RawClient.connect(broker.port, 'c');
    const publish = broker.aedes.publish.bind(broker.aedes) as (packet: object) => void;

    publish({ topic: `$SYS/${broker.aedes.id}/clients/total`, payload: String(connected), qos: 0, retain: true });
    await client.subscribe('$SYS/+/clients/total');

    expect(String((await client.expect('publish'))['payload'])).to.equal('1');
  });
});

describe('other clients', () => {
  for (const protocolVersion of [4, 5] as const) {
    for (const transport of ['mqtt', 'ws'] as const) {
      it(`MQTT.js ${protocolVersion} over ${transport} sends and receives at every QoS`, async () => {
        await using broker = await startTestBroker();
        const url = transport === 'ws' ? `ws://127.0.0.1:${broker.wsPort}/mqtt` : `mqtt://127.0.0.1:${broker.port}`;
        const client = await mqtt.connectAsync(url, { protocolVersion, reconnectPeriod: 0 });
        const got: string[] = [];
        client.on('message', (topic, payload, { qos }) => got.push(`${topic} ${payload.toString()} ${qos}`));

        await client.subscribeAsync('a/+', { qos: 2 });
        for (const qos of [0, 1, 2] as const) await client.publishAsync('a/b', `m${qos}`, { qos });
        await eventually(() => got.length === 3);
        await client.endAsync();

        expect(got).to.deep.equal(['a/b m0 0', 'a/b m1 1', 'a/b m2 2']);
      });
    }
  }

  for (const version of ['31', '311', '5']) {
    it(`mosquitto_pub and mosquitto_sub speak -V ${version} at every QoS`, async () => {
      await using broker = await startTestBroker();
      const common = ['-h', '127.0.0.1', '-p', String(broker.port), '-V', version];
      const sub = run('mosquitto_sub', [...common, '-t', 'a/#', '-q', '2', '-C', '3', '-W', '5']);
      await eventually(() => broker.engine.counters.subscriptions === 1);

      for (const qos of ['0', '1', '2']) {
        await run('mosquitto_pub', [...common, '-t', 'a/b', '-q', qos, '-m', `m${qos}`]);
      }

      expect((await sub).stdout.trim().split('\n')).to.deep.equal(['m0', 'm1', 'm2']);
    });
  }
});

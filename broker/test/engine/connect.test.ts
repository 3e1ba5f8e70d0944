import { expect } from 'chai';
import { startTestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { eventually, pause } from './wait.ts';

describe('CONNECT', () => {
  for (const version of [3, 4, 5] as const) {
    it(`is accepted at protocol version ${version}`, async () => {
      await using broker = await startTestBroker();

      using client = await RawClient.connect(broker.port, 'c', { version });

      expect(client.connack[version === 5 ? 'reasonCode' : 'returnCode']).to.equal(0);
    });
  }

  for (const level of [0x83, 0x84]) {
    it(`is accepted from a bridge at level 0x${level.toString(16)}, which keeps retain and gets no echo`, async () => {
      await using broker = await startTestBroker();
      const version = level === 0x83 ? 3 : 4;
      using bridge = await RawClient.connect(broker.port, 'bridge', { version, bridgeMode: true });
      using other = await RawClient.connect(broker.port, 'other', { version: 4 });
      await bridge.subscribe('t', 0);

      bridge.publish('t', 'echo');
      other.publish('t', 'kept', { retain: true });
      const received = await bridge.expect('publish');

      expect(String(received['payload'])).to.equal('kept');
      expect(received['retain']).to.equal(true);
    });
  }

  it('is refused at an unknown level with return code 1 [MQTT-3.1.2-2]', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.open(broker.port, 4);

    client.send(Buffer.from([0x10, 13, 0, 4, 77, 81, 84, 84, 9, 2, 0, 0, 0, 1, 97]));

    expect((await client.expect('connack'))['returnCode']).to.equal(1);
    expect(await client.whenClosed()).to.equal(true);
  });

  it('has a client id assigned on MQTT 5 when it brings none [MQTT-3.1.3-6]', async () => {
    await using broker = await startTestBroker();

    using client = await RawClient.connect(broker.port, '');

    expect(client.connack['properties'].assignedClientIdentifier).to.match(/^auto-/);
  });

  it('is refused on 3.1.1 with an empty client id and a kept session [MQTT-3.1.3-8]', async () => {
    await using broker = await startTestBroker();

    using client = await RawClient.open(broker.port, 4);

    client.send(Buffer.from([0x10, 12, 0, 4, 77, 81, 84, 84, 4, 0, 0, 0, 0, 0]));

    expect((await client.expect('connack'))['returnCode']).to.equal(2);
    expect(await client.whenClosed()).to.equal(true);
  });

  it('tells an MQTT 5 client the limits of the hub (§3.2.2.3)', async () => {
    await using broker = await startTestBroker({ options: { receiveMaximum: 50, maxPacketBytes: 4096 } });

    using client = await RawClient.connect(broker.port, 'c', { properties: { requestResponseInformation: true } });

    expect(client.connack['properties']).to.deep.include({
      receiveMaximum: 50,
      maximumPacketSize: 4096,
      topicAliasMaximum: 64,
      responseInformation: 'hub/replies/c',
    });
  });

  it('tells the keep alive when it caps it [MQTT-3.1.2-21]', async () => {
    await using broker = await startTestBroker({ options: { maxKeepAliveSeconds: 60 } });

    using client = await RawClient.connect(broker.port, 'c', { keepalive: 600 });

    expect(client.connack['properties']).to.include({ serverKeepAlive: 60 });
  });

  it('takes over from the connection with the same client id, which is told so [MQTT-3.1.4-3]', async () => {
    await using broker = await startTestBroker();
    using first = await RawClient.connect(broker.port, 'c');

    using second = await RawClient.connect(broker.port, 'c');

    expect((await first.expect('disconnect'))['reasonCode']).to.equal(0x8e);
    expect(await first.whenClosed()).to.equal(true);
    expect(await second.isSilent()).to.equal(true);
    expect(broker.aedes.connectedClients).to.equal(1);
  });

  it('has to come in time', async () => {
    await using broker = await startTestBroker({ options: { connectTimeoutSeconds: 0.3 } });
    using client = await RawClient.open(broker.port);

    expect(await client.whenClosed()).to.equal(true);
    expect(broker.engine.counters.refused).to.include({ connectTimeout: 1 });
  });

  it('that stops in the middle of an authentication is closed too', async () => {
    await using broker = await startTestBroker({
      options: { connectTimeoutSeconds: 0.3 },
      hooks: {
        enhancedAuthentication: {
          methods: ['ENDLESS'],
          step: (_client, _step, answer) => answer(null, { done: false }),
        },
      },
    });
    using client = await RawClient.open(broker.port);

    client.sendConnect('c', { properties: { authenticationMethod: 'ENDLESS' } });
    await client.expect('auth');

    expect(await client.whenClosed()).to.equal(true);
  });

  it('meets a hook that throws: the client is refused, the hub goes on and logs it', async () => {
    await using broker = await startTestBroker({
      aedes: {
        authenticate: () => {
          throw new Error('secret detail');
        },
      },
    });

    using client = await RawClient.connect(broker.port, 'c');

    expect(client.connack['reasonCode']).to.equal(0x83);
    expect(client.connack['properties'].reasonString).to.not.contain('secret');
    expect(broker.log.some(({ event, error }) => event === 'hook-failed' && error === 'secret detail')).to.equal(true);
  });

  it('is refused over the connection limit, with 0x97', async () => {
    await using broker = await startTestBroker({ options: { maxConnections: 1 } });
    using first = await RawClient.connect(broker.port, 'a');

    using second = await RawClient.connect(broker.port, 'b');

    expect(second.connack['reasonCode']).to.equal(0x97);
    expect(await first.isSilent()).to.equal(true);
  });

  it('ends after one and a half keep alives of silence, with 0x8D [MQTT-3.1.2-22]', async () => {
    await using broker = await startTestBroker();
    const started = performance.now();
    using client = await RawClient.connect(broker.port, 'c', { keepalive: 1 });

    const disconnect = await client.expect('disconnect');

    expect(disconnect['reasonCode']).to.equal(0x8d);
    expect(performance.now() - started).to.be.at.least(1490);
  });

  it('ends it too for bytes now and then that never become a packet', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c', { keepalive: 1 });
    const packet = Buffer.concat([Buffer.from([0x30, 100, 0, 1, 97]), Buffer.alloc(98)]);
    let at = 0;
    const trickle = setInterval(() => client.socket.write(packet.subarray(at, ++at)), 50);

    const disconnect = await client.expect('disconnect');
    clearInterval(trickle);

    expect(disconnect['reasonCode']).to.equal(0x8d);
  });

  it('does not end while a large packet takes its time to arrive, nor while the hub does not read', async () => {
    await using broker = await startTestBroker({ options: { maxPublishesPerSecond: 1 } });
    using slow = await RawClient.connect(broker.port, 'slow', { keepalive: 1 });
    using fast = await RawClient.connect(broker.port, 'fast', { keepalive: 1 });
    const packet = Buffer.concat([Buffer.from([0x30, 0xff, 0xff, 0x03, 0, 1, 97]), Buffer.alloc(65_532)]);
    for (let i = 0; i < 5; i++) fast.publish('t', 'x');
    fast.send({ cmd: 'pingreq' });

    for (let at = 0; at < packet.length; at += 5000) {
      slow.send(packet.subarray(at, at + 5000));
      await pause(200);
    }

    expect(await slow.isSilent()).to.equal(true);
    expect((await fast.next())?.cmd).to.equal('pingresp');
  });

  it('twice ends the connection [MQTT-3.1.0-2]', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c');

    client.sendConnect('c');

    expect((await client.expect('disconnect'))['reasonCode']).to.equal(0x82);
  });

  it('is refused with 0x8C for an authentication method the hub does not have [MQTT-4.12.0-1]', async () => {
    await using broker = await startTestBroker();

    using client = await RawClient.connect(broker.port, 'c', {
      properties: { authenticationMethod: 'SCRAM', authenticationData: Buffer.from('x') },
    });

    expect(client.connack['reasonCode']).to.equal(0x8c);
  });

  it('authenticates in several steps through a hook, and again later (§4.12)', async () => {
    await using broker = await startTestBroker({
      hooks: {
        enhancedAuthentication: {
          methods: ['COUNT'],
          step: (_client, { data }, answer) => {
            const done = String(data) === '2';
            answer(String(data) === 'bad' ? new Error('bad') : null, { done, data: Buffer.from(done ? 'ok' : 'more') });
          },
        },
      },
    });
    using client = await RawClient.open(broker.port);
    const auth = (reasonCode: number, data: string): void =>
      client.send({
        cmd: 'auth',
        reasonCode,
        properties: { authenticationMethod: 'COUNT', authenticationData: Buffer.from(data) },
      });

    client.sendConnect('c', { properties: { authenticationMethod: 'COUNT', authenticationData: Buffer.from('1') } });
    const first = await client.expect('auth');
    auth(0x18, '2');
    const connack = await client.expect('connack');
    auth(0x19, '2');
    const again = await client.expect('auth');
    auth(0x19, 'bad');
    const end = await client.expect('disconnect');

    expect(first).to.include({ reasonCode: 0x18 });
    expect(connack['reasonCode']).to.equal(0);
    expect(String(connack['properties'].authenticationData)).to.equal('ok');
    expect(again['reasonCode']).to.equal(0);
    expect(end['reasonCode']).to.equal(0x87);
  });

  it('survives a storm of takeovers with one connection left', async () => {
    await using broker = await startTestBroker();

    const clients = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const client = await RawClient.open(broker.port);
        client.sendConnect('storm', { clean: false, properties: { sessionExpiryInterval: 60 } });
        return client;
      }),
    );
    await eventually(() => clients.filter(({ closed }) => closed).length === 99);

    expect(broker.aedes.connectedClients).to.equal(1);
    expect(broker.engine.counters).to.include({ sessions: 1, connections: 1 });
    for (const client of clients) client.socket.destroy();
  });

  it('opens and closes many connections without leaving anything behind', async () => {
    await using broker = await startTestBroker();

    for (let round = 0; round < 10; round++) {
      const clients = await Promise.all(
        Array.from({ length: 50 }, (_, i) => RawClient.connect(broker.port, `c${i}`, { keepalive: 10 })),
      );
      await Promise.all(clients.map((client) => client.subscribe(`t/${client.version}`)));
      for (const { socket } of clients) socket.destroy();
      await eventually(() => broker.engine.counters.connections === 0);
    }

    expect(broker.engine.counters).to.include({ sessions: 0, subscriptions: 0, queuedMessages: 0, queuedBytes: 0 });
    expect(broker.aedes.connectedClients).to.equal(0);
  });

  it('ends with 0x8B when the hub stops', async () => {
    const broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c');

    const [disconnect] = await Promise.all([client.expect('disconnect'), broker[Symbol.asyncDispose]()]);

    expect(disconnect['reasonCode']).to.equal(0x8b);
  });

  it('ends with 0x98 when an embedder closes the client', async () => {
    await using broker = await startTestBroker();
    broker.aedes.on('clientReady', (ready) => ready.close());
    using client = await RawClient.connect(broker.port, 'c');

    expect((await client.expect('disconnect'))['reasonCode']).to.equal(0x98);
  });
});

import { expect } from 'chai';
import { startTestBroker, type TestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { pause } from './wait.ts';

function will(options: object = {}) {
  return { will: { topic: 'will', payload: Buffer.from('gone'), qos: 1 as const, retain: false, ...options } };
}

async function reader({ port }: TestBroker): Promise<RawClient> {
  const client = await RawClient.connect(port, 'reader');
  await client.subscribe('will', 0);
  return client;
}

describe('a will', () => {
  it('is published when the socket ends without DISCONNECT [MQTT-3.1.2-8]', async () => {
    await using broker = await startTestBroker();
    using other = await reader(broker);
    using client = await RawClient.connect(broker.port, 'c', will());

    client.socket.destroy();

    expect(String((await other.expect('publish'))['payload'])).to.equal('gone');
  });

  it('is deleted by DISCONNECT 0x00 and published by 0x04 [MQTT-3.14.4-3]', async () => {
    await using broker = await startTestBroker();
    using other = await reader(broker);
    using quiet = await RawClient.connect(broker.port, 'quiet', will());
    using loud = await RawClient.connect(broker.port, 'loud', will());

    quiet.send({ cmd: 'disconnect', reasonCode: 0 });
    expect(await other.isSilent()).to.equal(true);
    loud.send({ cmd: 'disconnect', reasonCode: 4 });

    await other.expect('publish');
  });

  it('is published on a protocol error and on keep alive timeout', async () => {
    await using broker = await startTestBroker();
    using other = await reader(broker);
    using wrong = await RawClient.connect(broker.port, 'wrong', will());
    using silent = await RawClient.connect(broker.port, 'silent', { ...will(), keepalive: 1 });

    wrong.send(Buffer.from([0x00, 0x00]));
    await other.expect('publish');
    await other.expect('publish');

    expect(await silent.whenClosed()).to.equal(true);
  });

  it('is retained when it asks for it', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c', will({ retain: true }));
    client.socket.destroy();
    await pause(50);

    using other = await reader(broker);

    expect((await other.expect('publish'))['retain']).to.equal(true);
  });

  it('waits for its delay, and is not sent when the session goes on [MQTT-3.1.3-9]', async () => {
    await using broker = await startTestBroker();
    using other = await reader(broker);
    const delayed = {
      ...will({ properties: { willDelayInterval: 1 } }),
      clean: false,
      properties: { sessionExpiryInterval: 60 },
    };
    using first = await RawClient.connect(broker.port, 'c', delayed);
    first.socket.destroy();
    await first.whenClosed();
    expect(await other.isSilent()).to.equal(true);
    using second = await RawClient.connect(broker.port, 'c', { ...delayed });
    await pause(1500);
    expect(await other.isSilent()).to.equal(true);

    second.socket.destroy();

    await other.expect('publish');
  });

  it('does not wait longer than its session lives (§3.1.3.2.2)', async () => {
    await using broker = await startTestBroker();
    using other = await reader(broker);
    using client = await RawClient.connect(broker.port, 'c', {
      ...will({ properties: { willDelayInterval: 600 } }),
      properties: { sessionExpiryInterval: 1 },
    });

    client.socket.destroy();

    await other.expect('publish');
  });

  it('of a session that a clean start ends is published before the new CONNACK (§3.1.4)', async () => {
    await using broker = await startTestBroker();
    const order: string[] = [];
    broker.aedes.on('publish', ({ topic }) => topic === 'will' && order.push('will'));
    broker.aedes.on('clientReady', ({ id }) => id === 'c' && order.push('ready'));
    using first = await RawClient.connect(broker.port, 'c', {
      ...will({ properties: { willDelayInterval: 600 } }),
      clean: false,
      properties: { sessionExpiryInterval: 600 },
    });

    using second = await RawClient.connect(broker.port, 'c', { clean: true });

    expect(first.version).to.equal(second.version);
    expect(order).to.deep.equal(['ready', 'will', 'ready']);
  });

  it('goes through authorizePublish like any publish', async () => {
    await using broker = await startTestBroker({
      aedes: {
        authorizePublish: (_client, packet, done) => done(packet.topic === 'will' ? new Error('no') : null),
      },
    });
    using other = await reader(broker);
    using client = await RawClient.connect(broker.port, 'c', will());

    client.socket.destroy();
    await client.whenClosed();

    expect(await other.isSilent()).to.equal(true);
  });
});

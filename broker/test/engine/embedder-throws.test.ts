import { expect } from 'chai';
import { startTestBroker, type TestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { eventually } from './wait.ts';

const message = { cmd: 'publish' as const, topic: 't', payload: 'x', qos: 1 as const, retain: false, dup: false };

function thrower(): never {
  throw new Error('embedder');
}

/** In a turn of its own, where nothing of the engine is around it. */
function later(call: () => void): void {
  setTimeout(call, 1);
}

function failed({ log }: TestBroker): unknown[] {
  return log.filter(({ event }) => event === 'hook-failed').map(({ hook }) => hook);
}

describe('an embedder whose code throws', () => {
  const events = ['client', 'clientReady', 'connackSent', 'subscribe', 'unsubscribe', 'ping', 'ack', 'publish'];
  for (const event of [...events, 'clientDisconnect', 'clientError', 'keepaliveTimeout', 'connectionError']) {
    it(`in a listener of ${event} stops neither the hub nor what it was doing`, async () => {
      await using broker = await startTestBroker({
        aedes: { authenticate: (_client, _name, _password, done) => later(() => done(null, true)) },
        options: { connectTimeoutSeconds: 1 },
      });
      (broker.aedes as unknown as NodeJS.EventEmitter).on(event, thrower);
      using client = await RawClient.connect(broker.port, 'c', { keepalive: 1 });
      using mute = await RawClient.open(broker.port);

      await client.subscribe('t', 1);
      broker.aedes.publish(message, () => {});
      client.ack('puback', (await client.expect('publish'))['messageId'] as number);
      client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['t'] });
      await client.expect('unsuback');
      expect(await client.isSilent()).to.equal(true);
      if (event === 'clientError') client.send(Buffer.from([0, 0]));
      else if (event !== 'keepaliveTimeout') client.send({ cmd: 'disconnect', reasonCode: 0 });
      await client.whenClosed();
      if (event === 'connectionError') await mute.whenClosed();

      await eventually(() => failed(broker).includes(event));
      using other = await RawClient.connect(broker.port, 'other');
      expect(await other.isSilent()).to.equal(true);
    });
  }

  it('in its hooks allows nothing: preConnect, authenticate, authorizePublish, authorizeSubscribe', async () => {
    for (const hook of ['preConnect', 'authenticate', 'authorizePublish', 'authorizeSubscribe'] as const) {
      await using broker = await startTestBroker({ aedes: { [hook]: thrower } });
      using client = await RawClient.open(broker.port);
      client.sendConnect('c');
      if (hook.startsWith('authorize')) {
        await client.expect('connack');
        expect(hook === 'authorizeSubscribe' ? await client.subscribe('t') : [0x87]).to.deep.equal([0x87]);
        client.publish('t', 'x', { qos: 1, messageId: 1 });
        expect((await client.expect('puback'))['reasonCode']).to.equal(hook === 'authorizePublish' ? 0x87 : 0x10);
      } else {
        expect((await client.next())?.['reasonCode']).to.equal(hook === 'preConnect' ? undefined : 0x83);
        expect(await client.whenClosed()).to.equal(true);
      }
    }
  });

  it('in mayRead or authorizeForward withholds the message, also when the queue is sent later', async () => {
    const hooks = { mayRead: (_client: unknown, topic: string) => (topic === 't' ? thrower() : true) };
    for (const setup of [{ hooks }, { aedes: { authorizeForward: thrower } }]) {
      await using broker = await startTestBroker(setup);
      using client = await RawClient.connect(broker.port, 'c');
      await client.subscribe('t', 1);

      broker.aedes.publish(message, () => {});

      expect(await client.isSilent()).to.equal(true);
      expect(broker.engine.counters.dropped).to.deep.equal({ authorization: 1 });
    }
  });

  it('in published, in a listener of its own topic or in a callback stops nothing', async () => {
    await using broker = await startTestBroker();
    broker.aedes.published = thrower;
    broker.aedes.subscribe('t', thrower, () => {});
    using client = await RawClient.connect(broker.port, 'c');
    await client.subscribe('t', 0);

    broker.aedes.publish(message, thrower);
    client.publish('t', 'y');

    await client.expect('publish');
    await client.expect('publish');
    expect(new Set(failed(broker)))
      .to.include('published')
      .and.include('publish callback');
  });
});

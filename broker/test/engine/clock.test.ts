import { expect } from 'chai';
import { TimerWheel } from '../../src/mqtt/timer-wheel.ts';
import { createData, MemoryStore } from '../../src/store/memory.ts';
import { startTestBroker, type TestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { eventually } from './wait.ts';

const DAY_MS = 86_400_000;
const wallClock = Date.now;

/** Sets the wall clock of this process. */
function setClock(byMs: number): void {
  Date.now = () => wallClock() + byMs;
}

function retain(broker: TestBroker, topic: string, messageExpiryInterval: number): void {
  const message = { cmd: 'publish', topic, payload: 'x', qos: 1, retain: true, dup: false } as const;
  const properties = { messageExpiryInterval };
  broker.aedes.publish(Object.assign(message, { properties }), () => {});
}

/** Leaves a session and a will that last so many seconds. */
async function leave(broker: TestBroker, id: string, seconds: number): Promise<void> {
  const willProperties = { willDelayInterval: seconds };
  const will = { topic: `will/${id}`, payload: Buffer.from('gone'), qos: 1, retain: true, properties: willProperties };
  const properties = { sessionExpiryInterval: seconds };
  using client = await RawClient.connect(broker.port, id, { clean: false, properties, will: will as never });
  await client.subscribe('t', 1);
  client.socket.destroy();
  await eventually(() => broker.engine.sessions.get(id)?.connection === null);
}

describe('the wall clock of a running hub', () => {
  afterEach(() => {
    Date.now = wallClock;
  });

  for (const [way, byMs] of [
    ['back', -DAY_MS],
    ['forward', DAY_MS],
  ] as const) {
    it(`set ${way} a day ends nothing early and keeps nothing longer`, async () => {
      const data = createData();
      await using broker = await startTestBroker({ store: new MemoryStore(data) });
      const { engine } = broker;
      using patient = await RawClient.connect(broker.port, 'patient', { keepalive: 600 });
      using silent = await RawClient.connect(broker.port, 'silent', { keepalive: 1 });
      retain(broker, 'brief', 1);
      retain(broker, 'lasting', 600);
      await leave(broker, 'lasting', 600);
      await leave(broker, 'brief', 1);

      setClock(byMs);

      expect((await silent.expect('disconnect'))['reasonCode']).to.equal(0x8d);
      await eventually(() => engine.sessions.get('brief') === undefined);
      await eventually(() => engine.store.retained('will/brief') !== undefined);
      await eventually(() => engine.store.retained('brief') === undefined);
      expect(engine.sessions.get('lasting')).not.to.equal(undefined);
      expect(engine.store.retained('will/lasting')).to.equal(undefined);
      const reader = await RawClient.connect(broker.port, 'reader');
      await reader.subscribe('lasting');
      expect((await reader.expect('publish'))['properties'].messageExpiryInterval).to.be.within(500, 600);
      reader.socket.destroy();
      expect(await patient.isSilent()).to.equal(true);
      // What is kept is for the next start, which begins with the clock as it is then.
      await leave(broker, 'later', 600);
      await eventually(() => (data.sessions.get('later')?.record.expiresAt ?? 0) > 0);
      expect(data.sessions.get('later')!.record.expiresAt - Date.now()).to.be.within(500_000, 601_000);
    });
  }

  it('does not stop a client that publishes as fast as it may', async () => {
    await using broker = await startTestBroker({ options: { maxPublishesPerSecond: 1000 } });
    using client = await RawClient.connect(broker.port, 'c');
    client.publish('t', 'x', { qos: 1, messageId: 1 });
    await client.expect('puback');

    setClock(-DAY_MS);
    for (let messageId = 1; messageId <= 10; messageId++) {
      client.publish('t', 'x', { qos: 1, messageId });
      expect((await client.expect('puback'))['messageId']).to.equal(messageId);
    }
  });

  it('was ahead when a message was kept: it has its whole time from the start on', async () => {
    const data = createData();
    const properties = { messageExpiryInterval: 1 };
    const ahead = { topic: 'kept', payload: Buffer.from('x'), qos: 1, retain: true, publisher: '' } as const;
    const batch = new MemoryStore(data).batch();
    batch.retain({ ...ahead, properties, expiresAt: Date.now() + DAY_MS });
    batch.commit(() => undefined);

    await using broker = await startTestBroker({ store: new MemoryStore(data) });

    expect(broker.engine.store.retained('kept')).not.to.equal(undefined);
    await eventually(() => broker.engine.store.retained('kept') === undefined);
  });
});

describe('the timer wheel', () => {
  it('waits one tick after the hub was away itself, so that what came meanwhile is read first', async () => {
    let now = 0;
    let asked = 0;
    const wheel = new TimerWheel(undefined, () => {
      asked++;
      return now;
    });
    let expiredAfter = 0;
    wheel.add({ deadline: 1000, expire: () => (expiredAfter = asked) });
    const before = asked;

    now = 60_000;
    wheel.start();
    await eventually(() => expiredAfter > 0);
    wheel.stop();

    // One question of the tick that waited, two of the one that did not.
    expect(expiredAfter - before).to.equal(3);
  });
});

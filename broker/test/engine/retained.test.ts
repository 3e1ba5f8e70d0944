import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { startTestBroker, type TestBroker } from './broker.ts';
import { RawClient, type Received } from './raw-client.ts';
import { pause } from './wait.ts';

function retain({ aedes }: TestBroker, topic: string, payload: string, qos: 0 | 1 | 2 = 0, properties?: object): void {
  const packet = { cmd: 'publish' as const, topic, payload, qos, retain: true, dup: false };
  aedes.publish({ ...packet, ...(properties ? { properties } : {}) }, () => {});
}

describe('a retained message', () => {
  it('is sent for a new subscription, with retain set, at the lower of both QoS [MQTT-3.3.1-9]', async () => {
    await using broker = await startTestBroker();
    retain(broker, 'a', 'v', 2);
    using client = await RawClient.connect(broker.port, 'c');

    await client.subscribe('a', 1);
    const received = await client.expect('publish');

    expect(received).to.include({ retain: true, qos: 1 });
  });

  it('is deleted by an empty payload [MQTT-3.3.1-6]', async () => {
    await using broker = await startTestBroker();
    retain(broker, 'a', 'v');
    retain(broker, 'a', '');
    using client = await RawClient.connect(broker.port, 'c');

    await client.subscribe('#');

    expect(await client.isSilent()).to.equal(true);
    expect(broker.engine.store.retainedCount).to.equal(0);
  });

  it('honours retain handling 0, 1 and 2 [MQTT-3.3.1-9], [MQTT-3.3.1-10], [MQTT-3.3.1-11]', async () => {
    await using broker = await startTestBroker();
    retain(broker, 'a', 'v');
    using client = await RawClient.connect(broker.port, 'c');

    await client.subscribe('a', 0, { rh: 2 });
    expect(await client.isSilent()).to.equal(true);
    await client.subscribe('a', 0, { rh: 1 });
    expect(await client.isSilent()).to.equal(true);
    await client.subscribe('a', 0, { rh: 0 });
    await client.expect('publish');
    await client.subscribe('+', 0, { rh: 1 });
    await client.expect('publish');
  });

  it('keeps or loses its flag when routed live, as the subscription asks [MQTT-3.3.1-12], [MQTT-3.3.1-13]', async () => {
    await using broker = await startTestBroker();
    using plain = await RawClient.connect(broker.port, 'plain');
    using exact = await RawClient.connect(broker.port, 'exact');
    await plain.subscribe('a');
    await exact.subscribe('a', 0, { rap: true });

    retain(broker, 'a', 'v');

    expect((await plain.expect('publish'))['retain']).to.equal(false);
    expect((await exact.expect('publish'))['retain']).to.equal(true);
  });

  it('is not sent for a shared subscription (§4.8.2)', async () => {
    await using broker = await startTestBroker();
    retain(broker, 'a', 'v');
    using client = await RawClient.connect(broker.port, 'c');

    await client.subscribe('$share/g/a');

    expect(await client.isSilent()).to.equal(true);
  });

  it('below $SYS is not matched by a leading wildcard [MQTT-4.7.2-1]', async () => {
    await using broker = await startTestBroker();
    retain(broker, '$SYS/broker/x', 'v');
    using client = await RawClient.connect(broker.port, 'c');

    await client.subscribe('#');
    expect(await client.isSilent()).to.equal(true);
    await client.subscribe('$SYS/broker/#');

    expect((await client.expect('publish'))['topic']).to.equal('$SYS/broker/x');
  });

  it('is sent with the expiry that remains, and not at all after it [MQTT-3.3.2-6]', async () => {
    await using broker = await startTestBroker();
    retain(broker, 'long', 'v', 0, { messageExpiryInterval: 100 });
    retain(broker, 'short', 'v', 0, { messageExpiryInterval: 1 });
    await pause(1100);
    using client = await RawClient.connect(broker.port, 'c');

    await client.subscribe('#');
    const received = await client.expect('publish');

    expect(received['topic']).to.equal('long');
    expect(received['properties'].messageExpiryInterval).to.be.within(97, 99);
    expect(await client.isSilent()).to.equal(true);
  });

  it('is one of ten thousand that all arrive at a client whose window is one', async () => {
    await using broker = await startTestBroker();
    for (let i = 0; i < 10_000; i++) retain(broker, `doc/${i}`, 'x'.repeat(200), i % 2 === 0 ? 1 : 0);
    using client = await RawClient.connect(broker.port, 'c', { properties: { receiveMaximum: 1 } });
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '#', qos: 1 }] });
    await client.expect('suback');

    const topics = new Set<string>();
    while (topics.size < 10_000) {
      const received: Received = await client.expect('publish');
      topics.add(received['topic'] as string);
      if (received['qos'] === 1) client.ack('puback', received['messageId'] as number);
    }

    expect(topics.size).to.equal(10_000);
  });

  it('is one of ten thousand that all arrive at a plain mosquitto_sub', async () => {
    await using broker = await startTestBroker();
    for (let i = 0; i < 10_000; i++) retain(broker, `doc/${i}`, 'x'.repeat(500));

    const sub = spawn('mosquitto_sub', ['-p', String(broker.port), '-t', '#', '-C', '10000', '-W', '8', '-F', '%t']);
    const topics = new Set<string>();
    let rest = '';
    sub.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) topics.add(line);
    });
    const [code] = await once(sub, 'close');

    expect(code).to.equal(0);
    expect(topics.size).to.equal(10_000);
  });
});

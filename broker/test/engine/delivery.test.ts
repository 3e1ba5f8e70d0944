import { expect } from 'chai';
import { startTestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { eventually } from './wait.ts';

const message = { cmd: 'publish' as const, topic: 't', payload: 'x', qos: 0 as const, retain: false, dup: false };

describe('delivery', () => {
  it('drops QoS 0 for a client that does not read, then disconnects it, and delays nobody else', async () => {
    await using broker = await startTestBroker({ options: { maxOutboundBytes: 256 * 1024, stallSeconds: 1 } });
    using stalled = await RawClient.connect(broker.port, 'stalled');
    await stalled.subscribe('flood');
    stalled.socket.pause();
    using reader = await RawClient.connect(broker.port, 'reader');
    await reader.subscribe('ping');
    const payload = Buffer.alloc(64 * 1024);
    const heap = process.memoryUsage().arrayBuffers;

    for (let i = 0; i < 400; i++) {
      broker.aedes.publish({ ...message, topic: 'flood', payload }, () => {});
      if (i % 20 > 0) continue;
      // Comes through however much waits for the other; by how much later at most, load/stalled.test.ts says.
      reader.publish('ping', 'x');
      await reader.expect('publish');
    }
    const dropped = broker.engine.counters.dropped.outboundBytes;
    await eventually(() => broker.engine.counters.connections === 1);

    expect(dropped).to.be.greaterThan(100);
    expect(broker.engine.counters.refused).to.include({ outboundBytes: 1 });
    expect(process.memoryUsage().arrayBuffers - heap).to.be.lessThan(20 * 1024 * 1024);
  });

  it('drops for one session what its queue cannot hold, and acknowledges the publisher', async () => {
    await using broker = await startTestBroker({ options: { maxQueuedMessages: 10 } });
    using away = await RawClient.connect(broker.port, 'away', { version: 4, clean: false });
    await away.subscribe('t', 1);
    away.socket.destroy();
    using writer = await RawClient.connect(broker.port, 'writer');
    await writer.subscribe('t', 1);

    for (let id = 1; id <= 20; id++) {
      writer.publish('t', String(id), { qos: 1, messageId: id });
      const packets = [await writer.next(), await writer.next()];
      const own = packets.find((packet) => packet?.cmd === 'publish');
      writer.ack('puback', own!['messageId'] as number);
    }

    expect(broker.engine.counters.dropped).to.deep.include({ queue: 10 });
    expect(broker.log.filter(({ event }) => event === 'queue-full')).to.have.length(1);
  });

  it('sends one copy for overlapping filters, with the highest QoS and every identifier [MQTT-3.3.4-4]', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c');
    await client.subscribe('t', 0, { properties: { subscriptionIdentifier: 1 } });
    await client.subscribe('#', 1, { properties: { subscriptionIdentifier: 2 } });

    broker.aedes.publish({ ...message, qos: 2 }, () => {});
    const received = await client.expect('publish');

    expect(received['qos']).to.equal(1);
    expect([...(received['properties'].subscriptionIdentifier as number[])].toSorted((a, b) => a - b)).to.deep.equal([
      1, 2,
    ]);
    expect(await client.isSilent()).to.equal(true);
  });

  it('honours No Local [MQTT-3.8.3-3]', async () => {
    await using broker = await startTestBroker();
    using client = await RawClient.connect(broker.port, 'c');
    await client.subscribe('t', 0, { nl: true });

    client.publish('t', 'own');
    broker.aedes.publish({ ...message, payload: 'foreign' }, () => {});

    expect(String((await client.expect('publish'))['payload'])).to.equal('foreign');
    expect(await client.isSilent()).to.equal(true);
  });

  it('asks mayRead for live, queued, retained and shared messages', async () => {
    await using broker = await startTestBroker({
      hooks: { mayRead: (_client, topic) => !topic.startsWith('secret') },
    });
    const options = { clean: false, properties: { sessionExpiryInterval: 60 } };
    broker.aedes.publish({ ...message, topic: 'secret/retained', retain: true }, () => {});
    using client = await RawClient.connect(broker.port, 'c', options);
    await client.subscribe('#', 1);
    await client.subscribe('$share/g/#', 1);
    broker.aedes.publish({ ...message, topic: 'secret/live' }, () => {});
    expect(await client.isSilent()).to.equal(true);
    client.socket.destroy();
    await client.whenClosed();
    broker.aedes.publish({ ...message, topic: 'secret/queued', qos: 1 }, () => {});

    using again = await RawClient.connect(broker.port, 'c', options);

    expect(await again.isSilent()).to.equal(true);
    expect(broker.engine.counters.queuedMessages).to.equal(0);
  });
});

import { expect } from 'chai';
import { StalledReaders } from '../load/stalled-readers.ts';
import { startTestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { eventually, pause } from './wait.ts';

const MIB = 1024 ** 2;
const payload = Buffer.alloc(64 * 1024);

describe('what is unsent to all clients together', () => {
  it('is bounded: those with the most lose QoS 0, then their connection, and others lose nothing', async () => {
    const options = { maxOutboundBytes: 64 * MIB, outboundMaxBytes: 64 * MIB, stallSeconds: 600 };
    await using broker = await startTestBroker({ options });
    const { counters } = broker.engine;
    using reader = await RawClient.connect(broker.port, 'reader');
    await reader.subscribe('flood');
    using _stalled = await StalledReaders.open(broker.port, 20, 'flood');
    await eventually(() => counters.subscriptions === 21);
    let most = 0;
    const flood = async (): Promise<void> => {
      const message = { cmd: 'publish', topic: 'flood', payload, qos: 0, retain: false, dup: false } as const;
      broker.aedes.publish(message, () => {});
      expect((await reader.expect('publish'))['payload']).to.have.length(payload.length);
      most = Math.max(most, counters.outboundBytes);
    };

    while ((counters.dropped.outboundBytes ?? 0) < 500) await flood();
    const refused = counters.refused.outboundBytes ?? 0;
    broker.engine.limit({ outboundMaxBytes: 32 * MIB });
    using _another = await StalledReaders.open(broker.port, 1, 'flood');
    while ((counters.refused.outboundBytes ?? 0) === refused) await flood();

    // An eighth more before anybody goes, and what one message adds for all of them.
    expect(most).to.be.within(64 * MIB, 74 * MIB);
    await eventually(() => counters.outboundBytes <= 36 * MIB);
    expect(counters.connections).to.be.within(3, 21);
    expect(reader.closed).to.equal(false);
  }).timeout(60_000);

  it('is nothing again when they are gone', async () => {
    await using broker = await startTestBroker();
    const { counters } = broker.engine;
    {
      using _stalled = await StalledReaders.open(broker.port, 20, 'flood');
      await eventually(() => counters.subscriptions === 20);
      for (let i = 0; i < 2000 && counters.outboundBytes < MIB; i++) {
        broker.aedes.publish({ cmd: 'publish', topic: 'flood', payload, qos: 0, retain: false, dup: false }, () => {});
        await pause(1);
      }
      expect(counters.outboundBytes).to.be.greaterThan(0);
    }

    await eventually(() => counters.connections === 0);
    expect(counters.outboundBytes).to.equal(0);
  });
});

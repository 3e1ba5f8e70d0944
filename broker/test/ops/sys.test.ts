import { expect } from 'chai';
import fc from 'fast-check';
import { LoadAverage } from '../../src/ops/load-average.ts';
import { startTestHub } from '../support/hub.ts';
import { follow } from '../support/messages.ts';

/** What Mosquitto 2.0 publishes, but for shared subscriptions; `clients/maximum` is of its manual. */
const names = `version uptime clients/total clients/inactive clients/disconnected clients/active clients/connected
  clients/expired clients/maximum messages/stored messages/received messages/sent store/messages/count
  store/messages/bytes subscriptions/count heap/current heap/maximum publish/messages/dropped
  publish/messages/received publish/messages/sent publish/bytes/received publish/bytes/sent bytes/received
  bytes/sent`.split(/\s+/);
const loads = `messages/received messages/sent publish/dropped publish/received publish/sent bytes/received bytes/sent
  sockets connections`.split(/\s+/);

describe('$SYS/broker', function () {
  this.timeout(60_000);

  it("has Mosquitto's names, retained, for everybody", async () => {
    await using hub = await startTestHub();
    const ana = await hub.client('ana');
    const sys = await follow(ana, '$SYS/#', { qos: 0, ms: 20_000 });
    await ana.publishAsync('end', '', { qos: 1 });
    await sys.next(({ topic }) => topic === '$SYS/broker/load/connections/15min');

    const wanted = [
      ...names,
      'retained messages/count',
      ...loads.flatMap((one) => [1, 5, 15].map((min) => `load/${one}/${min}min`)),
    ];
    for (const name of wanted.filter((one) => one !== 'load/connections/15min')) {
      const { packet, text } = await sys.next(({ topic }) => topic === `$SYS/broker/${name}`);
      expect(packet.retain, name).to.equal(true);
      if (name === 'version') expect(text()).to.match(/^parley version \d/);
      else if (name === 'uptime') expect(text()).to.match(/^\d+ seconds$/);
      else if (name.startsWith('load/')) expect(text(), name).to.match(/^\d+\.\d\d$/);
      else expect(text(), name).to.match(/^\d+$/);
    }
  });

  it('tells what has changed, at its interval', async () => {
    await using hub = await startTestHub({ sysIntervalSeconds: 0.2 });
    const ana = await hub.client('ana');
    const sys = await follow(ana, '$SYS/broker/#', { qos: 0, ms: 20_000 });

    await Promise.all([hub.client('ben'), hub.client('cleo')]);
    await ana.publishAsync('some/topic', 'x', { qos: 1 });

    await sys.next(({ topic, text }) => topic === '$SYS/broker/clients/connected' && text() === '3');
    await sys.next(({ topic, text }) => topic === '$SYS/broker/clients/maximum' && text() === '3');
    await sys.next(({ topic, text }) => topic === '$SYS/broker/publish/messages/received' && text() === '1');
    await sys.next(({ topic, text }) => topic === '$SYS/broker/load/connections/1min' && Number(text()) > 0);
    expect(sys.queue.filter(({ topic }) => topic === '$SYS/broker/version')).to.have.length(1);
  });

  it('is silent when the interval is 0, and belongs to the hub', async () => {
    await using hub = await startTestHub({ sysIntervalSeconds: 0 });
    const ana = await hub.client('ana', { protocolVersion: 5 });
    const sys = await follow(ana, '$SYS/#', { qos: 0, ms: 20_000 });

    const refused: unknown = await ana
      .publishAsync('$SYS/broker/uptime', '1', { qos: 1 })
      .catch((error: unknown) => error);
    await ana.subscribeAsync('end');
    await ana.publishAsync('end', '', { qos: 1 });
    await sys.next(({ topic }) => topic === 'end');

    expect(refused).to.have.property('code', 0x87);
    expect(sys.queue).to.deep.equal([]);
  });
});

describe('a load average', () => {
  it('comes to what is steady, and never leaves the range of what it saw', () => {
    const step = fc.record({ seconds: fc.integer({ min: 1, max: 600 }), growth: fc.integer({ min: 0, max: 1e6 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 50 }), (steps) => {
        const load = new LoadAverage();
        let total = 0;
        const rates = steps.map(({ seconds, growth }) => {
          total += growth;
          load.look(total, seconds);
          return (growth * 60) / seconds;
        });

        for (const average of load.averages) expect(average).to.be.within(0, Math.max(...rates) * (1 + 1e-9));
      }),
    );
    const steady = new LoadAverage();
    for (let look = 1; look <= 1000; look++) steady.look(look * 50, 10);
    for (const average of steady.averages) expect(average).to.be.closeTo(300, 1);
  });
});

import { expect } from 'chai';
import type { Read } from '../src/link/read.ts';
import { withKept } from '../src/state/device.ts';
import { columnsOf, keptDevices, keptReadings } from '../src/state/devices/stored.ts';
import type { History } from '../src/state/devices/stored.ts';
import { samplesOf } from '../src/state/hub/prometheus.ts';
import { Vitals } from '../src/state/hub/vitals.ts';
import { startTestHub } from '../../broker/test/support/hub.ts';
import type { TestHub } from '../../broker/test/support/hub.ts';
import { until } from '../../broker/test/support/until.ts';

/** The page's reads, at a hub of a test. */
function readerOf({ httpUrl }: TestHub): Read {
  const get = (path: string): Promise<Response> => fetch(`${httpUrl}${path}`);
  return { json: async (path) => (await get(path)).json(), text: async (path) => (await get(path)).text() };
}

const history: History = {
  from: 0,
  to: 3_600_000,
  bucketMs: 10_000,
  points: [
    { at: 1000, min: 1, avg: 2, max: 3, last: 2 },
    { at: 11_000, last: 'word' },
    { at: 21_000, min: 4, avg: 4, max: 4, last: 4 },
    { at: 600_000, min: 5, avg: 5, max: 5, last: 5 },
  ],
};

describe('readings that the hub kept', () => {
  it('are a line with bounds, holes where nothing came, and what is live at the end', () => {
    const live = [
      { at: 21_000, value: 9 },
      { at: 601_000, value: 6 },
      { at: 602_000, value: Infinity },
      { at: 9_000_000, value: 7 },
    ];

    const { at, value, min, max } = columnsOf(history, live, { from: 0, to: 3_600_000 });

    expect(at).to.deep.equal([1000, 21_000, 21_001, 600_000, 601_000]);
    expect(value).to.deep.equal([2, 4, null, 5, 6]);
    expect([min[0], max[0], min.at(-1), max.at(-1)]).to.deep.equal([1, 3, 6, 6]);
    expect(columnsOf(undefined, [], { from: 0, to: 1 }).at).to.deep.equal([]);
  });

  it('fill a device where nothing newer was heard', () => {
    const heard = { metric: 'power', unit: 'W', value: 5, at: 9, points: [{ at: 9, value: 5 }] };
    const device = { name: 'd', series: [heard], sent: {}, seenAt: 9 };
    const latest = { power: { value: 1, at: 1 }, door: { value: true, at: 2 } };

    const { series, seenAt } = withKept(device, { seenAt: 5, latest });

    expect(seenAt).to.equal(9);
    expect(series.map(({ metric, value }) => [metric, value])).to.deep.equal([
      ['power', 5],
      ['door', true],
    ]);
  });

  it('come from a real hub as the page reads them', async () => {
    await using hub = await startTestHub();
    const lamp = await hub.client('lamp-1');
    await lamp.publishAsync('devices/lamp-1/status', 'online', { qos: 1, retain: true });
    for (const power of [1, 2, 6])
      await lamp.publishAsync('devices/lamp-1/telemetry', JSON.stringify({ power }), { qos: 1 });
    const read = readerOf(hub);

    const devices = await until(async () => {
      const all = await keptDevices(read);
      return all[0]?.latest['power']?.value === 6 ? all : undefined;
    }, 'the readings being kept');
    const stretch = { from: Date.now() - 60_000, to: Date.now() + 60_000 };
    const kept = await keptReadings(read, 'lamp-1', 'power', stretch);

    expect(devices[0]).to.include({ device: 'lamp-1' });
    expect(Math.max(...kept.points.map(({ max }) => max ?? 0))).to.equal(6);
    expect(columnsOf(kept, [], stretch).value.length).to.be.greaterThan(0);
  });
});

describe('the hub’s numbers', () => {
  it('are read from Prometheus text, and nothing else is', () => {
    const page = [
      '# HELP a b',
      'up 1',
      'parley_dropped{cause="queue"} 3 1800000000000',
      String.raw`odd{a="x\"y\n",b="{}"} +Inf`,
      'broken{a=b} 1',
      'nothing',
      'no number',
      '<script>alert(1)</script>',
    ].join('\n');

    expect(samplesOf(page)).to.deep.equal([
      { name: 'up', labels: {}, value: 1 },
      { name: 'parley_dropped', labels: { cause: 'queue' }, value: 3 },
      { name: 'odd', labels: { a: 'x"y\n', b: '{}' }, value: Infinity },
    ]);
  });

  it('become rates over the looks, and a hub that began anew does not spoil them', async () => {
    let now = 0;
    const totals = [100, 300, 5, 25];
    const lost = [0, 4, 4, 4];
    const read: Read = {
      json: async () => ({ nodes: [] }),
      text: async () =>
        `parley_mqtt_publishes_received_total ${totals.shift()}\nparley_mqtt_dropped_total{cause="queue"} ${lost.shift()}`,
    };
    const vitals = new Vitals(read, () => now);

    for (let look = 0; look < 4; look++) {
      now += 2000;
      await vitals.look();
      if (look === 1) expect(vitals.losses).to.deep.equal([{ cause: 'queue', total: 4, recent: 4 }]);
    }

    expect(vitals.all.find(({ key }) => key === 'in')!.points.map(({ value }) => value)).to.deep.equal([100, 10]);
    expect(vitals.losses[0]!.recent).to.equal(0);
  });

  it('come from a real hub, and say so when it is away', async () => {
    const hub = await startTestHub();
    const vitals = new Vitals(readerOf(hub));
    const ben = await hub.client('ben');

    await vitals.look();
    await ben.publishAsync('a', 'b', { qos: 1 });
    await vitals.look();
    await hub.close();
    await vitals.look();

    const keys = vitals.all.map(({ key }) => key);
    expect(keys).to.include.members(['connections', 'in', 'out', 'queued', 'retained', 'cpu', 'memory']);
    expect(vitals.all.find(({ key }) => key === 'in')!.points.at(-1)!.value).to.be.greaterThan(0);
    expect(vitals.nodes).to.have.length(1);
    expect(vitals.problem).to.be.a('string');
  });
});

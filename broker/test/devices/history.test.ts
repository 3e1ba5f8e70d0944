import { expect } from 'chai';
import fc from 'fast-check';
import { history } from '../../src/devices/history.ts';
import type { Point } from '../../src/devices/history.ts';
import { Recorder } from '../../src/devices/recorder.ts';
import { sweepTelemetry } from '../../src/devices/retention.ts';
import { HOUR_MS, METRICS, MINUTE_MS, MINUTES, READINGS } from '../../src/devices/tables.ts';
import { Message } from '../../src/mqtt/message.ts';
import type { Tap } from '../../src/mqtt/taps.ts';
import { Scope } from '../../src/scope.ts';
import { MemoryStore } from '../../src/store/memory.ts';

interface One {
  readonly at: number;
  readonly value: number | boolean | string;
}

/** A recorder over a store of its own, fed as the engine would. */
function createRecorder(telemetryHours = 168) {
  const store = new MemoryStore();
  const taps = new Map<string, Tap>();
  const engine = {
    tap: (filter: string, tap: Tap) => {
      taps.set(filter, tap);
      return () => undefined;
    },
  };
  const scope = new Scope();
  const recorder = new Recorder({ engine, store, log: () => undefined }, { telemetryHours }, scope);
  const send = (list: readonly One[]): void => {
    const records = list.map(({ at, value }) => ({ n: 'x', t: at / 1000, ...field(value) }));
    const publish = { topic: 'devices/d/telemetry', payload: JSON.stringify(records) };
    taps.get('devices/+/telemetry')!(new Message({ id: '', counter: 0 }, publish, undefined, 0));
  };
  return { store, recorder, send, [Symbol.asyncDispose]: () => scope.close() };
}

function field(value: One['value']): object {
  if (typeof value === 'number') return { v: value };
  return typeof value === 'boolean' ? { vb: value } : { vs: value };
}

/** What the buckets must hold, straight from the readings. */
function bruteForce(list: readonly One[], { from, to, bucketMs }: { from: number; to: number; bucketMs: number }) {
  const points: Omit<Point, 'last'>[] = [];
  for (let at = from; at < to; at += bucketMs) {
    const inside = list.filter((one) => one.at >= at && one.at < Math.min(to, at + bucketMs));
    const numbers = inside.flatMap(({ value }) => (typeof value === 'string' ? [] : [Number(value)]));
    if (inside.length === 0) continue;
    const count = inside.length;
    if (numbers.length === 0) points.push({ at, count });
    else {
      const sum = numbers.reduce((total, one) => total + one, 0);
      points.push({ at, count, min: Math.min(...numbers), max: Math.max(...numbers), avg: sum / numbers.length });
    }
  }
  return points;
}

/** Whole tenths, so that sums do not depend on their order by more than rounding. */
const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -1e6, max: 1e6 }).map((tenths) => tenths / 10) },
  fc.boolean(),
  fc.constantFrom('on', 'off'),
);

describe('thinned telemetry', () => {
  for (const [range, spanMs] of [
    ['an hour, from single readings', HOUR_MS],
    ['six days, from minutes', 144 * HOUR_MS],
  ] as const) {
    it(`is what the readings say over ${range}`, async () => {
      const now = Date.now();
      const readings = fc.array(
        fc.array(fc.record({ at: fc.integer({ min: now - spanMs, max: now }), value }), {
          minLength: 1,
          maxLength: 20,
        }),
        { maxLength: 8 },
      );
      const edge = fc.integer({ min: now - spanMs, max: now });
      await fc.assert(
        fc.asyncProperty(readings, edge, edge, fc.integer({ min: 1, max: 200 }), async (writes, one, other, points) => {
          await using setup = createRecorder();
          for (const write of writes) {
            setup.send(write);
            await setup.recorder.settle();
          }
          const [from, to] = [Math.min(one, other), Math.max(one, other) + 1];

          const answer = await history(setup.store, 'd', { metric: 'x', from, to, points }, now);

          const expected = bruteForce(writes.flat(), answer);
          expect(answer.from).to.be.at.most(from);
          expect(answer.to).to.be.at.least(to);
          expect(answer.points.length).to.be.at.most(points);
          expect(answer.points.map(({ at, count }) => ({ at, count }))).to.deep.equal(
            expected.map(({ at, count }) => ({ at, count })),
          );
          for (const [index, point] of answer.points.entries()) {
            const { min, max, avg } = expected[index]!;
            expect([point.min, point.max]).to.deep.equal([min, max]);
            if (avg !== undefined) expect(point.avg).to.be.closeTo(avg, 1e-6);
          }
        }),
        { numRuns: 100 },
      );
    });
  }

  it('reads a week of one reading a second without holding it', async function () {
    this.timeout(20_000);
    const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    const store = new MemoryStore();
    fill(store, now);

    const before = process.cpuUsage();
    const week = await history(store, 'd', { metric: 'x', from: now - 168 * HOUR_MS, to: now, points: 500 }, now);
    const { user } = process.cpuUsage(before);

    expect(week.points).to.have.length.within(480, 500);
    expect(week.points.reduce((sum, { count }) => sum + count, 0)).to.equal(168 * 3600);
    // Of this process, whatever else the machine does; it takes some 200 ms.
    expect(user / 1000).to.be.below(1000);
  });
});

/** Every minute of a week with 60 readings. */
function fill(store: MemoryStore, now: number): void {
  const batch = store.batch();
  for (let at = now - 168 * HOUR_MS; at < now; at += MINUTE_MS) {
    batch.put(MINUTES, ['d', 'x', at], { count: 60, numbers: 60, sum: 60, min: 0, max: 2, last: 1, lastAt: at });
  }
  batch.commit(() => undefined);
}

describe('retention of telemetry', () => {
  it('keeps minutes where single readings are past a day, and nothing past telemetryHours', async () => {
    const now = Date.now();
    await using setup = createRecorder();
    const hoursAgo = [1, 23, 25, 100, 167];
    setup.send(hoursAgo.map((hours) => ({ at: now - hours * HOUR_MS, value: hours })));
    await setup.recorder.settle();

    const sweep = (at: number): Promise<void> =>
      sweepTelemetry(
        { store: setup.store, forget: () => undefined, log: () => undefined },
        168,
        at,
        new AbortController().signal,
      );
    const rows = (table: string): number => [...setup.store.range(table)].length;
    await sweep(now);
    expect([rows(READINGS), rows(MINUTES)]).to.deep.equal([2, 5]);

    await sweep(now + 48 * HOUR_MS);
    expect([rows(READINGS), rows(MINUTES)]).to.deep.equal([0, 4]);

    await sweep(now + 200 * HOUR_MS);
    expect([rows(READINGS), rows(MINUTES), rows(METRICS)]).to.deep.equal([0, 0, 0]);
  });

  it('shares one commit among the readings of a tenth of a second', async () => {
    await using setup = createRecorder();
    let commits = 0;
    const batch = setup.store.batch.bind(setup.store);
    setup.store.batch = () => {
      commits++;
      return batch();
    };

    for (let index = 0; index < 1000; index++) setup.send([{ at: Date.now(), value: index }]);
    await setup.recorder.settle();

    expect(commits).to.equal(1);
    expect(setup.recorder.counters.recorded).to.equal(1000);
  });
});

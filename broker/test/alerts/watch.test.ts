import { mock } from 'node:test';
import { expect } from 'chai';
import { Watch } from '../../src/alerts/watch.ts';
import type { RuleRow, StateRow } from '../../src/alerts/tables.ts';

const above: RuleRow = {
  device: 'oven',
  metric: 'heat',
  condition: 'above',
  threshold: 30,
  forSeconds: 60,
  channel: 'general',
  life: '01K0000000000000000000000A',
  by: 'ana',
  createdAt: 0,
  updatedAt: 0,
};
const silent: RuleRow = { ...above, condition: 'silent' };

/** A watch whose notices are only noted; the first `failures` of them are not kept. */
function watching(rule: RuleRow, state?: StateRow, failures = 0) {
  const said: string[] = [];
  let failed = 0;
  const announce = ({ raised }: { raised: boolean }): Promise<void> => {
    if (failed++ < failures) return Promise.reject(new Error('no room'));
    said.push(raised ? 'raised' : 'cleared');
    return Promise.resolve();
  };
  const watch = new Watch({ announce, changed: () => undefined }, { name: 'hot', rule, device: 'oven' });
  if (state) watch.restore(state);
  return { watch, said };
}

/** Lets promises that are settled go on. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

async function pass(seconds: number): Promise<void> {
  mock.timers.tick(seconds * 1000);
  await turns();
}

describe('one rule on one device', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_800_000_000_000 }));
  afterEach(() => mock.timers.reset());

  it('is raised when it has held for its time, and cleared when it does not', async () => {
    const { watch, said } = watching(above);

    watch.measured({ value: 31 });
    await pass(59);
    watch.measured({ value: 35 });
    expect(said).to.deep.equal([]);
    await pass(1);
    expect(said).to.deep.equal(['raised']);
    watch.measured({ value: 30 });
    await turns();

    expect(said).to.deep.equal(['raised', 'cleared']);
  });

  it('begins anew when a value was fine in between', async () => {
    const { watch, said } = watching(above);

    watch.measured({ value: 31 });
    await pass(59);
    watch.measured({ value: 29 });
    watch.measured({ value: 31 });
    await pass(59);

    expect(said).to.deep.equal([]);
    expect(watch.state).to.include({ raised: false, episode: 0 });
  });

  it('stays raised within its hysteresis', async () => {
    const { watch, said } = watching({ ...above, forSeconds: 0, hysteresis: 2 });

    for (const value of [31, 29.5, 31, 28.5]) watch.measured({ value });
    await turns();
    expect(said).to.deep.equal(['raised']);
    watch.measured({ value: 28 });
    await turns();

    expect(said).to.deep.equal(['raised', 'cleared']);
  });

  it('says once what held and ceased while its notice was on its way', async () => {
    const { watch, said } = watching({ ...above, forSeconds: 0 });

    for (const value of [31, 29, 31, 29, 31, 29]) watch.measured({ value });
    await turns();

    expect(said).to.deep.equal(['raised', 'cleared']);
    expect(watch.state).to.include({ raised: false, episode: 1 });
  });

  it('passes over text, and takes true as 1', async () => {
    const { watch, said } = watching({ ...above, threshold: 0.5, forSeconds: 0 });

    watch.measured({ value: 'open' });
    await turns();
    expect(said).to.deep.equal([]);
    watch.measured({ value: true });
    watch.measured({ value: 'closed' });
    await turns();

    expect(said).to.deep.equal(['raised']);
  });

  it('is not raised twice by a clock that is set back or ahead', async () => {
    const { watch, said } = watching(above);
    watch.measured({ value: 31 });
    await pass(30);
    const real = Date.now;
    try {
      for (const hours of [-48, 48]) {
        Date.now = () => real() + hours * 3_600_000;
        watch.measured({ value: 31 });
        await pass(29);
        expect(said).to.deep.equal(hours < 0 ? [] : ['raised']);
        watch.measured({ value: 32 });
      }
      await pass(3600);
    } finally {
      Date.now = real;
    }

    expect(said).to.deep.equal(['raised']);
  });

  it('says that a device was silent, and that it is back', async () => {
    const { watch, said } = watching(silent);

    watch.heard();
    await pass(59);
    watch.heard();
    await pass(59);
    expect(said).to.deep.equal([]);
    await pass(1);
    await pass(3600);
    expect(said).to.deep.equal(['raised']);
    watch.heard();
    await turns();
    expect(said).to.deep.equal(['raised', 'cleared']);
    await pass(60);

    expect(said).to.deep.equal(['raised', 'cleared', 'raised']);
  });

  it('tries again what the store did not keep', async () => {
    const { watch, said } = watching({ ...above, forSeconds: 0 }, undefined, 3);

    watch.measured({ value: 31 });
    for (let retry = 0; retry < 3; retry++) {
      await turns();
      expect(said).to.deep.equal([]);
      await pass(5);
    }

    expect(said).to.deep.equal(['raised']);
    expect(watch.state).to.include({ raised: true, episode: 1 });
  });

  it('counts on after a restart, but gives devices time to come back', async () => {
    const since = Date.now() - 3_600_000;
    const { watch, said } = watching(above, { life: above.life, episode: 4, raised: false, since });
    const early = watching({ ...above, forSeconds: 7200 }, { life: above.life, episode: 0, raised: false, since });
    const ahead = watching(above, { life: above.life, episode: 0, raised: false, since: Date.now() + 86_400_000 });

    await pass(29);
    expect(said).to.deep.equal([]);
    await pass(1);
    expect(said).to.deep.equal(['raised']);
    expect(watch.state).to.include({ episode: 5 });
    expect(ahead.said).to.deep.equal([]);
    await pass(30);
    expect(ahead.said, 'a clock that was set back').to.deep.equal(['raised']);
    expect(early.said).to.deep.equal([]);
    await pass(3540);

    expect(early.said).to.deep.equal(['raised']);
  });

  it('that was raised before a restart is not raised again', async () => {
    const { watch, said } = watching(above, { life: above.life, episode: 1, raised: true, since: Date.now() });

    watch.measured({ value: 40 });
    await pass(3600);
    expect(said).to.deep.equal([]);
    watch.measured({ value: 20 });
    await turns();

    expect(said).to.deep.equal(['cleared']);
  });

  it('is cleared when its rule ends, and then says nothing any more', async () => {
    const { watch, said } = watching({ ...above, forSeconds: 0 });
    watch.measured({ value: 31 });
    await turns();

    await watch.end();
    watch.measured({ value: 31 });
    watch.heard();
    await pass(3600);

    expect(said).to.deep.equal(['raised', 'cleared']);
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { Timeline } from '../../src/time/timeline.ts';
import { until } from '../support/until.ts';

const start = Date.UTC(2026, 0, 1);

describe('simulated time', () => {
  it('runs events in the order of their times, and those of one time in the order they were asked for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 60 }), async (times) => {
        const clock = new Timeline({ start, speed: Infinity });
        const ran: [time: number, index: number][] = [];
        times.forEach((ms, index) => clock.after(ms, () => void ran.push([clock.now() - start, index])));

        clock.begin();
        await until('all ran', () => ran.length === times.length);

        const expected = times
          .map((ms, index): [number, number] => [ms, index])
          .toSorted(([a, i], [b, j]) => a - b || i - j);
        expect(ran).to.deep.equal(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('stands still until it begins', async () => {
    const clock = new Timeline({ start, speed: 1000 });
    let ran = false;
    clock.after(0, () => (ran = true));

    await pause(20);

    expect(clock.now()).to.equal(start);
    expect(ran).to.equal(false);
    clock.close();
  });

  it('lets a year go by at once, at the highest speed', async () => {
    const clock = new Timeline({ start, speed: Infinity });
    const year = 365 * 86_400_000;
    let end = 0;
    clock.after(year, () => (end = clock.now()));

    clock.begin();
    await until('it is over', () => end > 0);

    expect(end).to.equal(start + year);
  });

  it('passes as many times faster as it is told', async () => {
    const clock = new Timeline({ start, speed: 1000 });
    let ran = 0;
    const begun = performance.now();
    clock.after(60_000, () => (ran = performance.now() - begun));

    clock.begin();
    await until('a minute has passed', () => ran > 0);

    expect(ran).to.be.at.least(59);
    clock.close();
  });

  it('tells an event exactly the time it asked for, however late it is', async () => {
    const clock = new Timeline({ start, speed: 1 });
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(clock.now() - start);
      if (seen.length < 5) clock.after(7, tick);
    };
    clock.after(7, tick);

    clock.begin();
    for (const end = performance.now() + 20; performance.now() < end;);
    await until('five ticks', () => seen.length === 5);

    expect(seen).to.deep.equal([7, 14, 21, 28, 35]);
    clock.close();
  });

  it('runs nothing that was called off, and nothing once it is closed', async () => {
    const clock = new Timeline({ start, speed: Infinity });
    const ran: string[] = [];
    const cancel = clock.after(1, () => void ran.push('called off'));
    clock.after(2, () => {
      ran.push('last');
      clock.close();
    });
    clock.after(3, () => void ran.push('too late'));
    cancel();

    clock.begin();
    await until('the last ran', () => ran.includes('last'));
    await pause(5);

    expect(ran).to.deep.equal(['last']);
  });

  it('waits for a busy network at the highest speed', async () => {
    let isBusy = true;
    const clock = new Timeline({ start, speed: Infinity, isBusy: () => isBusy });
    let ran = false;
    clock.after(1000, () => (ran = true));

    clock.begin();
    await pause(30);
    const before = ran;
    isBusy = false;
    await until('it ran', () => ran);

    expect(before).to.equal(false);
  });
});

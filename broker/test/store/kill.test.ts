import { expect } from 'chai';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { driverCommand, start } from './child.ts';
import { seededRandom } from './random.ts';
import { temporaryDirectory } from './temporary.ts';
import { checkBatches } from './workload.ts';

const KILLS = Number(process.env.PARLEY_KILLS ?? 12);
const SEED = Number(process.env.PARLEY_SEED ?? 1);
const WINDOWS = [1, 100, 1000];

/** Runs the driver, kills it after a while, and returns the last number it acknowledged. */
async function runAndKill(directory: string, window: number, delayMs: number): Promise<number> {
  const { process: child, lines, ended } = start(...driverCommand(directory, String(window)));
  let last = 0;
  lines.on('line', (line) => {
    expect(line).to.match(/^(\d+|ready)$/);
    if (line !== 'ready') last = Number(line);
  });
  await Promise.race([once(lines, 'line'), ended]);
  await after(delayMs);
  child.kill('SIGKILL');
  const errors = await ended;
  expect(errors).to.equal('');
  return last;
}

describe(`a store whose process is killed ${KILLS} times (PARLEY_SEED=${SEED})`, () => {
  it('has everything that was acknowledged, in whole batches', async function () {
    this.timeout(30_000 + KILLS * 5000);
    await using place = await temporaryDirectory();
    const random = seededRandom(SEED);
    let total = 0;

    for (let kill = 0; kill < KILLS; kill++) {
      const acknowledged = await runAndKill(place.path, WINDOWS[kill % WINDOWS.length]!, random() * 250);
      await using closing = opened(place.path);
      const kept = await checkBatches(closing.store);

      expect(kept, `kill ${kill}`).to.be.at.least(Math.max(acknowledged, total));
      total = kept;
    }

    expect(total).to.be.greaterThan(KILLS);
  });
});

function opened(directory: string) {
  const store = openEmbeddedStore({ directory });
  return { store, [Symbol.asyncDispose]: () => store.close() };
}

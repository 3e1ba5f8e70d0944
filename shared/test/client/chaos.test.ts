import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage } from '@parley/shared/client/node';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import type { TestHub } from '../../../broker/test/support/hub.ts';
import { chaosRun } from './support/run.ts';

/** One seed to replay, from the message of a failure: `PARLEY_CHAOS_SEED=17 npx mocha shared/test/client/chaos.test.ts`. */
const replay = process.env['PARLEY_CHAOS_SEED'];
const runs = Number(process.env['PARLEY_CHAOS_RUNS'] ?? 1000);
const atOnce = Number(process.env['PARLEY_CHAOS_AT_ONCE'] ?? 40);
/** Every so many runs the clients keep what they have in files. */
const FILES_EVERY = 10;

describe('the client library through a network that fails', () => {
  it(`has in the log what was sent, once and in order, in ${replay ? `run ${replay}` : `${runs} seeded runs`}`, async function () {
    this.timeout(300_000);
    await using hub = await startTestHub();
    const folder = await mkdtemp(join(tmpdir(), 'parley-chaos-'));
    const seeds = replay ? [Number(replay)] : Array.from({ length: runs }, (_none, index) => index + 1);

    const failures = await inParallel(seeds, (seed) => oneRun(hub, seed, folder));

    await rm(folder, { recursive: true });
    if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n'));
  });

  // When the hub has its embedded store, runs that end its process and start it again on the same directory belong here:
  // `chaosRun` then takes a hub that can be restarted, and `takeDown` restarts it instead of cutting its connections.
});

/** @returns the failures, each with the seed that replays it */
async function inParallel(seeds: number[], work: (seed: number) => Promise<void>): Promise<Error[]> {
  const waiting = seeds.values();
  const failures: Error[] = [];
  const worker = async (): Promise<void> => {
    for (const seed of waiting) {
      await work(seed).catch((cause: Error) => {
        failures.push(new Error(`PARLEY_CHAOS_SEED=${seed}: ${cause.message}`, { cause }));
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, seeds.length) }, worker));
  return failures;
}

function oneRun(hub: TestHub, seed: number, folder: string): Promise<void> {
  if (seed % FILES_EVERY !== 0) return chaosRun(hub, { seed });
  let count = 0;
  return chaosRun(hub, { seed, storage: () => fileStorage(join(folder, `${seed}-${count++}`)) });
}

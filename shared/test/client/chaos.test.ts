import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileStorage } from '@parley/shared/client/node';
import { expect } from 'chai';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { HubProcess } from '../../../broker/test/support/hub-process.ts';
import type { ChaosTarget } from './support/arena.ts';
import { dice as diceOf } from './support/random.ts';
import { chaosRun } from './support/run.ts';

/** One seed to replay, from the message of a failure: `PARLEY_CHAOS_SEED=17 npx mocha shared/test/client/chaos.test.ts`. */
const replay = process.env['PARLEY_CHAOS_SEED'];
const runs = Number(process.env['PARLEY_CHAOS_RUNS'] ?? 1000);
const atOnce = Number(process.env['PARLEY_CHAOS_AT_ONCE'] ?? 40);
/** How often the process of the hub is killed while runs go on. */
const kills = Number(process.env['PARLEY_CHAOS_KILLS'] ?? 10);
/** Runs beside a hub that is killed: fewer, as its starts need the machine too. */
const besideKills = 8;
/** Every so many runs the clients keep what they have in files. */
const FILES_EVERY = 10;
const KILLED_SETTLE_MS = 60_000;

describe('the client library through a network that fails', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'parley-chaos-'))));
  after(() => rm(folder, { recursive: true }));

  it(`has in the log what was sent, once and in order, in ${replay ? `run ${replay}` : `${runs} seeded runs`}`, async function () {
    this.timeout(300_000);
    await using hub = await startTestHub();
    const seeds = replay ? [Number(replay)] : Array.from({ length: runs }, (_none, index) => index + 1);

    const failures = await inParallel(seeds.values(), atOnce, (seed) => oneRun(hub, seed, folder));

    if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n'));
  });

  it(`has it too when the process of the hub is killed ${kills} times meanwhile`, async function () {
    this.timeout(120_000 + kills * 10_000);
    await using hub = await HubProcess.start();
    const settleMs = KILLED_SETTLE_MS;
    let done = 0;

    const killer = killing(hub);
    const failures = await inParallel(seedsUntil(killer), besideKills, async (seed) => {
      await oneRun(hub, seed, folder, settleMs);
      done++;
    });
    await killer;

    if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n'));
    expect(hub.kills).to.equal(kills);
    expect(done).to.be.at.least(besideKills);
  });
});

async function killing(hub: HubProcess): Promise<void> {
  const dice = diceOf(kills);
  while (hub.kills < kills) {
    await pause(dice.between(50, 800));
    await hub.killAndRestart();
  }
}

/** New runs as long as something goes on. */
function* seedsUntil(work: Promise<void>): Generator<number> {
  const over = new AbortController();
  const end = (): void => over.abort();
  work.then(end, end);
  for (let seed = 100_001; !over.signal.aborted; seed++) yield seed;
}

/** @returns the failures, each with the seed that replays it */
async function inParallel(
  seeds: Iterable<number> & Iterator<number>,
  width: number,
  work: (seed: number) => Promise<void>,
): Promise<Error[]> {
  const failures: Error[] = [];
  const worker = async (): Promise<void> => {
    for (const seed of seeds) {
      await work(seed).catch((cause: Error) => {
        failures.push(new Error(`PARLEY_CHAOS_SEED=${seed}: ${cause.message}`, { cause }));
      });
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return failures;
}

function oneRun(hub: ChaosTarget, seed: number, folder: string, settleMs?: number): Promise<void> {
  const options = { seed, ...(settleMs !== undefined && { settleMs }) };
  if (seed % FILES_EVERY !== 0) return chaosRun(hub, options);
  let count = 0;
  return chaosRun(hub, { ...options, storage: () => fileStorage(join(folder, `${seed}-${count++}`)) });
}

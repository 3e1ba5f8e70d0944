import { expect } from 'chai';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { driverCommand, start } from './child.ts';
import { seededRandom } from './random.ts';
import { parseTrace, STRACE, type Event } from './syscalls.ts';
import { temporaryDirectory } from './temporary.ts';
import { checkBatches } from './workload.ts';

const CUTS = Number(process.env.PARLEY_CUTS ?? 40);
const SEED = Number(process.env.PARLEY_SEED ?? 1);
const SECTOR = 512;

/** Runs the driver under strace from a synced store on; gives its file before and everything done to it. */
async function record(directory: string, window: number, batches: number) {
  const file = join(directory, 'store.mdb');
  await openEmbeddedStore({ directory }).close();
  const base = await readFile(file);
  const trace = join(directory, 'trace');
  const [command, args] = driverCommand(directory, String(window), String(batches));
  const { process: child, ended } = start('strace', [...STRACE, '-o', trace, command, ...args]);
  await once(child, 'spawn').catch(() => {
    throw new Error('strace is needed to see what is synced: apt-get install strace');
  });
  expect(await ended).to.equal('');
  return { base, events: parseTrace(await readFile(trace, 'utf8'), file) };
}

/**
 * The file as a power cut at this event leaves it: what was synced before, and of what was not a part that `survives`
 * picks sector by sector, because the kernel writes back in any order.
 */
function imageAt(base: Buffer, events: readonly Event[], cut: number, survives: () => boolean): Buffer {
  let image: Buffer = Buffer.from(base);
  for (const event of events.slice(0, cut)) {
    if (event.kind === 'size') image = resize(image, event.bytes);
    if (event.kind !== 'write') continue;
    const { at, bytes, durable } = event;
    if (at + bytes.length > image.length) image = resize(image, at + bytes.length);
    for (let from = 0; from < bytes.length; from += SECTOR) {
      if (durable <= cut || survives()) bytes.copy(image, at + from, from, Math.min(from + SECTOR, bytes.length));
    }
  }
  return image;
}

function resize(image: Buffer, size: number): Buffer {
  return Buffer.concat([image, Buffer.alloc(Math.max(0, size - image.length))]).subarray(0, size);
}

function acknowledgedAt(events: readonly Event[], cut: number): number {
  const printed = events.slice(0, cut).flatMap((event) => (event.kind === 'printed' ? event.text.split('\n') : []));
  return Math.max(0, ...printed.map(Number).filter(Number.isSafeInteger));
}

async function check(directory: string, image: Buffer): Promise<number> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'store.mdb'), image);
  const store = openEmbeddedStore({ directory });
  try {
    return await checkBatches(store);
  } finally {
    await store.close();
  }
}

describe(`a store whose power is cut (PARLEY_SEED=${SEED})`, () => {
  for (const [window, batches] of [
    [1, 60],
    [50, 1500],
  ] as const) {
    it(`has everything that was acknowledged, ${window} at a time`, async function () {
      this.timeout(60_000 + CUTS * 1000);
      await using place = await temporaryDirectory();
      const random = seededRandom(SEED);
      const { base, events } = await record(place.path, window, batches);
      const acknowledged = acknowledgedAt(events, events.length);
      expect(acknowledged).to.equal(batches);

      for (let i = 0; i < CUTS; i++) {
        const cut = Math.floor(random() * (events.length + 1));
        const share = [0, 0.5, 1][i % 3]!;
        const image = imageAt(base, events, cut, () => random() < share);
        const kept = await check(join(place.path, 'after'), image);

        expect(kept, `cut at ${cut} of ${events.length}`).to.be.at.least(acknowledgedAt(events, cut));
      }
    });
  }
});

import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { on } from 'node:events';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { until } from '../support/until.ts';
import { driverCommand, start } from './child.ts';
import { commit, keysOf } from './samples.ts';
import { temporaryDirectory } from './temporary.ts';
import { checkBatches, stageBatch } from './workload.ts';

const LIMIT_BYTES = 2 * 1024 * 1024;

describe('a store on a full disk', () => {
  it('fails commits, tells its listeners first, and goes on as soon as there is room', async () => {
    await using place = await temporaryDirectory();
    let free = Infinity;
    const store = openEmbeddedStore({ directory: place.path, freeBytes: () => free });
    const told: string[] = [];
    store.onFailed((error) => told.push(`failed ${(error as { code?: string }).code}`));
    await commit(store, (batch) => stageBatch(batch, 1));

    free = 100_000;
    const results = [2, 3].map(
      (i) =>
        new Promise<void>((resolve) => {
          const batch = store.batch();
          stageBatch(batch, i);
          batch.commit((error) => {
            told.push(`${i} ${error?.message}`);
            resolve();
          });
        }),
    );
    await Promise.all(results);
    const duringFailure = [store.get('counter', []), store.retainedCount, keysOf(store.range('log')).length];
    free = Infinity;
    for (const i of [2, 3]) await commit(store, (batch) => stageBatch(batch, i));

    expect(told).to.deep.equal([
      'failed store-full',
      `2 no room to store: 97 KiB free in ${place.path}`,
      `3 no room to store: 97 KiB free in ${place.path}`,
    ]);
    expect(duringFailure).to.deep.equal([1, 1, 1]);
    expect(await checkBatches(store)).to.equal(3);
    await store.close();
    const again = openEmbeddedStore({ directory: place.path });
    expect(await checkBatches(again)).to.equal(3);
    await again.close();
  });

  it('undoes what it had counted: sessions and shared messages are as before', async () => {
    await using place = await temporaryDirectory();
    let free = Infinity;
    const store = openEmbeddedStore({ directory: place.path, freeBytes: () => free });
    for (let i = 1; i <= 60; i++) await commit(store, (batch) => stageBatch(batch, i));

    free = 0;
    const failures = [61, 62].map((i) =>
      commit(store, (batch) => {
        stageBatch(batch, i);
        batch.deleteSession('s0');
        batch.putSession({ id: 'never', owner: '', expirySeconds: 1, expiresAt: 0 });
      }).then(
        () => 'kept',
        () => 'failed',
      ),
    );
    const outcomes = await Promise.all(failures);
    free = Infinity;
    for (let i = 61; i <= 130; i++) await commit(store, (batch) => stageBatch(batch, i));

    expect(outcomes).to.deep.equal(['failed', 'failed']);
    expect(await checkBatches(store)).to.equal(130);
    const messages = [...store.records()].filter(({ kind }) => kind === 'message');
    expect(messages).to.have.length(40);
    await store.close();
  });

  it('commits what persists as soon as there is room, by itself and before all that came after it', async () => {
    await using place = await temporaryDirectory();
    let free = Infinity;
    const store = openEmbeddedStore({ directory: place.path, freeBytes: () => free });
    for (let i = 1; i <= 60; i++) await commit(store, (batch) => stageBatch(batch, i));
    const told: string[] = [];
    const persist = (i: number): void => {
      const batch = store.batch();
      stageBatch(batch, i);
      batch.persist((error) => told.push(error ? `not ${i} yet` : `${i}`));
    };

    free = 0;
    persist(61);
    persist(62);
    await until(() => told.length >= 2, 'the first failure');
    const refused = await commit(store, (batch) => batch.put('after', [], 1)).then(
      () => 'kept',
      (error: Error) => (error as { code?: string }).code,
    );
    const wasStuck = store.stuck;
    persist(63);
    await until(() => told.includes('not 63 yet'), 'another failure');
    free = Infinity;
    await until(() => told.includes('63'), 'the commit');

    expect(refused).to.equal('store-full');
    expect(told.slice(-3)).to.deep.equal(['61', '62', '63']);
    expect([wasStuck, store.stuck]).to.deep.equal([true, false]);
    expect(await checkBatches(store)).to.equal(63);
    await store.close();
  });

  it('closes although something waits for room', async () => {
    await using place = await temporaryDirectory();
    let free = Infinity;
    const store = openEmbeddedStore({ directory: place.path, freeBytes: () => free });
    await commit(store, (batch) => stageBatch(batch, 1));
    free = 0;
    const batch = store.batch();
    stageBatch(batch, 2);
    await new Promise((resolve) => batch.persist(resolve));

    await store.close();

    const again = openEmbeddedStore({ directory: place.path });
    expect(await checkBatches(again)).to.equal(1);
    await again.close();
  });

  it('survives writes that fail in LMDB itself, and goes on when they succeed', async function () {
    this.timeout(60_000);
    await using place = await temporaryDirectory();
    // A file may not grow past the limit: to LMDB the disk is full, and it needs no rights to set up.
    const limit = `--fsize=${LIMIT_BYTES}:unlimited`;
    const { process: child, lines, ended } = start('prlimit', [limit, ...driverCommand(place.path, '20').flat()]);
    let failed = 0;
    let acknowledged = 0;
    let afterwards = 0;
    for await (const [line] of on(lines, 'line') as AsyncIterable<[string]>) {
      if (line.startsWith('failed')) {
        expect(line).to.match(/^failed store-(full|write)$/);
        if (++failed === 100) spawnSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
      } else if (line !== 'ready') {
        acknowledged = Number(line);
        if (failed >= 100 && ++afterwards === 500) break;
      }
    }
    child.kill('SIGKILL');
    const errors = await ended;

    expect(errors).not.to.match(/unhandled|uncaught/i);
    const store = openEmbeddedStore({ directory: place.path });
    expect(await checkBatches(store)).to.be.at.least(acknowledged);
    await store.close();
  });
});

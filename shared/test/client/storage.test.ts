import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { memoryStorage } from '@parley/shared/client';
import type { ClientStorage } from '@parley/shared/client';
import { fileStorage } from '@parley/shared/client/node';
import { expect } from 'chai';
import fc from 'fast-check';
import { until } from '../../../broker/test/support/until.ts';
import { rejection } from './support/client.ts';

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'parley-storage-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** What every storage does. */
function contract(name: string, open: (folder: string) => Promise<ClientStorage>): void {
  describe(name, () => {
    it('gives back what was set last, and nothing for what is deleted', async () => {
      await using folder = await temporaryFolder();
      const storage = await open(folder.path);

      await storage.set('a', 'one');
      await storage.set('a', 'two');
      expect(await storage.get('a')).to.equal('two');
      await storage.delete('a');
      await storage.delete('a');

      expect(await storage.get('a')).to.equal(undefined);
    });

    it('takes calls on one key in their order, without waiting for each', async () => {
      await using folder = await temporaryFolder();
      const storage = await open(folder.path);

      await Promise.all([storage.set('a', '1'), storage.delete('a'), storage.set('a', '2'), storage.set('a', '3')]);

      expect(await storage.get('a')).to.equal('3');
    });

    it('lists keys of a prefix in their order, whatever is in them', async () => {
      await using folder = await temporaryFolder();
      const storage = await open(folder.path);
      const key = fc.string({
        unit: fc.constantFrom('a', 'b', '/', '.', '%', '*', ':', 'é', '-', '~'),
        minLength: 1,
        maxLength: 12,
      });
      await fc.assert(
        fc.asyncProperty(
          fc.dictionary(key, fc.string(), { maxKeys: 6 }),
          fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 2 }),
          async (values, prefix) => {
            for (const [one] of await storage.list('')) await storage.delete(one);
            for (const [one, value] of Object.entries(values)) await storage.set(one, value);

            const found = await storage.list(prefix);

            const keys = Object.keys(values).filter((one) => one.startsWith(prefix));
            expect(found).to.deep.equal(keys.toSorted().map((one) => [one, values[one]]));
          },
        ),
        { numRuns: 15 },
      );
    });
  });
}

describe('storage', () => {
  contract('in memory', async () => memoryStorage());
  contract('in files', fileStorage);
});

describe('file storage', () => {
  it('is there for the next program', async () => {
    await using folder = await temporaryFolder();
    await (await fileStorage(join(folder.path, 'new'))).set('outbox/ana/x', 'kept');

    const again = await fileStorage(join(folder.path, 'new'));

    expect(await again.list('outbox/')).to.deep.equal([['outbox/ana/x', 'kept']]);
  });

  it('passes over what a crash left half written, and clears it away', async () => {
    await using folder = await temporaryFolder();
    const storage = await fileStorage(folder.path);
    await storage.set('a', 'old');
    // Killed between the write and the rename: no process has this number.
    await writeFile(join(folder.path, 'a.value.4194305.0.tmp'), 'ne');

    const again = await fileStorage(folder.path);

    expect(await again.list('')).to.deep.equal([['a', 'old']]);
    expect(await readdir(folder.path)).to.deep.equal(['a.value']);
  });

  it('has every value whole, and none older than one it called stored, when its program is killed', async function () {
    this.timeout(60_000);
    await using folder = await temporaryFolder();
    const writer = fileURLToPath(new URL('support/writer.ts', import.meta.url));
    for (let kill = 0; kill < 5; kill++) {
      const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@parley/source', writer, folder.path]);
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await until(() => said.includes('\n'), 'the first value', 20_000);
      await pause(20 * kill + Math.random() * 20);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));

      const value = await (await fileStorage(folder.path)).get('outbox/ana/x');

      const { count, filler } = JSON.parse(value!) as { count: number; filler: string };
      const stored = Number(said.trimEnd().split('\n').at(-1));
      expect(filler).to.have.length(count * 500);
      expect(count).to.be.within(stored, stored + 1);
    }
  });

  it('says so when it cannot write, and takes no key that is no file name', async () => {
    await using folder = await temporaryFolder();
    const storage = await fileStorage(join(folder.path, 'gone'));
    await rm(join(folder.path, 'gone'), { recursive: true });

    expect(await rejection(storage.set('a', '1'))).to.include({ code: 'ENOENT' });
    expect((await rejection(storage.set('x'.repeat(300), '1'))).name).to.equal('RangeError');
  });
});

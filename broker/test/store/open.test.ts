import { expect } from 'chai';
import { once } from 'node:events';
import { chmod, mkdir, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { encodeKey } from '../../src/store/keys.ts';
import { TABLE } from '../../src/store/layout.ts';
import { currentSchema, type Schema } from '../../src/store/schema.ts';
import type { Changes, Tree } from '../../src/store/tree.ts';
import { driverCommand, start } from './child.ts';
import { commit, keysOf } from './samples.ts';
import { temporaryDirectory } from './temporary.ts';
import { checkBatches, stageBatch } from './workload.ts';

/** The error that opening gives, as `code: message`. */
function refusal(directory: string, schema?: Schema): string {
  try {
    void openEmbeddedStore({ directory, ...(schema ? { schema } : {}) }).close();
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    expect(message).not.to.include('\n');
    return `${code}: ${message}`;
  }
  return 'opened';
}

/** A closed store with some thousand rows, some of them larger than a page. */
async function filled(directory: string): Promise<string> {
  const store = openEmbeddedStore({ directory });
  for (let i = 1; i <= 400; i++) await commit(store, (batch) => stageBatch(batch, i));
  await commit(store, (batch) => {
    for (let i = 0; i < 20; i++) batch.put('large', [i], Buffer.alloc(50_000, i));
  });
  await store.close();
  return join(directory, 'store.mdb');
}

describe('opening a store', function () {
  // Some start processes, and others write a whole file for each case.
  this.timeout(60_000);

  it('creates the directory and those above it', async () => {
    await using place = await temporaryDirectory();
    const directory = join(place.path, 'not', 'there', 'yet');

    const store = openEmbeddedStore({ directory });
    await store.close();

    expect((await stat(directory)).isDirectory()).to.equal(true);
    expect((await stat(directory)).mode & 0o077).to.equal(0);
  });

  describe('that is in use', () => {
    it('is refused in another process and in the same, naming the owner', async () => {
      await using place = await temporaryDirectory();
      const { process: child, lines, ended } = start(...driverCommand(place.path));
      await once(lines, 'line');

      const first = refusal(place.path);
      child.kill('SIGKILL');
      await ended;
      const store = openEmbeddedStore({ directory: place.path });
      const second = refusal(place.path);
      await store.close();

      expect(first)
        .to.match(/^store-in-use: .* process \d+ on /)
        .and.to.include(`process ${child.pid} on`);
      expect(second).to.match(/^store-in-use: /);
      expect(refusal(place.path)).to.equal('opened');
    });

    it('is refused where there is no flock, too, until its owner is gone', async () => {
      await using place = await temporaryDirectory();
      const { PATH } = process.env;
      process.env.PATH = '';
      try {
        const { process: child, lines, ended } = start(...driverCommand(place.path));
        await once(lines, 'line');

        const taken = refusal(place.path);
        child.kill('SIGKILL');
        await ended;

        expect(taken)
          .to.match(/^store-in-use: /)
          .and.to.include(`process ${child.pid} on`);
        expect(refusal(place.path)).to.equal('opened');
      } finally {
        process.env.PATH = PATH;
      }
    });

    it('is refused to the one that comes second, however close', async () => {
      await using place = await temporaryDirectory();
      const children = [1, 2, 3].map(() => start(...driverCommand(place.path, '1', '300')));

      const errors = await Promise.all(children.map(({ ended }) => ended));

      expect(errors.filter((text) => text.includes('store-in-use')).length).to.be.at.least(1);
      const store = openEmbeddedStore({ directory: place.path });
      expect(await checkBatches(store)).to.equal(300);
      await store.close();
    });
  });

  describe('that cannot be accessed', () => {
    it('says so for a path that is not a directory', async () => {
      await using place = await temporaryDirectory();
      const file = join(place.path, 'file');
      await writeFile(file, '');

      expect(refusal(file)).to.match(/^store-access: cannot use the data directory .*file/);
      expect(refusal(join(file, 'below'))).to.match(/^store-access: .*ENOTDIR/);
    });

    it('says so for a directory that may not be written', async () => {
      await using place = await temporaryDirectory();
      const directory = join(place.path, 'data');
      await mkdir(directory, { mode: 0o555 });
      await chmod(place.path, 0o755);

      const first = asNobody(() => refusal(directory));
      const second = asNobody(() => refusal(join(directory, 'below')));

      expect(first).to.match(/^store-access: .*EACCES/);
      expect(second).to.match(/^store-access: .*EACCES/);
    });

    it('says so for a store file that may not be written', async () => {
      await using place = await temporaryDirectory();
      const file = await filled(place.path);
      await chmod(place.path, 0o777);
      await chmod(join(place.path, 'store.lock'), 0o666);
      await chmod(file, 0o444);

      expect(asNobody(() => refusal(place.path))).to.match(/^store-access: .*[Pp]ermission/);
    });
  });

  describe('that is damaged', () => {
    it('says what to do for a file cut off anywhere', async () => {
      await using place = await temporaryDirectory();
      const file = await filled(place.path);
      const whole = await readFile(file);

      for (const part of [0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99]) {
        await writeFile(file, whole);
        await truncate(file, Math.floor(whole.length * part));
        expect(refusal(place.path), `${part} of it`).to.match(/^store-corrupt: .*damaged.*parley restore FILE$/);
      }
      await writeFile(file, whole);
      expect(refusal(place.path)).to.equal('opened');
    });

    it('says what to do for a file that is something else', async () => {
      await using place = await temporaryDirectory();
      const file = await filled(place.path);
      const whole = await readFile(file);
      const overwrite = async (at: number, length: number, byte: number): Promise<string> => {
        await writeFile(file, whole);
        const handle = await open(file, 'r+');
        await handle.write(Buffer.alloc(length, byte), 0, length, at);
        await handle.close();
        return refusal(place.path);
      };

      const corrupt = /^store-corrupt: .*parley restore FILE$/;
      expect(await overwrite(0, 8192, 0)).to.match(corrupt);
      expect(await overwrite(0, 100, 0x61)).to.match(corrupt);
      expect(await overwrite(8192, whole.length - 8192, 0)).to.match(corrupt);
      expect(await overwrite(8192, whole.length - 8192, 0x61)).to.match(corrupt);
      await writeFile(file, 'this is no store');
      expect(refusal(place.path)).to.match(corrupt);
    });
  });

  describe('of another version', () => {
    /** What the version after this one might do: the log moves into a table with another name. */
    const { version } = currentSchema;
    const nextVersion: Schema = {
      version: version + 1,
      migrations: {
        ...currentSchema.migrations,
        [version]: (tree: Tree): Changes => {
          const changes: Changes = new Map();
          const prefix = TABLE + encodeKey('log', []);
          for (const { key, value } of tree.scan(prefix)) {
            changes.set(key, null);
            changes.set(TABLE + encodeKey('entries', []) + key.slice(prefix.length), value);
          }
          return changes;
        },
      },
    };

    it('is brought forward once, and then refused to the older one', async () => {
      await using place = await temporaryDirectory();
      await filled(place.path);

      const newer = openEmbeddedStore({ directory: place.path, schema: nextVersion });
      const moved = keysOf(newer.range('entries'));
      const left = keysOf(newer.range('log'));
      const { id } = newer;
      await newer.close();
      const again = openEmbeddedStore({ directory: place.path, schema: nextVersion });

      expect(moved).to.have.length(400);
      expect(left).to.deep.equal([]);
      expect(again.id).to.equal(id);
      expect(keysOf(again.range('entries'))).to.have.length(400);
      await again.close();
      expect(refusal(place.path)).to.match(new RegExp(`^store-newer: .*schema ${version + 1}.* up to ${version}`));
    });

    it('1 is brought forward with all that it holds', async () => {
      await using place = await temporaryDirectory();
      const oldest: Schema = { version: 1, migrations: {} };
      const old = openEmbeddedStore({ directory: place.path, schema: oldest });
      for (let i = 1; i <= 60; i++) await commit(old, (batch) => stageBatch(batch, i));
      await commit(old, (batch) => batch.mark('s0', 60, { packetId: 9, released: true }));
      await old.close();

      const store = openEmbeddedStore({ directory: place.path });
      const { sessions } = await store.load();
      const s0 = Array.from(sessions).find(({ record }) => record.id === 's0');

      expect(s0?.queue.at(-1)).to.deep.include({ seq: 60, mark: { packetId: 9, released: true } });
      expect(keysOf(store.range('log'))).to.have.length(60);
      await store.close();
      expect(refusal(place.path, oldest)).to.match(/^store-newer: /);
    });

    it('stays as it was when bringing it forward fails', async () => {
      await using place = await temporaryDirectory();
      await filled(place.path);
      const failing: Schema = {
        version: version + 2,
        migrations: {
          ...nextVersion.migrations,
          [version + 1]: () => {
            throw new Error('no way');
          },
        },
      };

      expect(refusal(place.path, failing)).to.include('no way');
      expect(refusal(place.path, nextVersion)).to.equal('opened');
    });
  });

  it('grows with what is put in', async function () {
    this.timeout(20_000);
    await using place = await temporaryDirectory();
    let store = openEmbeddedStore({ directory: place.path });
    for (let i = 0; i < 100; i++) {
      await commit(store, (batch) => {
        for (let part = 0; part < 10; part++) batch.put('t', [i, part], Buffer.alloc(60_000, i));
      });
      expect((store.get('t', [i, 9]) as Buffer)[0]).to.equal(i);
    }
    await store.close();
    store = openEmbeddedStore({ directory: place.path });

    expect(keysOf(store.range('t'))).to.have.length(1000);
    expect((store.get('t', [50, 5]) as Buffer).equals(Buffer.alloc(60_000, 50))).to.equal(true);
    await store.close();
  });
});

/** Runs with the rights of a user who owns nothing; as root every directory can be written. */
function asNobody<T>(run: () => T): T {
  if (process.getuid?.() !== 0) return run();
  process.seteuid!(65_534);
  try {
    return run();
  } finally {
    process.seteuid!(0);
  }
}

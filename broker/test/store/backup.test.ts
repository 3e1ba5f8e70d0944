import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { backup } from '../../src/store/backup.ts';
import { encodeValue } from '../../src/store/codec.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { restore } from '../../src/store/restore.ts';
import type { Store } from '../../src/store/store.ts';
import { commit, entry, fullMessage, keysOf, message, plain, plainMessage, session, subscription } from './samples.ts';
import { temporaryDirectory } from './temporary.ts';

const NO_FILES = '/nonexistent';

async function fill(store: Store): Promise<void> {
  const shared = message('fan/out', 'to all of them');
  await commit(store, (batch) => {
    for (const id of ['one', 'two', 'three']) batch.putSession(session(id, { owner: id }));
    for (const id of ['one', 'two', 'three']) batch.enqueue(id, entry(7, shared));
    batch.putSubscription('one', subscription('a/#', { qos: 2 }));
    batch.enqueue('one', entry(9, fullMessage('own'), { qos: 2, share: '$share/g/own' }));
    batch.mark('one', 9, { packetId: 3, released: true });
    batch.receive('two', 77);
    batch.putWill({ id: 'two', owner: 'two', message: fullMessage('w'), delaySeconds: 1, dueAt: 2 });
    batch.retain(fullMessage('r'));
    for (let i = 0; i < 3000; i++)
      batch.put('log', ['general', i], { text: `entry ${i}`, bytes: Buffer.from([i % 256]) });
    batch.put('empty', [], null);
  });
}

/** Everything a store shows to those who use it. */
async function contents(store: Store) {
  return {
    mqtt: plain(await store.load()),
    retained: [...store.retainedTopics('#')].map((topic) => plainMessage(store.retained(topic!)!)),
    log: [...store.range('log')],
    empty: [...store.range('empty')],
  };
}

/** A backup of a filled memory store. */
async function makeBackup(directory: string): Promise<string> {
  const store = new MemoryStore();
  await fill(store);
  const file = join(directory, 'backup.gz');
  await backup(store, file, NO_FILES);
  return file;
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
}

describe('a backup', () => {
  it('brings everything back into another store of any kind', async () => {
    await using place = await temporaryDirectory();
    const embedded = openEmbeddedStore({ directory: join(place.path, 'a') });
    await fill(embedded);
    const wanted = await contents(embedded);

    const count = await backup(embedded, join(place.path, '1.gz'), NO_FILES);
    const memory = new MemoryStore();
    const restored = await restore(memory, join(place.path, '1.gz'), NO_FILES);
    await backup(memory, join(place.path, '2.gz'), NO_FILES);
    const again = openEmbeddedStore({ directory: join(place.path, 'b') });
    await restore(again, join(place.path, '2.gz'), NO_FILES);

    expect(restored).to.equal(count);
    expect(await contents(memory)).to.deep.equal(wanted);
    expect(await contents(again)).to.deep.equal(wanted);
    expect(again.id).not.to.equal(embedded.id);
    await Promise.all([embedded.close(), again.close()]);
  });

  it('shows one moment, however much is committed while it is made', async () => {
    await using place = await temporaryDirectory();
    const store = openEmbeddedStore({ directory: place.path });
    await commit(store, (batch) => {
      for (let i = 0; i < 20_000; i++) batch.put('log', [i], { round: 0, text: 'x'.repeat(50) });
    });
    const file = join(place.path, 'backup.gz');

    const state = { done: false };
    const making = backup(store, file, NO_FILES).finally(() => (state.done = true));
    let rounds = 0;
    while (!state.done) {
      rounds++;
      await commit(store, (batch) => {
        for (let i = 0; i < 20_000; i += 100) batch.put('log', [i], { round: rounds });
        batch.put('log', [20_000 + rounds], { round: rounds });
      });
    }
    await making;
    const copy = new MemoryStore();
    await restore(copy, file, NO_FILES);

    expect(rounds).to.be.greaterThan(1);
    const copied = Array.from(copy.range('log'), ({ value }) => (value as { round: number }).round);
    const changed = copied.filter((round) => round > 0);
    const latest = Math.max(0, ...changed);
    expect(changed).to.have.length(latest === 0 ? 0 : 200 + latest);
    await store.close();
  });

  it('is refused when a byte of it was changed', async () => {
    await using place = await temporaryDirectory();
    const file = await makeBackup(place.path);
    const bytes = await readFile(file);
    const plainBytes = gunzipSync(bytes);

    for (let i = 1; i <= 20; i++) {
      const broken = Buffer.from(plainBytes);
      const at = Math.floor((i / 20) * (broken.length - 1));
      broken[at]! ^= 0x01;
      await writeFile(file, gzipSync(broken));
      const store = new MemoryStore();

      expect(await failureOf(restore(store, file, NO_FILES)), `byte ${at}`).to.be.oneOf([
        'backup-damaged',
        'backup-newer',
      ]);
      expect(store.records().next().done).to.equal(true);
    }
  });

  it('is refused when it is cut off anywhere, or something follows it', async () => {
    await using place = await temporaryDirectory();
    const file = await makeBackup(place.path);
    const bytes = await readFile(file);

    for (const length of [0, 1, 10, 100, bytes.length >> 1, bytes.length - 9, bytes.length - 1]) {
      await writeFile(file, bytes.subarray(0, length));
      expect(await failureOf(restore(new MemoryStore(), file, NO_FILES)), `${length} bytes`).to.equal('backup-damaged');
    }
    await writeFile(file, gzipSync(gunzipSync(bytes).subarray(0, -40)));
    expect(await failureOf(restore(new MemoryStore(), file, NO_FILES))).to.equal('backup-damaged');
    await writeFile(file, gzipSync(Buffer.concat([gunzipSync(bytes), Buffer.from('x')])));
    expect(await failureOf(restore(new MemoryStore(), file, NO_FILES))).to.equal('backup-damaged');
    await writeFile(file, 'no backup at all');
    expect(await failureOf(restore(new MemoryStore(), file, NO_FILES))).to.equal('backup-damaged');
    expect(await failureOf(restore(new MemoryStore(), join(place.path, 'missing'), NO_FILES))).to.equal('store-access');
  });

  it('of a newer version is refused', async () => {
    await using place = await temporaryDirectory();
    const file = join(place.path, 'newer.gz');
    const header = encodeValue({ version: 3, createdAt: 0 });
    const length = Buffer.alloc(4);
    length.writeUInt32BE(header.length);
    await writeFile(file, gzipSync(Buffer.concat([Buffer.from('PARLEYBK'), length, header])));

    expect(await failureOf(restore(new MemoryStore(), file, NO_FILES))).to.equal('backup-newer');
  });

  it('is not restored over anything', async () => {
    await using place = await temporaryDirectory();
    const file = await makeBackup(place.path);
    const store = new MemoryStore();
    await commit(store, (batch) => batch.put('t', [1], 'here before'));

    expect(await failureOf(restore(store, file, NO_FILES))).to.equal('restore-not-empty');
    expect(keysOf(store.range('log'))).to.deep.equal([]);
  });

  it('that was not restored to its end leaves a store that does not open', async () => {
    await using place = await temporaryDirectory();
    const directory = join(place.path, 'data');
    const store = openEmbeddedStore({ directory });
    const restoring = restore(store, await makeBackup(place.path), NO_FILES);
    while (!store.get('store', ['restoring'])) await new Promise(setImmediate);
    const stopped = store.close();

    expect(await failureOf(restoring)).to.equal('store-closed');
    await stopped;
    expect(() => openEmbeddedStore({ directory }))
      .to.throw('was not finished')
      .with.property('code', 'store-unfinished');
  });

  it('has the attachments that its rows name, and no row of one that was deleted meanwhile', async () => {
    await using place = await temporaryDirectory();
    const [files, other, file] = ['files', 'other', 'b.gz'].map((name) => join(place.path, name)) as [
      string,
      string,
      string,
    ];
    const bytes = randomBytes(700_000);
    const store = new MemoryStore();
    await commit(store, (batch) => {
      for (const id of ['empty', 'gone', 'large']) batch.put('files', [id], { id, size: id === 'large' ? 700_000 : 0 });
      batch.put('uploads', ['begun'], { id: 'begun', size: 5 });
    });
    await mkdir(files);
    for (const [id, content] of [
      ['empty', ''],
      ['large', bytes],
      ['begun', 'abc'],
    ] as const)
      await writeFile(join(files, id), content);

    await backup(store, file, files);
    const copy = new MemoryStore();
    await restore(copy, file, other);

    expect(Array.from(copy.range('files'), ({ key }) => key[0])).to.deep.equal(['empty', 'large']);
    expect([...copy.range('uploads')]).to.deep.equal([]);
    expect((await readdir(other)).toSorted()).to.deep.equal(['empty', 'large']);
    expect((await readFile(join(other, 'large'))).equals(bytes)).to.equal(true);
    await writeFile(join(files, 'large'), 'cut');
    expect(await failureOf(backup(store, file, files))).to.equal('store-corrupt');
  });

  it('leaves no file behind when it cannot be written', async () => {
    await using place = await temporaryDirectory();
    const store = new MemoryStore();
    await fill(store);

    expect(await failureOf(backup(store, join(place.path, 'missing', 'b.gz'), NO_FILES))).to.equal('store-access');
    expect(await readdir(place.path)).to.deep.equal([]);
  });
});

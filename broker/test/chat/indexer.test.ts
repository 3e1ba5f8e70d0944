import type { Draft } from '@parley/shared';
import { expect } from 'chai';
import { Indexer } from '../../src/chat/indexer.ts';
import { Logs } from '../../src/chat/logs.ts';
import type { ChatLog } from '../../src/chat/log.ts';
import { Retention } from '../../src/chat/retention.ts';
import { parseQuery, search } from '../../src/chat/search.ts';
import { SEGMENT } from '../../src/chat/segments.ts';
import { table } from '../../src/chat/tables.ts';
import { createLog } from '../../src/log.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createData } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { commit } from '../store/samples.ts';
import { temporaryDirectory } from '../store/temporary.ts';
import { SlowStore } from '../support/store.ts';

/** One log with what indexes and sweeps it. */
class Bench<S extends Store = SlowStore> {
  readonly store: S;
  readonly log: ChatLog;
  readonly indexer: Indexer;
  readonly retention: Retention;

  constructor(store: S, historyMessages = 10_000) {
    const logs = new Logs({ store }, { historyMessages });
    const log = createLog('silent');
    this.store = store;
    this.log = logs.find('dm/ana/ben') ?? logs.begin('dm/ana/ben');
    store.onFailed(() => logs.reload());
    this.indexer = new Indexer({ store, logs, log });
    this.retention = new Retention({ store, logs, indexer: this.indexer, log }, { historyMessages, historyDays: 30 });
  }

  send(...drafts: Draft[]): Promise<string[]> {
    const ids: string[] = [];
    return commit(this.store, (stage) => {
      stage.put(table.directs, ['ana', 'ben'], this.log.place);
      const sending = { from: 'ana', stage, moderates: false };
      for (const draft of drafts) ids.push(this.log.append(draft, sending).entry.id);
    }).then(() => ids);
  }

  say(from: number, to: number): Promise<string[]> {
    const texts = Array.from({ length: to - from }, (_, i) => `all n${from + i} third${(from + i) % 3}`);
    return this.send(...texts.map((text) => ({ kind: 'text', text }) as const));
  }

  async indexed(): Promise<void> {
    this.indexer.note(this.log);
    await this.indexer.settled();
  }

  async find(q: string, limit = 10_000): Promise<number[]> {
    const query = { ...parseQuery(q)!, limit };
    const found = await search(this.store, [this.log], query, new AbortController().signal);
    return found.map(({ seq }) => seq);
  }

  words(): Set<unknown> {
    return new Set([...this.store.range(table.segments)].map(({ key }) => key[2]));
  }
}

describe('the search index', () => {
  it('finds the same entries before and after they are indexed, over segments and what follows them', async () => {
    const bench = new Bench(new SlowStore());
    await bench.say(1, SEGMENT * 2 + 300);
    const queries = ['n77', 'n10', 'all', 'third1 n2000', 'third2 all', 'all n12', 'n', 'nothing', 'all nothing', 'th'];

    const before = await Promise.all(queries.map((q) => bench.find(q)));
    await bench.indexed();
    const after = await Promise.all(queries.map((q) => bench.find(q)));

    expect(bench.log.indexed).to.equal(2);
    expect(after).to.deep.equal(before);
    expect(after[0]).to.deep.equal([779, 778, 777, 776, 775, 774, 773, 772, 771, 770, 77]);
    expect(await bench.find('all', 2)).to.deep.equal([SEGMENT * 2 + 299, SEGMENT * 2 + 298]);
  });

  it('goes on after a crash between two of its commits, and knows after a start what it has', async () => {
    const data = createData();
    const bench = new Bench(new SlowStore(data));
    await bench.say(1, SEGMENT + 10);
    bench.store.holding = true;
    bench.indexer.note(bench.log);
    while (bench.store.waiting < 2) await new Promise((resolve) => setImmediate(resolve));
    bench.store.flush(1);

    const again = new Bench(new SlowStore(data));
    expect(again.log.indexed).to.equal(0);
    await again.indexed();

    expect(again.log.indexed).to.equal(1);
    expect(await again.find('n7')).to.have.length(111);
    expect(new Bench(new SlowStore(data)).log.indexed).to.equal(1);
  });

  it('forgets the words of what is deleted, also while it is being indexed, and after a crash', async () => {
    const data = createData();
    const bench = new Bench(new SlowStore(data));
    const [first, second, third] = await bench.send(
      ...['swordfish', 'password', 'hunter2'].map((text) => ({ kind: 'text', text }) as const),
    );
    await bench.say(4, SEGMENT + 10);
    bench.indexer.note(bench.log);
    await bench.send({ kind: 'delete', target: first! });
    await bench.indexed();
    const during = bench.words();
    await bench.send({ kind: 'delete', target: second! });
    await bench.indexed();
    const after = bench.words();
    await bench.send({ kind: 'delete', target: third! });
    const again = new Bench(new SlowStore(data));
    await again.indexed();

    expect(during.has('swordfish')).to.equal(false);
    expect(during.has('password')).to.equal(true);
    expect(after.has('password')).to.equal(false);
    expect(again.words().has('hunter2')).to.equal(false);
    expect(again.words().has('n100')).to.equal(true);
    expect([...again.store.range(table.reindex)]).to.deep.equal([]);
  });

  it('is tried again after a failed commit', async () => {
    const bench = new Bench(new SlowStore());
    await bench.say(1, SEGMENT + 10);
    bench.store.holding = true;
    bench.indexer.note(bench.log);
    while (bench.store.waiting < 2) await new Promise((resolve) => setImmediate(resolve));
    bench.store.fail();
    bench.store.release();
    await bench.indexer.settled();
    const failed = bench.log.indexed;

    await bench.indexed();

    expect(failed).to.equal(0);
    expect(bench.log.indexed).to.equal(1);
    expect(await bench.find('n1000')).to.deep.equal([1000]);
  });

  it('goes with the entries it is of', async () => {
    const bench = new Bench(new SlowStore(), SEGMENT);
    await bench.say(1, SEGMENT * 2 + 10);
    await bench.indexed();

    await bench.retention.sweep();

    const segments = new Set([...bench.store.range(table.segments)].map(({ key }) => key[1]));
    expect([...segments]).to.deep.equal([1]);
    expect(await bench.find('all')).to.have.length(SEGMENT);
  });

  it('replaces that of a store of schema 2', async function () {
    this.timeout(60_000);
    await using place = await temporaryDirectory();
    const oldest = { version: 2, migrations: {} };
    const old = new Bench(openEmbeddedStore({ directory: place.path, schema: oldest }));
    await old.say(1, SEGMENT + 10);
    await commit(old.store, (batch) => {
      for (let seq = 1; seq < SEGMENT + 10; seq++) {
        for (const word of ['all', `n${seq}`, `third${seq % 3}`]) batch.put('cw', [old.log.place, word, seq], true);
      }
    });
    await old.store.close();

    const bench = new Bench(openEmbeddedStore({ directory: place.path }));
    const before = await bench.find('n77');
    await bench.retention.sweep();
    await bench.indexer.settled();

    expect(bench.log.indexed).to.equal(1);
    expect(before).to.deep.equal(await bench.find('n77'));
    expect([...bench.store.range('cw')]).to.deep.equal([]);
    await bench.store.close();
  });
});

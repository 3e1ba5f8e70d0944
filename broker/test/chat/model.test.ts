import type { Entry } from '@parley/shared';
import { expect } from 'chai';
import fc from 'fast-check';
import { ulid } from 'ulid';
import { table } from '../../src/chat/tables.ts';
import { Rights } from '../../src/auth/rights.ts';
import { Channels } from '../../src/chat/channels.ts';
import { stageRemoval } from '../../src/chat/channel-state.ts';
import { Indexer } from '../../src/chat/indexer.ts';
import type { ChatLog } from '../../src/chat/log.ts';
import { Logs } from '../../src/chat/logs.ts';
import { Retention } from '../../src/chat/retention.ts';
import { createLog } from '../../src/log.ts';
import { Scope } from '../../src/scope.ts';
import { createData } from '../../src/store/memory.ts';
import { SlowStore } from '../support/store.ts';

const channel = 'general';

/** The chat without a hub around it, over what an earlier one left. */
class Bench {
  readonly store: SlowStore;
  readonly channels: Channels;
  readonly retention: Retention;

  constructor(historyMessages: number, data = createData(), historyDays = 365) {
    const store = new SlowStore(data);
    const logs = new Logs({ store }, { historyMessages });
    const context = {
      tables: store,
      logs,
      rights: () => rights,
      publish: () => Promise.resolve(),
      belongings: () => [],
      maxChannels: Infinity,
    };
    this.channels = new Channels(context, new Scope());
    const rights = new Rights(this.channels);
    store.onFailed(() => {
      logs.reload();
      this.channels.load();
    });
    this.store = store;
    const log = createLog('silent');
    const indexer = new Indexer({ store, logs, log });
    this.retention = new Retention({ store, logs, indexer, log }, { historyMessages, historyDays });
  }

  get log(): ChatLog {
    return this.channels.log(channel, null);
  }

  append(id: string | undefined, from: string, done: (error: Error | null) => void = () => {}) {
    const stage = this.store.batch();
    const draft = { ...(id !== undefined && { id }), kind: 'text', text: `by ${from}` } as const;
    const appended = this.channels.append(channel, draft, { from, stage, moderates: false });
    // The engine waits for no commit when there is nothing to commit.
    if (stage.empty) done(null);
    else stage.commit(done);
    return appended;
  }
}

/** What the log should be. */
class Model {
  bench: Bench;
  readonly kept: number;
  readonly data = createData();
  committed: Entry[] = [];
  pending: Entry[] = [];

  constructor(kept: number) {
    this.kept = kept;
    this.bench = new Bench(kept, this.data);
  }

  get all(): Entry[] {
    return [...this.committed, ...this.pending];
  }

  check(): void {
    const { log } = this.bench;
    const shown = this.committed.slice(-this.kept);
    const page = log.page({ after: 0, limit: 1000 });
    expect(page.entries).to.deep.equal(shown);
    expect(page).to.include({ lastSeq: this.committed.length, limited: this.committed.length > this.kept });
    expect(log.lastSeq).to.equal(this.all.length);
    expect(this.all.map(({ seq }) => seq)).to.deep.equal(this.all.map((_, index) => index + 1));
  }
}

const ids = Array.from({ length: 12 }, () => ulid());
const id = fc.option(fc.constantFrom(...ids), { nil: undefined });
const sender = fc.constantFrom('ana', 'ben');

class Append implements fc.AsyncCommand<Model, object> {
  readonly id: string | undefined;
  readonly from: string;
  readonly hold: boolean;

  constructor(draftId: string | undefined, from: string, hold: boolean) {
    this.id = draftId;
    this.from = from;
    this.hold = hold;
  }
  check = () => true;
  async run(model: Model): Promise<void> {
    const { bench } = model;
    if (this.hold) bench.store.holding = true;
    const known = this.id === undefined ? undefined : model.all.find((entry) => entry.id === this.id);
    let outcome: Error | null | undefined;
    let refusal: unknown;
    try {
      const { entry, repeated } = bench.append(this.id, this.from, (error) => (outcome = error));
      expect(repeated).to.equal(known !== undefined);
      if (known) expect(entry).to.include({ id: known.id, seq: known.seq, from: known.from, at: known.at });
      else model.pending.push(entry);
      // A repetition is answered no sooner than the first one is durable.
      if (known && model.pending.includes(known)) expect(outcome).to.equal(undefined);
    } catch (error) {
      refusal = error;
    }
    if (known && known.from !== this.from) expect(refusal).to.have.property('code', 'id-taken');
    else if (refusal) throw refusal;
    if (bench.store.waiting === 0) model.committed.push(...model.pending.splice(0));
    model.check();
  }
  toString = () => `append ${this.id ?? '?'} ${this.from}${this.hold ? ' held' : ''}`;
}

class Flush implements fc.AsyncCommand<Model, object> {
  check = (model: Readonly<Model>) => model.bench.store.holding;
  async run(model: Model): Promise<void> {
    model.bench.store.release();
    model.committed.push(...model.pending.splice(0));
    model.check();
  }
  toString = () => 'flush';
}

class Fail implements fc.AsyncCommand<Model, object> {
  check = (model: Readonly<Model>) => model.bench.store.holding;
  async run(model: Model): Promise<void> {
    model.pending = [];
    model.bench.store.fail();
    model.bench.store.holding = false;
    model.check();
  }
  toString = () => 'fail';
}

/** A crash: what was not committed is gone. */
class Restart implements fc.AsyncCommand<Model, object> {
  check = () => true;
  async run(model: Model): Promise<void> {
    model.pending = [];
    const log = model.committed.length > 0 ? model.bench.log.log : undefined;
    model.bench = new Bench(model.kept, model.data);
    model.check();
    if (log !== undefined) expect(model.bench.log.log).to.equal(log);
  }
  toString = () => 'restart';
}

class Sweep implements fc.AsyncCommand<Model, object> {
  check = (model: Readonly<Model>) => !model.bench.store.holding;
  async run(model: Model): Promise<void> {
    await model.bench.retention.sweep();
    const rows = [...model.bench.store.range(table.entries)];
    expect(rows).to.have.length(Math.min(model.kept, model.committed.length));
    model.check();
  }
  toString = () => 'sweep';
}

describe('a chat log over a store', () => {
  it('is what was committed, through failures, crashes and retention', async () => {
    const commands = fc.commands(
      [
        fc.tuple(id, sender, fc.boolean()).map(([one, from, hold]) => new Append(one, from, hold)),
        fc.constant(new Flush()),
        fc.constant(new Fail()),
        fc.constant(new Restart()),
        fc.constant(new Sweep()),
      ],
      { maxCommands: 60 },
    );

    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), commands, async (kept, run) => {
        await fc.asyncModelRun(() => ({ model: new Model(kept), real: {} }), run);
      }),
      { numRuns: 100 },
    );
  });

  it('fails a repeated id together with the first one that was still on its way', () => {
    const bench = new Bench(10);
    bench.store.holding = true;
    const outcomes: (string | undefined)[] = [];
    const done = (error: Error | null): void => void outcomes.push(error?.message);
    bench.append(ids[0], 'ana', done);
    bench.append(ids[0], 'ana', done);

    bench.store.fail();
    bench.store.holding = false;
    const { repeated, entry } = bench.append(ids[0], 'ana', done);

    expect(outcomes).to.deep.equal(['no room', 'no room', undefined]);
    expect({ repeated, seq: entry.seq }).to.deep.equal({ repeated: false, seq: 1 });
  });

  it('takes an edit and a deletion of an entry that is still on its way', () => {
    const bench = new Bench(10);
    bench.store.holding = true;
    const stage = bench.store.batch();
    const sending = { from: 'ana', stage, moderates: false };
    const { entry } = bench.append(ids[0], 'ana');

    bench.channels.append(channel, { kind: 'edit', target: entry.id, text: 'better' }, sending);
    bench.channels.append(channel, { kind: 'delete', target: entry.id }, sending);
    stage.commit(() => {});
    bench.store.release();

    const { entries } = bench.log.page({ limit: 10 });
    expect(entries.map(({ kind, text }) => [kind, text])).to.deep.equal([
      ['text', undefined],
      ['edit', undefined],
      ['delete', undefined],
    ]);
  });
});

describe('retention', () => {
  const days = 86_400_000;
  const { now } = Date;
  let clock = 0;

  beforeEach(() => {
    clock = now();
    Date.now = () => clock;
  });
  afterEach(() => {
    Date.now = now;
  });

  it('removes what is older than historyDays and counts on from there', async () => {
    const bench = new Bench(1000, createData(), 30);
    for (let count = 0; count < 200; count++) bench.append(undefined, 'ana');
    clock += 31 * days;

    await bench.retention.sweep();

    expect([...bench.store.range(table.entries)]).to.deep.equal([]);
    expect(bench.log.page({ after: 0, limit: 10 })).to.include({ lastSeq: 200, limited: true });
    expect(bench.append(undefined, 'ana').entry.seq).to.equal(201);
  });

  it('remembers an id for seven days after its entry went, and no longer', async () => {
    const bench = new Bench(1);
    bench.append(ids[0], 'ana');
    bench.append(ids[1], 'ana');
    await bench.retention.sweep();

    clock += 6 * days;
    await bench.retention.sweep();
    const early = bench.append(ids[0], 'ana');
    clock += 2 * days;
    await bench.retention.sweep();
    const late = bench.append(ids[0], 'ana');

    expect(early).to.deep.include({ repeated: true });
    expect(early.entry).to.include({ id: ids[0], seq: 1, from: 'ana' }).and.not.have.property('text');
    expect(late).to.deep.include({ repeated: false });
  });

  it('forgets nothing sooner when the clock is set back', async () => {
    const bench = new Bench(1);
    bench.append(ids[0], 'ana');
    clock -= 20 * days;
    bench.append(ids[1], 'ana');
    bench.append(ids[2], 'ana');
    await bench.retention.sweep();

    clock += 20 * days;
    await bench.retention.sweep();

    expect(bench.append(ids[0], 'ana').repeated).to.equal(true);
    expect(bench.append(ids[1], 'ana').repeated).to.equal(true);
  });

  it('removes every row of a channel that was deleted, while one of that name goes on', async () => {
    const bench = new Bench(1000);
    const stage = bench.store.batch();
    const send = (text: string, into = bench.store.batch()): void => {
      bench.channels.append('garden', { kind: 'text', text }, { from: 'ana', stage: into, moderates: false });
      into.commit(() => {});
    };
    for (let count = 0; count < 100; count++) send(`old ${count}`);
    const old = bench.channels.log('garden', null);
    stageRemoval({ name: 'garden', log: old, fields: { topic: '', private: false }, members: new Set() }, stage);
    stage.commit(() => {});
    bench.channels.load();
    send('new');

    await bench.retention.sweep();

    const { log, entries } = { ...bench.channels.log('garden', null).page({ limit: 10 }) };
    expect(log).to.not.equal(old.log);
    expect(entries.map(({ seq, text }) => [seq, text])).to.deep.equal([[1, 'new']]);
    expect([...bench.store.range(table.entries)]).to.have.length(1);
    expect([...bench.store.range(table.gone)]).to.deep.equal([]);
  });
});

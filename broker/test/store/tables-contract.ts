import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_KEY_BYTES, type Key } from '../../src/store/keys.ts';
import type { Value } from '../../src/store/table.ts';
import type { Harness } from './full-contract.ts';
import { commit, keysOf } from './samples.ts';

const element = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.constantFrom('', '\0', '\0\0', 'a\0', 'a\0b', '\u{1f600}', '\uffff', 'é', 'ÿ'),
  fc.maxSafeInteger(),
  fc.integer({ min: -300, max: 300 }),
);
const keys = fc.array(element, { maxLength: 4 });

function compare(a: Key, b: Key): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareElements(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareElements(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return -1;
  if (typeof b === 'number') return 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export function tablesContract(open: () => Promise<Harness>): void {
  describe('tables', () => {
    it('read what was committed, and nothing before', async () => {
      await using harness = await open();
      const { store } = harness;
      const batch = store.batch();
      batch.put('chat', ['general', 1], { text: 'hello' });

      const before = store.get('chat', ['general', 1]);
      await new Promise((resolve) => batch.commit(resolve));

      expect(before).to.equal(undefined);
      expect(store.get('chat', ['general', 1])).to.deep.equal({ text: 'hello' });
      expect(store.get('chat', ['general'])).to.equal(undefined);
      expect(store.get('cha', ['general', 1])).to.equal(undefined);
    });

    it('read in the callback of the commit what it changed', async () => {
      await using harness = await open();
      const { store } = harness;
      const seen: (Value | undefined)[] = [];
      for (let i = 0; i < 3; i++) {
        const batch = store.batch();
        batch.put('t', [i], i);
        await new Promise<void>((resolve) => {
          store.get('t', [i]);
          batch.commit(() => {
            seen.push(store.get('t', [i]));
            resolve();
          });
        });
      }

      expect(seen).to.deep.equal([0, 1, 2]);
    });

    it('keep JSON and bytes over a restart', async () => {
      await using harness = await open();
      const value = {
        text: 'ä\u{1f600}\0',
        list: [null, true, false, -1.5, 1e300, 2 ** 40, Number.MAX_SAFE_INTEGER],
        nested: { deep: { empty: {}, none: [] } },
      };
      await commit(harness.store, (batch) => {
        batch.put('t', ['object'], value);
        batch.put('t', ['bytes'], new Uint8Array([0, 1, 255]));
        batch.put('t', ['inside'], { payload: Buffer.from('x') });
        batch.put('t', ['null'], null);
        batch.put('t', [], 'whole');
      });

      const store = await harness.reopen();

      expect(store.get('t', ['object'])).to.deep.equal(value);
      expect([...(store.get('t', ['bytes']) as Uint8Array)]).to.deep.equal([0, 1, 255]);
      expect(String((store.get('t', ['inside']) as { payload: Buffer }).payload)).to.equal('x');
      expect(store.get('t', ['null'])).to.equal(null);
      expect(store.get('t', [])).to.equal('whole');
    });

    it('keep a value larger than a page of any store', async () => {
      await using harness = await open();
      const value = Buffer.alloc(3_000_000, 'parley');
      await commit(harness.store, (batch) => batch.put('files', ['big'], value));

      const store = await harness.reopen();

      expect(value.equals(store.get('files', ['big']) as Uint8Array)).to.equal(true);
    });

    it('remove and replace rows, the last change of a key winning', async () => {
      await using harness = await open();
      const { store } = harness;
      await commit(store, (batch) => {
        batch.put('t', [1], 'a');
        batch.put('t', [2], 'a');
      });

      await commit(store, (batch) => {
        batch.remove('t', [1]);
        batch.put('t', [2], 'b');
        batch.put('t', [3], 'c');
        batch.remove('t', [3]);
        batch.remove('t', [4]);
        batch.put('t', [4], 'd');
      });

      expect([...store.range('t')]).to.deep.equal([
        { key: [2], value: 'b' },
        { key: [4], value: 'd' },
      ]);
    });

    it('order keys element by element', async () => {
      await using harness = await open();
      const { store } = harness;
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(keys, { maxLength: 40 }), async (list) => {
          const table = `t${round++}`;
          await commit(store, (batch) => list.forEach((key) => batch.put(table, key, 0)));

          const unique = list.toSorted(compare).filter((key, i, all) => i === 0 || compare(key, all[i - 1]!) !== 0);
          expect(keysOf(store.range(table))).to.deep.equal(unique);
          expect(keysOf(store.range(table, { reverse: true }))).to.deep.equal(unique.toReversed());
        }),
        { numRuns: 60 },
      );
    });

    it('give the rows of a range, of a prefix and of both', async () => {
      await using harness = await open();
      const { store } = harness;
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(keys, { maxLength: 30 }), keys, keys, keys, async (list, prefix, from, to) => {
          const table = `t${round++}`;
          await commit(store, (batch) => list.forEach((key) => batch.put(table, key, 0)));

          const wanted = keysOf(store.range(table)).filter((key) => {
            const begins = prefix.every((one, i) => one === (key as Key)[i]);
            return begins && compare(key as Key, from) >= 0 && compare(key as Key, to) < 0;
          });
          expect(keysOf(store.range(table, { prefix, from, to }))).to.deep.equal(wanted);
          expect(keysOf(store.range(table, { prefix, from, to, reverse: true, limit: 3 }))).to.deep.equal(
            wanted.toReversed().slice(0, 3),
          );
        }),
        { numRuns: 60 },
      );
    });

    it('do not mix tables whose names begin alike', async () => {
      await using harness = await open();
      const { store } = harness;
      await commit(store, (batch) => {
        for (const table of ['a', 'aa', 'a\0', 'ä']) batch.put(table, ['k'], table);
      });

      for (const table of ['a', 'aa', 'a\0', 'ä']) {
        expect([...store.range(table)]).to.deep.equal([{ key: ['k'], value: table }]);
      }
    });

    it('page through thousands of rows from either end while they change', async () => {
      await using harness = await open();
      const { store } = harness;
      await commit(store, (batch) => {
        for (let i = 0; i < 5000; i++) batch.put('log', ['general', i], i);
      });
      const seen: Value[] = [];

      for (const { key, value } of store.range('log', { prefix: ['general'] })) {
        seen.push(value);
        if (seen.length % 1000 !== 0) continue;
        await commit(store, (batch) => {
          batch.remove('log', key);
          batch.put('log', ['general', -seen.length], 'behind');
        });
      }

      expect(seen).to.deep.equal(Array.from({ length: 5000 }, (_, i) => i));
      expect([...store.range('log', { reverse: true, limit: 2 })].map(({ value }) => value)).to.deep.equal([
        4998, 4997,
      ]);
    });

    it('share the commit of what is published', async () => {
      await using harness = await open();
      await commit(harness.store, (batch) => {
        batch.retain({
          topic: 'a',
          payload: Buffer.from('x'),
          qos: 0,
          retain: true,
          properties: undefined,
          expiresAt: 0,
          publisher: '',
        });
        batch.put('log', [1], 'x');
      });

      const store = await harness.reopen();

      expect(store.retainedCount).to.equal(1);
      expect(store.get('log', [1])).to.equal('x');
    });

    it('refuse keys that are too long or not safe integers, and stage nothing of them', async () => {
      await using harness = await open();
      const { store } = harness;
      const longest = 'x'.repeat(MAX_KEY_BYTES - 'table'.length - 3);
      await commit(store, (batch) => {
        batch.put('table', [longest], 1);
        expect(() => batch.put('table', [`${longest}x`], 1)).to.throw('too long');
        expect(() => batch.put('table', [0.5], 1)).to.throw('not a safe integer');
        expect(() => batch.remove('table', [2 ** 53])).to.throw('not a safe integer');
      });

      expect(keysOf(store.range('table'))).to.deep.equal([[longest]]);
      expect(store.get('table', [longest])).to.equal(1);
    });
  });
}

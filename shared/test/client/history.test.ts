import type { Entry, Page } from '@parley/shared';
import { expect } from 'chai';
import fc from 'fast-check';
import { History } from '../../src/client/history.ts';

const LOG = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const OTHER = '01BX5ZZKBKACTAV9WEVGEMMVRZ';

function entry(seq: number, more: Partial<Entry> = {}): Entry {
  return {
    id: `01ARZ3NDEKTSV4RRFFQ69G${String(seq).padStart(4, '0')}`,
    seq,
    at: seq,
    from: 'ana',
    kind: 'text',
    text: `${seq}`,
    ...more,
  };
}

function entries(from: number, to: number): Entry[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_none, index) => entry(from + index));
}

/** The answer of a hub that keeps `oldest` to `last`. */
function page(from: number, to: number, last: number, { log = LOG, limited = false } = {}): Page {
  return { entries: entries(from, to), lastSeq: last, log, limited };
}

function seqs(history: History): number[] {
  return history.entries.map(({ seq }) => seq);
}

describe('history of a log', () => {
  it('takes live entries in order and knows those it has', () => {
    const history = new History(100);
    history.append(page(1, 2, 2));

    expect(history.receive(entry(3))).to.deep.equal({ added: [entry(3)], fetch: false });
    expect(history.receive(entry(3))).to.deep.equal({ added: [], fetch: false });
    expect(seqs(history)).to.deep.equal([1, 2, 3]);
  });

  it('keeps entries ahead of a hole outside until it is filled', () => {
    const history = new History(100);
    history.append(page(1, 1, 1));

    expect(history.receive(entry(3))).to.deep.equal({ added: [], fetch: true });
    expect(seqs(history)).to.deep.equal([1]);
    expect(history.append(page(2, 2, 3))).to.deep.equal([entry(2), entry(3)]);
  });

  it('does not mix what comes live on a new connection with a log that may be another', () => {
    const history = new History(100);
    history.append(page(1, 3, 3));
    history.unverify();

    expect(history.receive(entry(4))).to.deep.equal({ added: [], fetch: false });
    expect(history.append(page(1, 4, 4, { log: OTHER }))).to.equal(undefined);
    expect(history.replace(page(1, 4, 4, { log: OTHER })), 'to be fetched once more').to.equal(true);
    expect(seqs(history)).to.deep.equal([1, 2, 3, 4]);
    expect(history.log).to.equal(OTHER);
  });

  it('admits them when the hub names the same log', () => {
    const history = new History(100);
    history.append(page(1, 3, 3));
    history.unverify();
    history.receive(entry(4));

    expect(history.verify(OTHER)).to.deep.equal([]);
    expect(history.verify(LOG)).to.deep.equal([entry(4)]);
  });

  it('notices an entry that contradicts the one it has', () => {
    const history = new History(100);
    history.append(page(1, 3, 3));

    expect(history.receive(entry(2, { id: OTHER })).fetch).to.equal(true);
  });

  it('marks a hole that retention left, and only that', () => {
    const history = new History(100);
    history.append(page(1, 3, 3));

    expect(history.append(page(7, 9, 9)), 'a hole that could be filled').to.equal(undefined);
    expect(history.append(page(7, 9, 9, { limited: true }))).to.have.length(3);
    expect(history.gaps()).to.deep.equal([{ after: 3, before: 7 }]);
  });

  it('marks a beginning that is no longer kept', () => {
    const history = new History(100);
    history.replace(page(5, 6, 6, { limited: true }));

    expect(history.hasOlder).to.equal(false);
    expect(history.gaps()).to.deep.equal([{ after: 0, before: 5 }]);
  });

  it('holds no more than it was told to, but for older ones that were asked for', () => {
    const history = new History(3);
    history.append(page(1, 5, 5));
    expect(seqs(history)).to.deep.equal([3, 4, 5]);

    history.prepend(page(1, 2, 5));
    history.receive(entry(6));
    expect(seqs(history)).to.deep.equal([2, 3, 4, 5, 6]);

    history.trim();
    expect(seqs(history)).to.deep.equal([4, 5, 6]);
    expect(history.hasOlder).to.equal(true);
  });

  it('takes back what a deleted entry said', () => {
    const history = new History(100);
    history.append(page(1, 2, 2));

    history.receive(entry(3, { kind: 'delete', target: entry(1).id }));

    const { text: _text, ...blank } = entry(1);
    expect(history.entries[0]).to.deep.equal(blank);
  });

  it('comes back from its snapshot', () => {
    const history = new History(100);
    history.append(page(1, 9, 9));
    const again = new History(100);

    again.restore(history.snapshot(4)!);

    expect(seqs(again)).to.deep.equal([6, 7, 8, 9]);
    expect(again).to.include({ lastSeq: 9, log: LOG, hasOlder: true });
  });

  it('gives every entry once and in order, whatever is lost, late or fetched', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('live' as const), ahead: fc.integer({ min: 0, max: 5 }) }),
      fc.record({ kind: fc.constant('cut' as const) }),
      fc.record({
        kind: fc.constant('fetch' as const),
        limit: fc.integer({ min: 1, max: 4 }),
        stale: fc.integer({ min: 0, max: 3 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const history = new History(1000);
        const given: number[] = [];
        const note = (added: readonly Entry[] | undefined): void =>
          void given.push(...(added ?? []).map(({ seq }) => seq));
        let last = 0; // of the hub's log
        for (const one of steps) {
          if (one.kind === 'cut') history.unverify();
          if (one.kind === 'live') {
            last += one.ahead; // entries before it were lost on the way
            if (last > 0) note(history.receive(entry(last)).added);
          }
          if (one.kind === 'fetch') {
            const known = Math.max(0, last - one.stale);
            note(history.append(page(history.lastSeq + 1, Math.min(known, history.lastSeq + one.limit), known)));
          }
        }
        while (history.lastSeq < last) note(history.append(page(history.lastSeq + 1, last, last)));

        const all = Array.from({ length: last }, (_none, index) => index + 1);
        expect(given).to.deep.equal(all);
        expect(seqs(history)).to.deep.equal(all);
      }),
    );
  });
});

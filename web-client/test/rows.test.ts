import type { Send } from '@parley/shared/client';
import { expect } from 'chai';
import type { Item } from '../src/state/items.ts';
import { toRows } from '../src/state/rows.ts';
import type { RowSources } from '../src/state/rows.ts';
import { entry, idOf } from './support/entries.ts';

const noon = new Date(2027, 0, 15, 12).getTime();
const minute = 60_000;
const rowsOf = (sources: Partial<RowSources>) => toRows({ entries: [], me: 'me', ...sources });
const shape = (sources: Partial<RowSources>): string[] =>
  rowsOf(sources).map((row) => (row.type === 'entry' ? (row.head ? row.item.from : '+') : row.type));
const items = (sources: Partial<RowSources>): Item[] =>
  rowsOf(sources).flatMap((row) => (row.type === 'entry' ? [row.item] : []));
const never = (): never => expect.fail('not asked for');
const sendOf = (draft: Send['draft'], state: Send['state'] = { state: 'pending' }): Send => {
  return { id: idOf(99), draft, at: noon, state, retry: never, discard: never, whenStored: never, whenSent: never };
};

const react = (seq: number, from: string, text = '+1') => entry(seq, { kind: 'reaction', target: idOf(1), from, text });

describe('the rows of a timeline', () => {
  it('group entries of one sender within five minutes', () => {
    const entries = [
      entry(1, { at: noon }),
      entry(2, { at: noon + 4 * minute }),
      entry(3, { at: noon + 8 * minute }),
      entry(4, { at: noon + 14 * minute }),
      entry(5, { at: noon + 14 * minute, from: 'ben' }),
    ];

    expect(shape({ entries })).to.deep.equal(['day', 'ana', '+', '+', 'ana', 'ben']);
  });

  it('begin every day with a separator', () => {
    const entries = [entry(1, { at: noon }), entry(2, { at: noon + 24 * 60 * minute })];

    expect(shape({ entries })).to.deep.equal(['day', 'ana', 'day', 'ana']);
  });

  it('put comings and goings among the entries by time, runs of them together', () => {
    const entries = [entry(1, { at: noon }), entry(2, { at: noon + 3 * minute })];
    const arrivals = [
      { name: 'ben', came: true, at: noon + minute },
      { name: 'cleo', came: true, at: noon + 2 * minute },
      { name: 'ben', came: false, at: noon + 4 * minute },
    ];

    expect(shape({ entries, arrivals })).to.deep.equal(['day', 'ana', 'arrivals', 'ana', 'arrivals']);
  });

  it('end with our own messages on their way', () => {
    const send = sendOf({ kind: 'text', text: 'soon' });

    const [item] = items({ sends: [send] });

    expect(item).to.include({ key: send.id, from: 'me', text: 'soon', send });
  });

  it('show what we are about to change as changed, and say so; what failed stands by itself', () => {
    const edit = { kind: 'edit', target: idOf(1), text: 'better' } as const;
    const failure = { code: 'not-found', message: 'gone' };

    const [changed] = items({ entries: [entry(1, { from: 'me' })], sends: [sendOf(edit)] });
    const [kept, failed] = items({
      entries: [entry(1, { from: 'me' })],
      sends: [sendOf(edit, { state: 'failed', failure })],
    });

    expect(changed).to.include({ text: 'better', changing: true });
    expect(kept).to.include({ text: 'line 1', changing: false });
    expect(failed).to.include({ kind: 'edit', text: 'better' });
  });

  it('say where retention left a gap', () => {
    const entries = [entry(1, { at: noon }), entry(9, { at: noon })];

    expect(shape({ entries, gaps: [{ after: 1, before: 9 }] })).to.deep.equal(['day', 'ana', 'gap', 'ana']);
  });

  it('draw one line before the first entry that is new', () => {
    const entries = [1, 2, 3].map((seq) => entry(seq, { at: noon }));

    expect(shape({ entries, readSeq: 1 })).to.deep.equal(['day', 'ana', 'new', 'ana', '+']);
    expect(shape({ entries, readSeq: 3 })).to.deep.equal(['day', 'ana', '+', '+']);
    expect(shape({ entries, readSeq: 0 })).to.deep.equal(['day', 'ana', '+', '+']);
    expect(shape({ entries, readSeq: 1, me: 'ana' })).to.deep.equal(['day', 'ana', '+', '+']);
  });

  it('work in edits of the author only', () => {
    const [item] = items({
      entries: [
        entry(1),
        entry(2, { kind: 'edit', target: idOf(1), text: 'better' }),
        entry(3, { kind: 'edit', target: idOf(1), text: 'forged', from: 'mallory' }),
        entry(4, { kind: 'edit', target: idOf(77), text: 'of what is not loaded' }),
      ],
    });

    expect(item).to.include({ text: 'better', edited: true });
  });

  it('work in deletions, and take an entry without text as deleted', () => {
    const { text: _, ...emptied } = entry(3);
    const shown = items({
      entries: [entry(1), entry(2, { kind: 'delete', target: idOf(1) }), emptied],
    });

    expect(shown.map(({ deleted, text }) => ({ deleted, text }))).to.deep.equal([
      { deleted: true, text: undefined },
      { deleted: true, text: undefined },
    ]);
  });

  it('collect reactions by symbol, once per name, until they are withdrawn', () => {
    const [item] = items({
      entries: [
        entry(1),
        react(2, 'ben'),
        react(3, 'ben'),
        react(4, 'cleo'),
        react(5, 'cleo', '!'),
        entry(6, { kind: 'delete', target: idOf(5) }),
      ],
    });

    expect(item!.reactions).to.deep.equal([{ text: '+1', names: ['ben', 'cleo'], own: undefined }]);
  });

  it('name what an entry answers when it is loaded', () => {
    const shown = items({ entries: [entry(1), entry(2, { replyTo: idOf(1) }), entry(3, { replyTo: idOf(50) })] });

    expect(shown.map(({ answers }) => answers)).to.deep.equal([
      undefined,
      { id: idOf(1), from: 'ana', text: 'line 1' },
      { id: idOf(50) },
    ]);
  });
});

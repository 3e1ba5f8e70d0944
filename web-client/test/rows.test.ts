import { expect } from 'chai';
import { toRows } from '../src/state/rows.ts';
import type { Group, Item, RowSources } from '../src/state/rows.ts';
import { entry, idOf } from './support/entries.ts';

const noon = new Date(2027, 0, 15, 12).getTime();
const minute = 60_000;
const rowsOf = (sources: Partial<RowSources>) => toRows({ entries: [], me: 'me', ...sources });
const shape = (sources: Partial<RowSources>): string[] =>
  rowsOf(sources).map((row) => (row.type === 'group' ? `${row.from} ${row.items.length}` : row.type));
const items = (sources: Partial<RowSources>): Item[] =>
  rowsOf(sources).flatMap((row) => (row.type === 'group' ? row.items : []));

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

    expect(shape({ entries })).to.deep.equal(['day', 'ana 3', 'ana 1', 'ben 1']);
  });

  it('begin every day with a separator', () => {
    const entries = [entry(1, { at: noon }), entry(2, { at: noon + 24 * 60 * minute })];

    expect(shape({ entries })).to.deep.equal(['day', 'ana 1', 'day', 'ana 1']);
  });

  it('put comings and goings among the entries by time, runs of them together', () => {
    const entries = [entry(1, { at: noon }), entry(2, { at: noon + 3 * minute })];
    const arrivals = [
      { name: 'ben', came: true, at: noon + minute },
      { name: 'cleo', came: true, at: noon + 2 * minute },
      { name: 'ben', came: false, at: noon + 4 * minute },
    ];

    expect(shape({ entries, arrivals })).to.deep.equal(['day', 'ana 1', 'arrivals', 'ana 1', 'arrivals']);
  });

  it('end with our own messages on their way', () => {
    const outgoing = [{ id: idOf(9), channel: 'general', text: 'soon', at: noon, state: 'waiting' as const }];
    const [, group] = rowsOf({ outgoing }) as [unknown, Group];

    expect(group.from).to.equal('me');
    expect(group.items[0]).to.deep.include({ key: idOf(9), text: 'soon', outgoing: outgoing[0] });
  });

  it('draw one line before the first entry that is new', () => {
    const entries = [1, 2, 3].map((seq) => entry(seq, { at: noon }));

    expect(shape({ entries, readSeq: 1 })).to.deep.equal(['day', 'ana 1', 'new', 'ana 2']);
    expect(shape({ entries, readSeq: 3 })).to.deep.equal(['day', 'ana 3']);
    expect(shape({ entries, readSeq: 0 })).to.deep.equal(['day', 'ana 3']);
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

    expect(item!.reactions).to.deep.equal([{ text: '+1', names: ['ben', 'cleo'] }]);
  });

  it('name what an entry answers when it is loaded', () => {
    const shown = items({ entries: [entry(1), entry(2, { replyTo: idOf(1) }), entry(3, { replyTo: idOf(50) })] });

    expect(shown.map(({ answers }) => answers)).to.deep.equal([undefined, { from: 'ana', text: 'line 1' }, undefined]);
  });
});

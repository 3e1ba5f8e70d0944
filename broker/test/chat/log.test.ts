import { ParleyError } from '@parley/shared';
import type { Draft } from '@parley/shared';
import { expect } from 'chai';
import fc from 'fast-check';
import { ulid } from 'ulid';
import { table } from '../../src/chat/tables.ts';
import { openLog, send } from './open-log.ts';

const said = (text: string, more: Partial<Draft> = {}): Draft => ({ kind: 'text', text, ...more });

function refused(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as ParleyError).code;
  }
  return 'not refused';
}

describe('a chat log', () => {
  it('stamps entries with seq 1, 2, 3, the sender and the time', () => {
    const opened = openLog(10);
    const started = Date.now();

    const entries = ['a', 'b', 'c'].map((text) => send(opened, said(text)).entry);

    expect(entries.map(({ seq }) => seq)).to.deep.equal([1, 2, 3]);
    expect(entries[0]).to.include({ from: 'ana', kind: 'text', text: 'a' });
    expect(entries[0]!.at).to.be.within(started, Date.now());
  });

  it('answers a repeated id of the same sender with the same entry', () => {
    const opened = openLog(10);
    const draft = said('once', { id: ulid() });

    const [first, second] = [send(opened, draft), send(opened, draft)];

    expect(second).to.deep.equal({ entry: first.entry, repeated: true });
    expect(opened.log.lastSeq).to.equal(1);
  });

  it('refuses an id that another sender has used, and keeps no trace of it', () => {
    const opened = openLog(10);
    const id = ulid();
    send(opened, said('mine', { id }));

    const code = refused(() => send(opened, said('yours', { id }), 'ben'));

    expect(code).to.equal('id-taken');
    expect(opened.log.lastSeq).to.equal(1);
  });

  it('lets only the author edit or delete, and only what is there', () => {
    const opened = openLog(10);
    const { id } = send(opened, said('hello')).entry;

    const codes = [
      refused(() => send(opened, { kind: 'edit', target: id, text: 'x' }, 'ben')),
      refused(() => send(opened, { kind: 'delete', target: id }, 'ben')),
      refused(() => send(opened, { kind: 'reaction', target: ulid(), text: '+' }, 'ben')),
    ];

    expect(codes).to.deep.equal(['not-authorized', 'not-authorized', 'payload-invalid']);
  });

  it('lets a moderator delete what others wrote, and edit nothing', () => {
    const opened = openLog(10);
    const { id } = send(opened, said('rude')).entry;

    const edited = refused(() => send(opened, { kind: 'edit', target: id, text: 'kind' }, 'mod', true));
    send(opened, { kind: 'delete', target: id }, 'mod', true);

    expect(edited).to.equal('not-authorized');
    expect(opened.log.entry(1)).to.not.have.property('text');
  });

  it('forgets in the store what a deleted entry said, and its edits, and its words', () => {
    const opened = openLog(10);
    const { id } = send(opened, said('secret')).entry;
    send(opened, { kind: 'edit', target: id, text: 'secret, really' });
    send(opened, { kind: 'reaction', target: id, text: '👍' }, 'ben');

    send(opened, { kind: 'delete', target: id });

    const [first, edit, reaction, last] = opened.log.page({ limit: 10 }).entries;
    expect(first).to.include({ seq: 1, id, from: 'ana' }).and.not.have.any.keys('text', 'data');
    expect(edit).to.include({ seq: 2, kind: 'edit', target: id }).and.not.have.property('text');
    expect(reaction).to.include({ text: '👍' });
    expect(last).to.include({ seq: 4, kind: 'delete', target: id });
    const { store } = opened;
    const rows = [...store.range(table.entries), ...store.range(table.segments), ...store.range(table.ids)];
    expect(JSON.stringify(rows)).to.not.include('secret');
  });

  it('gives with a page, when asked, what was edited and reacted later, and not what was taken back', () => {
    const opened = openLog(100);
    const [first, second] = ['one', 'two', 'three'].map((text) => send(opened, said(text)).entry);
    send(opened, { kind: 'edit', target: first!.id, text: 'uno' });
    send(opened, { kind: 'reaction', target: first!.id, text: '✓' }, 'ben');
    const { entry: taken } = send(opened, { kind: 'reaction', target: second!.id, text: '✗' }, 'ben');
    send(opened, { kind: 'delete', target: taken.id }, 'ben');

    const { changes } = opened.log.page({ after: 0, limit: 2, changes: true });
    const whole = opened.log.page({ after: 0, limit: 100, changes: true });

    expect(changes!.map(({ seq, kind, text }) => [seq, kind, text])).to.deep.equal([
      [4, 'edit', 'uno'],
      [5, 'reaction', '✓'],
    ]);
    expect(whole.changes).to.deep.equal([]);
    expect(opened.log.page({ after: 0, limit: 2 })).to.not.have.property('changes');
  });

  it('takes no change of what was deleted, nor of a deletion', () => {
    const opened = openLog(10);
    const { id } = send(opened, said('gone')).entry;
    const deletion = send(opened, { kind: 'delete', target: id }).entry;

    const codes = [
      refused(() => send(opened, { kind: 'edit', target: id, text: 'back' })),
      refused(() => send(opened, { kind: 'reaction', target: id, text: '+' })),
      refused(() => send(opened, { kind: 'delete', target: deletion.id })),
    ];

    expect(codes).to.deep.equal(['payload-invalid', 'payload-invalid', 'payload-invalid']);
  });

  it('gives every page as the log itself has it, and says when retention has passed what was asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 100 }),
        fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined }),
        fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined }),
        fc.integer({ min: 1, max: 30 }),
        (kept, count, after, before, limit) => {
          const opened = openLog(kept);
          const all = Array.from({ length: count }, (_, index) => send(opened, said(`${index}`)).entry);

          const page = opened.log.page({ after, before, limit });

          const seqs = page.entries.map(({ seq }) => seq);
          const asked = all.filter(({ seq }) => seq > (after ?? 0) && seq < (before ?? Infinity));
          const wanted = after === undefined ? asked.slice(-limit) : asked.slice(0, limit);
          const wantedKept = wanted.filter(({ seq }) => seq > count - kept).map(({ seq }) => seq);
          expect(seqs).to.include.members(wantedKept);
          expect(seqs.every((seq) => seq > count - kept)).to.equal(true);
          expect(seqs).to.deep.equal(seqs.map((_, index) => (seqs[0] ?? 0) + index));
          if (wanted.length > wantedKept.length && seqs.length < wanted.length) expect(page.limited).to.equal(true);
          if (count <= kept) expect(page).to.deep.include({ entries: wanted, limited: false });
          expect(page).to.include({ lastSeq: count, log: opened.log.log });
        },
      ),
      { numRuns: 50 },
    );
  });
});

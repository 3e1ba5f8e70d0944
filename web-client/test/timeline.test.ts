import { expect } from 'chai';
import fc from 'fast-check';
import { Timeline } from '../src/state/timeline.ts';
import { entries, entry, idOf, LOG_A, LOG_B } from './support/entries.ts';

const page = (first: number, last: number, more: object = {}) => {
  return { entries: entries(first, last), lastSeq: last, log: LOG_A, limited: false, ...more };
};
const seqs = (timeline: Timeline): number[] => timeline.entries.map(({ seq }) => seq);

describe('a timeline', () => {
  it('keeps entries in order of seq, however they arrive', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(entries(11, 30), { minLength: 20 }), (shuffled) => {
        const timeline = new Timeline();
        timeline.replace(page(1, 10));

        for (const one of shuffled) timeline.receive(one);

        expect(seqs(timeline)).to.deep.equal(entries(1, 30).map(({ seq }) => seq));
      }),
    );
  });

  it('tells what a live entry meant', () => {
    const timeline = new Timeline();
    timeline.replace(page(1, 5));

    expect(timeline.receive(entry(6))).to.equal('added');
    expect(timeline.receive(entry(6))).to.equal('known');
    expect(timeline.receive(entry(9))).to.equal('gap');
    expect(timeline.receive(entry(3, { id: idOf(3, LOG_B) }))).to.equal('conflict');
    expect(timeline.lastSeq).to.equal(6);
  });

  it('fills a hole with a page, and admits what waited behind it', () => {
    const timeline = new Timeline();
    timeline.replace(page(1, 5));
    timeline.receive(entry(9));

    const continues = timeline.append(page(6, 8));

    expect(continues).to.equal(true);
    expect(seqs(timeline)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('keeps what arrived live while its first page was on the way', () => {
    const timeline = new Timeline();
    timeline.receive(entry(1));
    timeline.receive(entry(2));

    timeline.replace(page(1, 1));

    expect(seqs(timeline)).to.deep.equal([1, 2]);
  });

  it('does not continue with another log, nor over what retention took', () => {
    const timeline = new Timeline();
    timeline.replace(page(1, 5));

    expect(timeline.append(page(6, 8, { log: LOG_B }))).to.equal(false);
    expect(timeline.append(page(7, 8, { limited: true }))).to.equal(false);
    expect(timeline.prepend(page(1, 1, { log: LOG_B }))).to.equal(false);
    expect(seqs(timeline)).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('drops everything of a log that is gone', () => {
    const timeline = new Timeline();
    timeline.replace(page(1, 5));
    timeline.receive(entry(9));

    timeline.replace({
      ...page(1, 2, { log: LOG_B }),
      entries: [1, 2].map((seq) => entry(seq, { id: idOf(seq, LOG_B) })),
    });

    expect(timeline.entries.map(({ id }) => id)).to.deep.equal([idOf(1, LOG_B), idOf(2, LOG_B)]);
    expect(timeline.log).to.equal(LOG_B);
  });

  it('has older entries until the first one, or until retention', () => {
    const timeline = new Timeline();
    timeline.replace(page(101, 200));
    expect(timeline.hasOlder).to.equal(true);

    timeline.prepend({ ...page(51, 100), lastSeq: 200 });
    expect(timeline.firstSeq).to.equal(51);
    expect(timeline.hasOlder).to.equal(true);
    timeline.prepend({ ...page(40, 50, { limited: true }), lastSeq: 200 });

    expect(timeline.hasOlder).to.equal(false);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { Ledger } from '../../src/load/ledger.ts';

function counting() {
  return { received: 0, duplicates: 0, outOfOrder: 0, stale: 0 };
}

describe('what a subscriber remembers of a stream', () => {
  it('is all right when everything comes once and in order', () => {
    const counts = counting();
    const ledger = new Ledger([7, 9], counts);

    for (let number = 0; number < 100; number++) for (const stream of [7, 9]) ledger.take(stream, number);

    expect(counts).to.deep.equal({ received: 200, duplicates: 0, outOfOrder: 0, stale: 0 });
    expect([ledger.distinct(7), ledger.distinct(9), ledger.distinct(8)]).to.deep.equal([100, 100, 0]);
    expect(ledger.take(8, 0)).to.equal(false);
  });

  it('tells late from repeated, for the last 32', () => {
    const counts = counting();
    const ledger = new Ledger([0], counts);

    for (const number of [0, 2, 1, 1, 2, 40, 9, 8, 40]) ledger.take(0, number);

    expect(counts).to.deep.equal({ received: 9, duplicates: 3, outOfOrder: 2, stale: 1 });
    expect(ledger.distinct(0)).to.equal(5);
  });

  it('counts as a list of all numbers would, whatever is lost, repeated and swapped nearby', () => {
    const step = fc.record({ jump: fc.integer({ min: 0, max: 40 }), back: fc.integer({ min: 0, max: 31 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const counts = counting();
        const ledger = new Ledger([0], counts);
        const seen = new Set<number>();
        const expected = counting();
        let newest = -1;
        for (const { jump, back } of steps) {
          const number = Math.max(0, newest + jump - back);
          expected.received++;
          if (number > newest) newest = number;
          else if (newest - number >= 32) expected.stale++;
          else if (seen.has(number)) expected.duplicates++;
          else expected.outOfOrder++;
          if (newest - number < 32) seen.add(number);

          ledger.take(0, number);
        }

        expect(counts).to.deep.equal(expected);
        expect(ledger.distinct(0)).to.equal(seen.size);
      }),
    );
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { Histogram } from '../../src/results/histogram.ts';

describe('a histogram', () => {
  it('knows every percentile to some 3 %, in the same memory for any number of times', () => {
    const times = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(times, fc.double({ min: 0.01, max: 1, noNaN: true }), (ms, share) => {
        const histogram = new Histogram();
        for (const one of ms) histogram.record(one);

        const exact = ms.toSorted((one, other) => one - other)[Math.ceil(ms.length * share) - 1]!;
        expect(histogram.percentile(share)).to.be.within(exact * 0.97, exact * 1.03);
      }),
    );
  });

  it('has no percentiles of nothing', () => {
    expect(new Histogram().percentiles()).to.equal(undefined);
  });

  it('counts what is not longer than a bound', () => {
    const histogram = new Histogram();
    for (const ms of [1, 2, 3, 50, 5000]) histogram.record(ms);

    expect([0.5, 4, 60, 1e9].map((ms) => histogram.atMost(ms))).to.deep.equal([0, 3, 4, 5]);
    expect(histogram.percentiles()).to.include({ max: 5000 });
  });
});

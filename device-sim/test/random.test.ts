import { expect } from 'chai';
import { around, seeded, xoshiro128ss } from '../src/random.ts';

function take(count: number, random: () => number): number[] {
  return Array.from({ length: count }, random);
}

describe('seeded randomness', () => {
  it('is xoshiro128**, by the reference numbers of its authors for the state 1, 2, 3, 4', () => {
    const words = take(6, xoshiro128ss(1, 2, 3, 4)).map((value) => value * 2 ** 32);

    expect(words).to.deep.equal([11520, 0, 5927040, 70819200, 2031721883, 1637235492]);
  });

  it('repeats itself for the same seed and label, and for no other', () => {
    const numbers = take(5, seeded(7, 'lamp-1'));

    expect(take(5, seeded(7, 'lamp-1'))).to.deep.equal(numbers);
    expect(take(5, seeded(8, 'lamp-1'))).not.to.deep.equal(numbers);
    expect(take(5, seeded(7, 'lamp-2'))).not.to.deep.equal(numbers);
  });

  it('differs between labels from the first number on', () => {
    const firsts = Array.from({ length: 1000 }, (_, index) => seeded(7, `lamp-${index}`)());

    expect(new Set(firsts).size).to.equal(1000);
  });

  it('is spread evenly from 0 to below 1', () => {
    const numbers = take(10_000, seeded(1));

    const perTenth = Array.from(
      { length: 10 },
      (_, tenth) => numbers.filter((value) => Math.floor(value * 10) === tenth).length,
    );
    for (const count of perTenth) expect(count).to.be.within(880, 1120);
  });

  it('around gives either side of nothing', () => {
    const numbers = take(1000, () => around(seeded(1), 2));

    for (const value of numbers) expect(value).to.be.within(-2, 2);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { Ledger } from '../../src/results/ledger.ts';

const topic = 'devices/a/telemetry';

function reading(text: string) {
  return { device: 'a', group: 0, topic, payload: Buffer.from(text) };
}

function ledgerOf(sent: string, came: string): Ledger {
  const ledger = new Ledger();
  for (const one of sent) ledger.sending(reading(one));
  for (const one of came) ledger.came(topic, Buffer.from(one));
  return ledger;
}

const cases: Readonly<Record<string, readonly [sent: string, came: string, counts: object]>> = {
  'everything came': ['abc', 'abc', { delivered: 3, lost: 0, duplicated: 0, disordered: 0, unknown: 0 }],
  'one is missing': ['abc', 'ac', { delivered: 2, lost: 1, duplicated: 0, disordered: 0 }],
  'one came twice': ['abc', 'abbc', { delivered: 3, lost: 0, duplicated: 1, disordered: 0 }],
  'one came late': ['abc', 'bac', { delivered: 3, lost: 0, duplicated: 0, disordered: 1 }],
  'a copy came late': ['abc', 'abca', { delivered: 3, duplicated: 1, disordered: 0 }],
  'two are alike': ['aab', 'aab', { delivered: 3, lost: 0, duplicated: 0, disordered: 0 }],
  'one of two that are alike is missing': ['aab', 'ab', { delivered: 2, lost: 1, duplicated: 0 }],
  'a copy is taken for a later one that is like it': ['abac', 'aabac', { delivered: 4, duplicated: 1, disordered: 0 }],
  'something else came': ['a', 'xa', { delivered: 1, unknown: 1 }],
};

describe('the ledger', () => {
  for (const [what, [sent, came, counts]] of Object.entries(cases)) {
    it(`counts right when ${what}`, () => {
      expect(ledgerOf(sent, came).counts()).to.include(counts);
    });
  }

  it('passes over topics of nobody it knows', () => {
    expect(ledgerOf('a', '').came('devices/b/telemetry', Buffer.from('a'))).to.equal(false);
  });

  it('counts any shuffle with losses and copies as it was made', () => {
    const plan = fc.array(fc.record({ copies: fc.nat(2) }), { maxLength: 100 });
    fc.assert(
      fc.property(plan, (readings) => {
        const ledger = new Ledger();
        readings.forEach((_, index) => ledger.sending(reading(`n${index}`)));
        readings.forEach(({ copies }, index) => {
          for (let copy = 0; copy < copies; copy++) ledger.came(topic, Buffer.from(`n${index}`));
        });

        const lost = readings.filter(({ copies }) => copies === 0).length;
        const duplicated = readings.filter(({ copies }) => copies === 2).length;
        expect(ledger.counts()).to.include({ lost, duplicated, disordered: 0, unknown: 0 });
      }),
    );
  });

  it('stays of one size, and counts what is too old as lost', () => {
    const ledger = new Ledger();

    for (let index = 0; index < 10_000; index++) {
      ledger.sending(reading(`n${index}`));
      if (index % 2 === 0) ledger.came(topic, Buffer.from(`n${index}`));
    }

    expect(ledger.counts()).to.include({ sent: 10_000, delivered: 5000, lost: 5000 });
    expect(ledger.missing).to.be.below(2100);
  });
});

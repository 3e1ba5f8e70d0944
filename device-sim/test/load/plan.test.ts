import { expect } from 'chai';
import fc from 'fast-check';
import { plan } from '../../src/load/plan.ts';

const count = fc.integer({ min: 1, max: 40 });

describe('who publishes and reads what', () => {
  it('gives every topic a publisher and a reader, everybody something to do, and follows every pair', () => {
    fc.assert(
      fc.property(count, count, count, (publishers, subscribers, topics) => {
        const made = plan({ publishers, subscribers, topics, run: 'r' });

        expect(new Set(made.streams.map(({ topic }) => topic)).size).to.equal(topics);
        expect(new Set(made.streams.map(({ publisher }) => publisher)).size).to.equal(publishers);
        const pairs = new Set(made.streams.map(({ publisher, topic }) => `${publisher}/${topic}`));
        expect(pairs.size).to.equal(made.streams.length);
        expect(made.topicsOf.every((own) => own.length > 0 && new Set(own).size === own.length)).to.equal(true);
        expect(made.readersOf).to.deep.equal(
          made.topics.map((_, topic) => made.topicsOf.filter((own) => own.includes(topic)).length),
        );
        expect(Math.min(...made.readersOf)).to.be.above(0);
      }),
    );
  });

  it('refuses what it could not hold, and what is no topic', () => {
    expect(() => plan({ publishers: 10_000, subscribers: 10_000, topics: 1, run: 'r' })).to.throw(/pairs/);
    expect(() => plan({ publishers: 1, subscribers: 1, topics: ['a', 'b/#'], run: 'r' })).to.throw(/b\/#/);
  });
});

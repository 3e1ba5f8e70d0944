import { expect } from 'chai';
import { limited, LogLimit } from '../../src/mqtt/log-limit.ts';

describe('the log of refusals', () => {
  it('keeps some lines of each kind and says in a later one how many it left out', () => {
    const limit = new LogLimit();
    const taken = Array.from({ length: 1000 }, () => limit.take('refused protocol', 0));

    expect(taken.filter((suppressed) => suppressed !== undefined)).to.deep.equal(Array(50).fill(0));
    expect(limit.take('refused keepAlive', 0)).to.equal(0);
    expect(limit.take('refused protocol', 9_999)).to.equal(undefined);
    expect(limit.take('refused protocol', 10_000)).to.equal(951);
    expect(limit.take('refused protocol', 10_000)).to.equal(0);
  });

  it('does not grow with what a client can choose', () => {
    const limit = new LogLimit();
    for (let i = 0; i < 100_000; i++) limit.take(`kind ${i}`, 0);

    expect(limit.size).to.be.lessThan(300);
  });

  it('tells causes apart, and a log that throws is none', () => {
    const lines: unknown[] = [];
    const log = limited((event, fields) => lines.push([event, fields]));
    const broken = limited(() => {
      throw new Error('disk full');
    });

    for (let i = 0; i < 60; i++) log('refused', { cause: 'protocol' });
    log('refused', { cause: 'keepAlive' });

    expect(lines).to.have.length(51);
    expect(() => broken('refused', {})).to.not.throw();
  });
});

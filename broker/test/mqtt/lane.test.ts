import { expect } from 'chai';
import { Lane } from '../../src/mqtt/lane.ts';
import type { Work } from '../../src/mqtt/lane.ts';

class Step implements Work {
  readonly authorized = true;
  settled = false;
  readonly #finished: () => void;

  constructor(finished: () => void) {
    this.#finished = finished;
  }

  stage(): void {}

  finish(): void {
    this.#finished();
  }
}

describe('a lane', () => {
  it('finishes in the order of its publishes, however long it is and in whatever order they settle', () => {
    const lane = new Lane();
    const finished: number[] = [];
    const steps = Array.from({ length: 5000 }, (_, i) => new Step(() => finished.push(i)));
    for (const step of steps) lane.push(step);
    const odd = steps.filter((_, i) => i % 2 === 1);
    for (const step of odd) step.settled = true;
    lane.advance();
    const before = finished.length;

    for (const step of steps) {
      step.settled = true;
      lane.advance();
    }

    expect(before).to.equal(0);
    expect(lane.length).to.equal(0);
    expect(finished).to.deep.equal(steps.map((_, i) => i));
  });
});

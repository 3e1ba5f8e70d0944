import { expect } from 'chai';
import { parseDuration } from '../src/duration.ts';

describe('durations', () => {
  it('are a number and a unit', () => {
    const parsed = ['500ms', '30s', '1.5m', '1h', ' 2s '].map(parseDuration);

    expect(parsed).to.deep.equal([500, 30_000, 90_000, 3_600_000, 2000]);
  });

  it('are neither nothing, nor longer than a timer runs, nor anything else', () => {
    const parsed = ['0s', '30', 's', '-1s', '1d', '1e3s', '', '600h', '2s 3s'].map(parseDuration);

    expect(parsed).to.deep.equal(Array(9).fill(undefined));
  });
});

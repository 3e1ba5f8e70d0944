import { expect } from 'chai';
import { evaluate, needsObserver } from '../../src/results/evaluate.ts';
import { junit } from '../../src/results/junit.ts';
import type { Measured } from '../../src/results/results.ts';
import { summary } from '../../src/results/summary.ts';
import { parseScenario } from '../../src/scenario/load.ts';
import type { Expectations } from '../../src/scenario/expectations.ts';

const measured: Measured = {
  scenario: 'a<b>"&',
  seed: 1,
  start: '2026-01-01T00:00:00.000Z',
  seconds: 2,
  devices: 10,
  connected: 9,
  taken: 1000,
  published: 1100,
  unsent: 3,
  discarded: 0,
  readings: { sent: 997, delivered: 990, lost: 7, duplicated: 2, disordered: 1, unknown: 0 },
  latency: { p50: 5, p90: 20, p95: 30, p99: 80, max: 400 },
  reconnect: undefined,
  reconnects: 0,
  commands: { sent: 20, answered: 18, failed: 1, unanswered: 1 },
  answered: { ok: 18, failed: 1 },
  faults: { drop: 4 },
  errors: { ECONNRESET: 2 },
  digest: '0123456789abcdef',
};

function expecting(yaml: string): Expectations {
  const group = '{name: a, behaviour: lamp, interval: 1s}';
  return parseScenario(`groups: [${group}]\nexpectations: {${yaml}}`, 'x.yaml').expectations!;
}

/** What holds, and the nearest that does not. */
const bounds: readonly (readonly [holds: string, fails: string])[] = [
  ['connected: 9', 'connected: 10'],
  ['connected: 90%', 'connected: 91%'],
  ['published: 1100', 'published: 1101'],
  ['delivered: 990', 'delivered: 991'],
  ['delivered: 99%', 'delivered: 99.1%'],
  ['lost: 7', 'lost: 6'],
  ['lost: 0.7%', 'lost: 0.6%'],
  ['unsent: 3', 'unsent: 2'],
  ['duplicated: 2', 'duplicated: 1'],
  ['disordered: 1', 'disordered: 0'],
  ['commands: 90%', 'commands: 91%'],
  ['errors: 2', 'errors: 1'],
  ['latency: {p99: 80ms}', 'latency: {p99: 79ms}'],
  ['latency: {p50: 5ms, max: 400ms}', 'latency: {p50: 5ms, max: 399ms}'],
];

describe('expectations', () => {
  for (const [holds, fails] of bounds) {
    it(`tell ${holds} from ${fails}`, () => {
      const [held, failed] = [holds, fails].map((one) => evaluate(expecting(one), measured));

      expect(held!.every(({ passed }) => passed)).to.equal(true);
      expect(failed!.filter(({ passed }) => !passed)).to.have.length(1);
    });
  }

  it('do not hold when nobody measured, but for reconnects that were not needed', () => {
    const blind: Measured = { ...measured, readings: undefined, latency: undefined, commands: undefined };

    const verdicts = evaluate(expecting('lost: 0, latency: {max: 1h}, commands: 0%, reconnect: {max: 1s}'), blind);

    expect(verdicts.map(({ name, passed }) => [name, passed])).to.deep.equal([
      ['lost', false],
      ['commands', false],
      ['latency max', false],
      ['reconnect max', true],
    ]);
  });

  it('do not hold when no device ever came in, whatever was expected', () => {
    const nobody: Measured = { ...measured, connected: 0 };

    expect(evaluate({}, nobody)).to.deep.equal([
      { name: 'connected', expected: 'at least 1', actual: '0', passed: false },
    ]);
    expect(evaluate(expecting('connected: 0'), nobody).every(({ passed }) => passed)).to.equal(true);
    expect(evaluate({}, measured)).to.deep.equal([]);
  });

  it('ask for an observer only when one is needed', () => {
    expect(needsObserver(expecting('connected: 1, errors: 0'))).to.equal(false);
    expect(needsObserver(expecting('lost: 0'))).to.equal(true);
  });

  it('are shown in the summary with what was expected and what was', () => {
    const expectations = evaluate(expecting('lost: 0, duplicated: 5'), measured);

    const text = summary({ ...measured, expectations, passed: false }).join('\n');

    expect(text)
      .to.match(/FAILED {2}lost +at most 0 +7/)
      .and.match(/ok +duplicated +at most 5 +2/);
    expect(text).to.include('1 of 2 expectations failed').and.include('latency     p50 5 ms, p90 20 ms');
  });

  it('become JUnit XML that names what failed, whatever the names are', () => {
    const expectations = evaluate(expecting('lost: 0, duplicated: 5'), measured);

    const xml = junit({ ...measured, expectations, passed: false });

    expect(xml).to.include('name="a&lt;b&gt;&quot;&amp;" tests="2" failures="1"');
    expect(xml).to.include('<failure message="expected at most 0, was 7"/>');
    expect(xml).not.to.match(/[\p{Cc}](?<!\n)/u);
  });
});

import type { Amount, Expectations, Percentiles } from '../scenario/expectations.ts';
import { formatMs } from './format.ts';
import type { Percentile } from './histogram.ts';
import type { Measured, Verdict } from './results.ts';

/** Whether an expectation can only be judged by somebody who sees what the broker delivers. */
export function needsObserver({ delivered, lost, duplicated, disordered, latency }: Expectations): boolean {
  return [delivered, lost, duplicated, disordered, latency].some((one) => one !== undefined);
}

/** Judges a run; what was not measured does not pass. */
export function evaluate(expectations: Expectations, measured: Measured): Verdict[] {
  const { readings, commands, taken, devices } = measured;
  const errors = Object.values(measured.errors).reduce((sum, one) => sum + one, 0);
  // Where nobody ever came in, nothing was run, whatever was expected.
  const someone = devices > 0 && measured.connected === 0 ? 1 : undefined;
  const verdicts = [
    atLeast('connected', expectations.connected ?? someone, measured.connected, devices),
    atLeast('published', expectations.published, measured.published, measured.published),
    atLeast('delivered', expectations.delivered, readings?.delivered, taken),
    atMost('lost', expectations.lost, readings?.lost, taken),
    atMost('unsent', expectations.unsent, measured.unsent, taken),
    atMost('duplicated', expectations.duplicated, readings?.duplicated, taken),
    atMost('disordered', expectations.disordered, readings?.disordered, taken),
    atLeast('commands', expectations.commands, commands?.answered, commands?.sent ?? 0),
    atMost('errors', expectations.errors, errors, measured.published),
  ].filter((one) => one !== undefined);
  return [
    ...verdicts,
    ...times('latency', expectations.latency, measured.latency),
    ...times('reconnect', expectations.reconnect, measured.reconnect, true),
  ];
}

function atLeast(name: string, expected: Amount | undefined, actual: number | undefined, all: number) {
  return judged(name, 'at least', expected, actual, all, (bound) => actual !== undefined && actual >= bound);
}

function atMost(name: string, expected: Amount | undefined, actual: number | undefined, all: number) {
  return judged(name, 'at most', expected, actual, all, (bound) => actual !== undefined && actual <= bound);
}

function judged(
  name: string,
  words: string,
  expected: Amount | undefined,
  actual: number | undefined,
  all: number,
  holds: (bound: number) => boolean,
): Verdict | undefined {
  if (expected === undefined) return undefined;
  const isShare = typeof expected === 'object';
  // Nothing at all is no share of anything: 100 % of no commands proves nothing.
  const bound = isShare ? Number((expected.share * all).toPrecision(12)) : expected;
  const passed = holds(bound) && !(isShare && words === 'at least' && all === 0);
  return {
    name,
    expected: `${words} ${isShare ? `${percent(expected.share)} of ${all}` : expected}`,
    actual:
      actual === undefined ? 'not measured' : `${actual}${isShare && all > 0 ? ` (${percent(actual / all)})` : ''}`,
    passed,
  };
}

/** @param isFineWithout nothing that could have taken long is within every bound */
function times(
  name: string,
  expected: Percentiles | undefined,
  actual: Percentile | undefined,
  isFineWithout = false,
): Verdict[] {
  return Object.entries(expected ?? {}).flatMap(([which, bound]) => {
    if (bound === undefined) return [];
    const measured = actual?.[which as keyof Percentile];
    return {
      name: `${name} ${which}`,
      expected: `at most ${formatMs(bound)}`,
      actual: measured === undefined ? 'none' : formatMs(measured),
      passed: measured === undefined ? isFineWithout : measured <= bound,
    };
  });
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`;
}

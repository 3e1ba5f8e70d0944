import { formatMs, table } from './format.ts';
import type { Percentile } from './histogram.ts';
import type { Results } from './results.ts';

/** What a run did, and what it was expected to do, as lines for a person. */
export function summary(results: Results): string[] {
  const { expectations, passed } = results;
  const lines = facts(results).map(([name, value]) => `${name.padEnd(10)}  ${value}`);
  if (expectations.length === 0) return lines;
  const rows = expectations.map((one) => [one.passed ? 'ok' : 'FAILED', one.name, one.expected, one.actual]);
  const titles = ['', 'expectation', 'expected', 'actual'].map((title) => ({ title }));
  const failed = expectations.filter((one) => !one.passed).length;
  const end = passed ? 'all expectations held' : `${failed} of ${expectations.length} expectations failed`;
  return [...lines, '', ...table(titles, rows), '', end];
}

function facts(results: Results): [name: string, value: string][] {
  const { readings, commands, answered } = results;
  const rows: [string, string | undefined][] = [
    ['devices', `${results.connected} of ${results.devices} connected`],
    ['readings', `${results.taken} taken, ${results.unsent} unsent`],
    ['messages', `${results.published} published${results.discarded > 0 ? `, ${results.discarded} discarded` : ''}`],
    [
      'delivered',
      readings &&
        `${readings.delivered}, lost ${readings.lost}, duplicated ${readings.duplicated}, disordered ${readings.disordered}`,
    ],
    ['latency', results.latency && timesOf(results.latency)],
    ['reconnects', results.reconnect && `${results.reconnects}; ${timesOf(results.reconnect)}`],
    [
      'commands',
      commands && commands.sent > 0
        ? `${commands.sent} sent, ${commands.answered} answered, ${commands.failed} failed, ${commands.unanswered} unanswered`
        : `${answered.ok + answered.failed} answered`,
    ],
    ['faults', countsOf(results.faults)],
    ['errors', countsOf(results.errors)],
    ['digest', `${results.digest} (seed ${results.seed}, start ${results.start})`],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined && row[1] !== '');
}

function timesOf({ p50, p90, p99, max }: Percentile): string {
  return `p50 ${formatMs(p50)}, p90 ${formatMs(p90)}, p99 ${formatMs(p99)}, max ${formatMs(max)}`;
}

function countsOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .toSorted(([, one], [, other]) => other - one)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}

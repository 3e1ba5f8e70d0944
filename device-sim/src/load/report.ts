import type { LoadResult } from './run.ts';

/** The result as lines for people. */
export function loadReport(result: LoadResult): string[] {
  const { publishers, subscribers, topics, qos, sizeBytes, rates, published, deliveries, latencyMs: ms } = result;
  const wanted = rates.wanted === 0 ? 'no limit' : `${count(rates.wanted)}/s wanted`;
  const rows: readonly (readonly [string, string])[] = [
    ['load', `${publishers} publishers, ${subscribers} subscribers, ${topics} topics, QoS ${qos}, ${sizeBytes} bytes`],
    ['connected', `in ${result.connectSeconds.toFixed(1)} s; ${result.reconnects} reconnects`],
    [
      'published',
      `${count(published.sent)} in ${result.publishSeconds.toFixed(1)} s, ${count(rates.published)}/s (${wanted})`,
    ],
    ...(qos > 0 ? [['acknowledged', acknowledged(published)] as const] : []),
    ['received', `${count(deliveries.received)} of ${count(deliveries.expected)}, ${count(rates.received)}/s`],
    ['lost', count(deliveries.lost)],
    ['duplicates', count(deliveries.duplicates)],
    [
      'out of order',
      `${count(deliveries.outOfOrder)}${deliveries.stale > 0 ? `, ${count(deliveries.stale)} very late` : ''}`,
    ],
    ['latency', `p50 ${time(ms.p50)}, p90 ${time(ms.p90)}, p99 ${time(ms.p99)}, longest ${time(ms.max)}`],
    ['result', result.passed ? 'passed' : 'FAILED'],
  ];
  return rows.map(([name, value]) => `${name.padEnd(13)} ${value}`);
}

function acknowledged({ acknowledged: done, failed, unanswered }: LoadResult['published']): string {
  return `${count(done)}; ${count(failed)} failed, ${count(unanswered)} unanswered`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function time(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(ms < 10 ? 2 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

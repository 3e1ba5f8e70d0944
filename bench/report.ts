import type { Metric } from './rows.ts';
import type { Side, Summary } from './summary.ts';

const heads = [
  'work',
  'target',
  'reached',
  'met',
  'hub',
  'Mosquitto',
  'hub/s',
  'Mosquitto/s',
  'hub p50/p99',
  'Mosquitto p50/p99',
  'lost',
];

const units: Readonly<Record<Metric, string>> = {
  'cpu-ratio': '',
  'p99-ratio': '',
  'connect-us': ' µs',
  'connection-kib': ' KiB',
};

/** One line for each row, as GitHub's Markdown, which a terminal shows as well. */
export function table(summaries: readonly Summary[]): string {
  const lines = [heads, ...summaries.map(cells)];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const drawn = lines.map((line) => `| ${line.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`);
  drawn.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  return drawn.join('\n');
}

/** What the table does not show. */
export function notes(summaries: readonly Summary[]): string[] {
  const failures = summaries.flatMap(({ row, failure }) => (failure ? [`${row.id}: ${failure}`] : []));
  const overTcp = summaries.some(({ mosquittoOverTcp }) => mosquittoOverTcp);
  return overTcp ? [...failures, 'This build of Mosquitto has no WebSocket: those rows show it over TCP.'] : failures;
}

function cells({ row, figure, met, hub, mosquitto }: Summary): string[] {
  const unit = units[row.metric];
  return [
    row.title,
    `${row.target}${unit}`,
    `${number(figure)}${unit}`,
    met ? 'yes' : 'no',
    cost(hub, row.metric),
    cost(mosquitto, row.metric),
    String(Math.round(hub.perSecond)),
    String(Math.round(mosquitto.perSecond)),
    latency(hub),
    latency(mosquitto),
    String(hub.lost + mosquitto.lost),
  ];
}

function cost({ cpuUs, kibPerUnit }: Side, metric: Metric): string {
  return metric === 'connection-kib' ? `${number(kibPerUnit)} KiB` : `${number(cpuUs)} µs`;
}

function latency({ p50Ms, p99Ms }: Side): string {
  return Number.isNaN(p50Ms) ? '' : `${number(p50Ms)} / ${number(p99Ms)} ms`;
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

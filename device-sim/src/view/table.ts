import { formatMs, table } from '../results/format.ts';
import type { Histogram } from '../results/histogram.ts';
import type { Running } from '../run.ts';
import { Rate } from './rates.ts';

const everyMs = 500;
/** More groups and kinds of errors than this are summed up in one row. */
const mostGroups = 12;
const mostKinds = 6;
const barWidth = 30;
const usual = { columns: 80, rows: 24 };

/** Upper ends of the bars, in milliseconds. */
const latencyBars = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, Infinity];

/** A terminal; some do not know their size, and say 0. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
}

/** A table that is drawn over itself: what every group does, how long readings take, what fails. */
export function liveTable(title: string, { fleet, ledger, commander }: Running, screen: Screen): () => void {
  const start = performance.now();
  const total = new Rate();
  const rates = fleet.counts().groups.map(() => new Rate());
  let drawn = 0;

  const draw = (): void => {
    const counts = fleet.counts();
    const rows = counts.groups.map(({ name, devices, up, taken, published, errors }, index) =>
      [name, `${up}/${devices}`, rates[index]!.next(published).toFixed(0), taken, published, errors].map(String),
    );
    const shown = rows.slice(0, mostGroups);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    const lines = [
      `${title}  ${seconds} s  ${counts.up} of ${counts.devices} up ${bar(counts.up / counts.devices, 20)}  ` +
        `${total.next(counts.published).toFixed(0)} messages/s`,
      '',
      ...table(columns, shown),
      ...(rows.length > shown.length ? [`… and ${rows.length - shown.length} more groups`] : []),
      '',
      ...latencyLines(ledger?.latency),
      ...errorLines(fleet.tally.errors),
      commandLine(counts.answered + counts.failed, commander?.counts().unanswered),
    ];
    // What does not fit could not be drawn over again.
    const fitting = lines.slice(0, (screen.rows || usual.rows) - 1);
    screen.write(over(fitting, drawn, screen.columns || usual.columns));
    drawn = fitting.length;
  };

  draw();
  const timer = setInterval(draw, everyMs);
  return () => clearInterval(timer);
}

const columns = [
  { title: 'group' },
  { title: 'up', isRight: true },
  { title: 'msg/s', isRight: true },
  { title: 'readings', isRight: true },
  { title: 'published', isRight: true },
  { title: 'errors', isRight: true },
];

/** Goes back to the first line, and clears the end of each and everything below the last. */
function over(lines: readonly string[], drawn: number, width: number): string {
  const cut = lines.map((line) => `${line.slice(0, Math.max(20, width - 1))}\u001B[K\n`).join('');
  return `${drawn > 0 ? `\u001B[${drawn}A` : ''}\r${cut}\u001B[J`;
}

function latencyLines(latency: Histogram | undefined): string[] {
  if (!latency || latency.count === 0) return [];
  const { p50, p99, max } = latency.percentiles()!;
  const bars = latencyBars.map((end, index) => {
    const count = latency.atMost(end) - (index > 0 ? latency.atMost(latencyBars[index - 1]!) : 0);
    return { label: end === Infinity ? '  more' : `≤ ${formatMs(end)}`, count };
  });
  const most = Math.max(...bars.map(({ count }) => count));
  return [
    `latency  p50 ${formatMs(p50)}, p99 ${formatMs(p99)}, max ${formatMs(max)}`,
    ...bars
      .filter(({ count }) => count > 0)
      .map(({ label, count }) => `  ${label.padEnd(9)} ${bar(count / most, barWidth)} ${count}`),
    '',
  ];
}

function errorLines(errors: ReadonlyMap<string, number>): string[] {
  const kinds = [...errors].toSorted(([, one], [, other]) => other - one).slice(0, mostKinds);
  return kinds.length === 0 ? [] : [`errors   ${kinds.map(([kind, count]) => `${kind} ${count}`).join(', ')}`];
}

function commandLine(answered: number, unanswered = 0): string {
  return `commands ${answered} answered${unanswered > 0 ? `, ${unanswered} not in time` : ''}`;
}

function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, share) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

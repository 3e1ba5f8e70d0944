import type { Cell } from './load/job.ts';
import type { Metric, Row } from './rows.ts';
import type { Round, RowResult } from './run.ts';

/** Medians of a row, in the units people read. */
export interface Summary {
  readonly row: Row;
  readonly hub: Side;
  readonly mosquitto: Side;
  /** What is compared with the target: a median over rounds of hub ÷ Mosquitto, or of the hub's own figure. */
  readonly figure: number;
  readonly met: boolean;
  readonly mosquittoOverTcp: boolean;
  readonly failure: string | undefined;
}

export interface Side {
  /** Per delivery or connection. */
  readonly cpuUs: number;
  /** Deliveries or connections. */
  readonly perSecond: number;
  readonly kibPerUnit: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Over all rounds. */
  readonly lost: number;
}

export function summarise({ row, rounds, mosquittoOverTcp, failure }: RowResult): Summary {
  const figure = median(rounds.map((round) => figures[row.metric](round)));
  const hub = side(rounds.map((round) => round.hub));
  const mosquitto = side(rounds.map((round) => round.mosquitto));
  return { row, hub, mosquitto, figure, met: figure <= row.target && hub.lost === 0, mosquittoOverTcp, failure };
}

const cpuUs = ({ cpuNs, units }: Cell): number => cpuNs / 1000 / units;
const kibPerUnit = ({ rssBytes, units }: Cell): number => rssBytes / 1024 / units;

const figures: Readonly<Record<Metric, (round: Round) => number>> = {
  'cpu-ratio': ({ hub, mosquitto }) => cpuUs(hub) / cpuUs(mosquitto),
  'p99-ratio': ({ hub, mosquitto }) => hub.p99Ms / mosquitto.p99Ms,
  'connect-us': ({ hub }) => cpuUs(hub),
  'connection-kib': ({ hub }) => kibPerUnit(hub),
};

function side(cells: readonly Cell[]): Side {
  return {
    cpuUs: median(cells.map(cpuUs)),
    perSecond: median(cells.map(({ units, seconds }) => units / seconds)),
    kibPerUnit: median(cells.map(kibPerUnit)),
    p50Ms: median(cells.map((cell) => cell.p50Ms)),
    p99Ms: median(cells.map((cell) => cell.p99Ms)),
    lost: cells.reduce((sum, { lost }) => sum + Math.abs(lost), 0),
  };
}

/** NaN of nothing. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? NaN)) / 2;
}

import { targetOf } from './brokers/broker.ts';
import type { Broker } from './brokers/broker.ts';
import { startHub } from './brokers/hub.ts';
import { startMosquitto } from './brokers/mosquitto.ts';
import { startLoad } from './load-process.ts';
import type { LoadProcess } from './load-process.ts';
import type { Cell } from './load/job.ts';
import type { BenchOptions } from './options.ts';
import type { Row } from './rows.ts';

/** No round is begun after this, so that a run ends within 8 minutes on any machine. */
const LAST_START_MS = 430_000;

/** One round: the hub, then Mosquitto, under the same load. */
export interface Round {
  readonly hub: Cell;
  readonly mosquitto: Cell;
}

export interface RowResult {
  readonly row: Row;
  readonly rounds: readonly Round[];
  /** Mosquitto was loaded over TCP in this row of WebSocket. */
  readonly mosquittoOverTcp: boolean;
  /** Why there are fewer rounds than asked for. */
  readonly failure: string | undefined;
}

/** Measures every row, one after the other. */
export async function* measure(options: BenchOptions): AsyncGenerator<RowResult> {
  for (const row of options.rows) yield await measureRow(row, options);
}

async function measureRow(row: Row, options: BenchOptions): Promise<RowResult> {
  const rounds: Round[] = [];
  const wanted = options.rounds * (row.repeat ?? 1);
  const load = startLoad();
  let pair: Pair | undefined;
  let mosquittoOverTcp = false;
  let failure: string | undefined;
  try {
    while (rounds.length < wanted && performance.now() < LAST_START_MS) {
      pair ??= await startPair(options.hub);
      mosquittoOverTcp = row.transport === 'ws' && pair.mosquitto.wsPort === undefined;
      rounds.push(await measureRound(row, options, pair, load));
      if (row.fresh) pair = await stopPair(pair);
    }
    if (rounds.length < wanted) failure = 'out of time';
  } catch (error) {
    failure = (error as Error).message;
  }
  await stopPair(pair);
  load.stop();
  return { row, rounds, mosquittoOverTcp, failure };
}

async function measureRound(row: Row, { pace, window }: BenchOptions, pair: Pair, load: LoadProcess): Promise<Round> {
  const job = { ...row.job(pace), ...(window && { window }) };
  const hub = await load.run({ ...job, target: targetOf(pair.hub, row.transport) });
  const mosquitto = await load.run({ ...job, target: targetOf(pair.mosquitto, row.transport) });
  return { hub, mosquitto };
}

interface Pair {
  readonly hub: Broker;
  readonly mosquitto: Broker;
}

async function startPair(checkout: string): Promise<Pair> {
  const hub = await startHub(checkout);
  try {
    return { hub, mosquitto: await startMosquitto() };
  } catch (error) {
    await hub.stop();
    throw error;
  }
}

async function stopPair(pair: Pair | undefined): Promise<undefined> {
  await pair?.hub.stop();
  await pair?.mosquitto.stop();
}

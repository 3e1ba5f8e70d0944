import type { Entry } from '@parley/shared';
import { setImmediate as turn } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { Scope } from '../scope.ts';
import type { Batch, Store } from '../store/store.ts';
import type { RangeOptions, TableStage } from '../store/table.ts';
import type { Indexer } from './indexer.ts';
import type { ChatLog } from './log.ts';
import type { Logs } from './logs.ts';
import { segmentOf } from './segments.ts';
import { placeTables, table } from './tables.ts';
import type { IdRow, LogRow } from './tables.ts';

export interface RetentionContext {
  readonly store: Store;
  readonly logs: Logs;
  readonly indexer: Pick<Indexer, 'note'>;
  readonly log: Log;
}

export interface RetentionOptions {
  readonly historyMessages: number;
  readonly historyDays: number;
}

const DAY_MS = 86_400_000;
/** Ids are remembered this long, kept or not (PRODUCT.md §4). */
const REMEMBER_MS = 7 * DAY_MS;
/** Entries or rows removed in one commit: publishes wait for no more than that. */
const STEP = 64;
/** Small rows removed in one commit. */
const ROWS_STEP = 512;
const SWEEP_MS = 60_000;

/** Removes what is over `historyMessages` or older than `historyDays`, in small commits, while everything goes on. */
export class Retention {
  readonly #context: RetentionContext;
  readonly #options: RetentionOptions;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(context: RetentionContext, options: RetentionOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Ends a pass that goes on after its present step. */
  stop(): Promise<void> | undefined {
    this.#stopped = true;
    return this.#running;
  }

  /** One pass over everything; at most one at a time. */
  sweep(): Promise<void> {
    this.#running ??= this.#sweep()
      .catch((error: unknown) => this.#context.log.error({ event: 'retention.failed', err: error }, 'not swept'))
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #sweep(): Promise<void> {
    const { store, logs, indexer } = this.#context;
    await this.#inSteps((batch) => this.#stageRows(table.words, {}, batch));
    for (const { key } of store.range(table.gone))
      await this.#inSteps((batch) => this.#stageGone(key[0] as number, batch));
    for (const { key, value } of store.range(table.logs)) {
      const place = key[0] as number;
      const { topic } = value as LogRow;
      await this.#inSteps((batch) => {
        const log = logs.find(topic);
        return log?.place === place && this.#stageOld(log, batch);
      });
      await this.#inSteps((batch) => this.#stageForgotten(place, batch));
      const log = logs.find(topic);
      if (log?.place !== place) continue;
      const before = { prefix: [place], to: [place, segmentOf(log.first)] };
      await this.#inSteps((batch) => this.#stageRows(table.segments, before, batch));
      await this.#inSteps((batch) => this.#stageRows(table.reindex, before, batch));
      indexer.note(log);
    }
  }

  /** Repeats a step, a commit each, until it says that it is done. */
  async #inSteps(step: (batch: Batch) => boolean): Promise<void> {
    for (let more = true; more && !this.#stopped; await turn()) {
      const batch = this.#context.store.batch();
      more = step(batch);
      if (batch.empty) return;
      await new Promise<void>((resolve, reject) => {
        batch.commit((error) => (error ? reject(error) : resolve()));
      });
    }
  }

  #stageOld(log: ChatLog, stage: TableStage): boolean {
    // A deletion on its way would be put back after its entry was removed.
    if (log.deleting) return false;
    const { historyMessages, historyDays } = this.#options;
    const last = log.committedSeq;
    const over = last - historyMessages; // these and older are too many
    const tooOld = Date.now() - historyDays * DAY_MS;
    let { first } = log;
    for (const entry of log.read(first, Math.min(first + STEP, last + 1))) {
      const age = this.#ageOf(log.place, entry);
      if (entry.seq > over && age >= tooOld) break;
      stageExpiry(this.#context.store, log.place, entry, age, stage);
      first = entry.seq + 1;
    }
    if (first === log.first) return false;
    log.first = first;
    stage.put(table.logs, [log.place], log.row);
    return true;
  }

  #ageOf(place: number, { id, at }: Entry): number {
    return (this.#context.store.get(table.ids, [place, id]) as IdRow | undefined)?.[4] ?? at;
  }

  /** Ids of entries that are no longer kept, when their time is over. */
  #stageForgotten(place: number, stage: TableStage): boolean {
    const before = Date.now() - REMEMBER_MS;
    let count = 0;
    for (const { key, value } of this.#context.store.range(table.past, { prefix: [place], limit: STEP })) {
      const [id, age] = value as readonly [string, number];
      if (age >= before) return false;
      stage.remove(table.past, key);
      stage.remove(table.ids, [place, id]);
      count++;
    }
    return count === STEP;
  }

  #stageRows(name: string, range: RangeOptions, stage: TableStage): boolean {
    let count = 0;
    for (const { key } of this.#context.store.range(name, { ...range, limit: ROWS_STEP })) {
      stage.remove(name, key);
      count++;
    }
    return count === ROWS_STEP;
  }

  #stageGone(place: number, stage: TableStage): boolean {
    for (const name of placeTables) {
      if (this.#stageRows(name, { prefix: [place] }, stage)) return true;
    }
    stage.remove(table.gone, [place]);
    return false;
  }
}

/** Sweeps from time to time until the hub stops. */
export function retain(context: RetentionContext, options: RetentionOptions, scope: Scope): void {
  const retention = new Retention(context, options);
  const timer = setInterval(() => void retention.sweep(), SWEEP_MS).unref();
  scope.defer(() => {
    clearInterval(timer);
    return retention.stop();
  });
}

/** The entry goes with all that finds it; its id stays while it is to be remembered. */
function stageExpiry(store: Store, place: number, entry: Entry, age: number, stage: TableStage): void {
  const { id, seq } = entry;
  stage.remove(table.entries, [place, seq]);
  for (const { key } of store.range(table.edits, { prefix: [place, seq] })) stage.remove(table.edits, key);
  if (age < Date.now() - REMEMBER_MS) stage.remove(table.ids, [place, id]);
  else stage.put(table.past, [place, seq], [id, age]);
}

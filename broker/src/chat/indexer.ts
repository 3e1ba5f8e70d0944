import { setImmediate as turn } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { Batch, Store } from '../store/store.ts';
import type { ChatLog } from './log.ts';
import type { Logs } from './logs.ts';
import { packSeqs, SEGMENT, segmentOf, WHOLE } from './segments.ts';
import { table } from './tables.ts';
import { wordsOfEntry } from './words.ts';

export interface IndexerContext {
  readonly store: Store;
  readonly logs: Logs;
  readonly log: Log;
}

type Words = Map<string, number[]>; // the `seq` of entries, ascending, by word

/** Entries read, and rows staged, between which everything else has a turn. */
const READ_STEP = 64;
const STAGE_STEP = 256;

/** Writes the search index of whole segments behind the log, and anew where something was deleted. */
export class Indexer {
  readonly #context: IndexerContext;
  readonly #behind = new Set<ChatLog>();
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(context: IndexerContext) {
    this.#context = context;
  }

  /** Entries of a log were committed, or it may be behind since the last start; cheap when it is not. */
  note(log: ChatLog): void {
    if (this.#stopped || !isBehind(log)) return;
    this.#behind.add(log);
    this.#running ??= this.#run()
      .catch((error: unknown) => this.#context.log.error({ event: 'index.failed', err: error }, 'not indexed'))
      .finally(() => (this.#running = undefined));
  }

  /** Resolves when all that was noted is indexed. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Ends after the present step. */
  stop(): Promise<void> | undefined {
    this.#stopped = true;
    return this.#running;
  }

  async #run(): Promise<void> {
    for (const log of this.#behind) {
      await turn();
      // What is noted from here on puts it back.
      this.#behind.delete(log);
      for (const segment of outdated(log)) if (!(await this.#build(log, segment))) break;
    }
  }

  /** Returns whether the segment is as its entries are; if not, the commit that changed one of them is noted. */
  async #build(log: ChatLog, segment: number): Promise<boolean> {
    const { store } = this.#context;
    const changed = () => store.get(table.reindex, [log.place, segment]);
    const before = changed();
    log.reindex.delete(segment);
    const words = await this.#collect(log, segment);
    if (!words || !(await this.#stageRows(log, segment, words))) return false;
    if (log.deleting || changed() !== before) {
      log.reindex.add(segment);
      return false;
    }
    const batch = store.batch();
    batch.put(table.segments, [log.place, segment, WHOLE], true);
    if (before !== undefined) batch.remove(table.reindex, [log.place, segment]);
    await committed(batch);
    log.indexed = Math.max(log.indexed, segment + 1);
    return true;
  }

  /** Undefined when the log is no more, or the hub stops. */
  async #collect(log: ChatLog, segment: number): Promise<Words | undefined> {
    const words: Words = new Map();
    const end = (segment + 1) * SEGMENT;
    for (let at = segment * SEGMENT; at < end; at += READ_STEP) {
      if (!this.#goesOn(log)) return undefined;
      for (const entry of log.read(at, at + READ_STEP)) {
        for (const word of wordsOfEntry(entry)) add(words, word, entry.seq);
      }
      await turn();
    }
    return words;
  }

  /** Idempotent: after a crash it is done again from the start. */
  async #stageRows(log: ChatLog, segment: number, words: Words): Promise<boolean> {
    const { store } = this.#context;
    const { place } = log;
    let failure: Error | null = null;
    let batch = store.batch();
    let count = 0;
    const rows = [...this.#gone(place, segment, words), ...words];
    for (const [word, seqs] of rows) {
      const key = [place, segment, word];
      if (seqs) batch.put(table.segments, key, packSeqs(segment, seqs));
      else batch.remove(table.segments, key);
      if (++count % STAGE_STEP > 0 && count < rows.length) continue;
      batch.commit((error) => (failure ??= error));
      await turn();
      if (!this.#goesOn(log)) break;
      batch = store.batch();
    }
    // An empty batch waits for those before it.
    await committed(store.batch());
    if (failure) throw failure;
    return this.#goesOn(log);
  }

  /** Words that no entry of the segment has any more. */
  *#gone(place: number, segment: number, words: Words): Generator<[string, undefined]> {
    for (const { key } of this.#context.store.range(table.segments, { prefix: [place, segment] })) {
      const word = key[2] as string;
      if (word !== WHOLE && !words.has(word)) yield [word, undefined];
    }
  }

  /** A log that was dropped gets no more rows: they are being swept away. */
  #goesOn(log: ChatLog): boolean {
    return !this.#stopped && this.#context.logs.get(log.topic) === log;
  }
}

function isBehind(log: ChatLog): boolean {
  if (log.indexed < segmentOf(log.lastSeq + 1)) return true;
  for (const segment of log.reindex) if (segment < log.indexed) return true;
  return false;
}

/** Segments to be written, oldest first. */
function outdated(log: ChatLog): number[] {
  const segments = [...log.reindex].filter((segment) => segment < log.indexed);
  for (let segment = log.indexed; segment < segmentOf(log.committedSeq + 1); segment++) segments.push(segment);
  return segments;
}

function add(words: Words, word: string, seq: number): void {
  const seqs = words.get(word);
  if (seqs) seqs.push(seq);
  else words.set(word, [seq]);
}

function committed(batch: Batch): Promise<void> {
  return new Promise((resolve, reject) => {
    batch.commit((error) => (error ? reject(error) : resolve()));
  });
}

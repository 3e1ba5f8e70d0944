import { setImmediate as turn } from 'node:timers/promises';
import type { Entry } from '@parley/shared';
import type { Tables } from '../store/table.ts';
import type { ChatLog } from './log.ts';
import { table } from './tables.ts';
import { wordsOf, wordsOfEntry } from './words.ts';

export interface SearchQuery {
  /** Folded: all of them, whole. */
  readonly words: readonly string[];
  /** Folded: how some word begins. */
  readonly prefix: string;
  /** The sender, if only of one. */
  readonly from?: string | undefined;
  readonly limit: number;
}

/** An entry with the topic it was sent to. */
export type Found = { readonly topic: string } & Entry;

/** Distinct words of one log that a prefix is looked up as; a prefix of more is so common that entries are read instead. */
const MAX_COMPLETIONS = 256;
/** A word of that many entries is common. */
const MAX_COUNTED = 1000;
/** Entries looked at in one search, and in one turn of the event loop. */
const MAX_LOOKS = 50_000;
const TURN_LOOKS = 100;

/** The words of a query; the last one may be unfinished. Undefined when there are none. */
export function parseQuery(q: string): Pick<SearchQuery, 'words' | 'prefix'> | undefined {
  const words = [...wordsOf(q)];
  const prefix = words.pop();
  return prefix === undefined ? undefined : { words, prefix };
}

/**
 * Finds entries in some logs, newest first. It looks words up in the tables, verifies each hit in its entry, and gives
 * other work a turn in between; nothing of it is in memory before or after.
 */
export async function search(
  tables: Tables,
  logs: readonly ChatLog[],
  query: SearchQuery,
  signal: AbortSignal,
): Promise<Found[]> {
  const looks = new Looks(signal);
  const found: Found[] = [];
  const heads: { log: ChatLog; rest: Iterator<Entry | undefined>; entry: Entry }[] = [];
  for (const log of logs) {
    const rest = candidates(tables, log, query);
    const entry = await nextHit(rest, query, looks);
    if (entry) heads.push({ log, rest, entry });
  }
  while (heads.length > 0 && found.length < query.limit) {
    const head = heads.reduce((a, b) => (b.entry.at > a.entry.at ? b : a));
    found.push({ topic: head.log.topic, ...head.entry });
    const entry = await nextHit(head.rest, query, looks);
    if (entry) head.entry = entry;
    else heads.splice(heads.indexOf(head), 1);
  }
  return found;
}

/** Counts what was looked at, to stay polite and bounded. */
class Looks {
  readonly #signal: AbortSignal;
  #count = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** False when it is enough. */
  async another(): Promise<boolean> {
    if (++this.#count % TURN_LOOKS === 0) await turn();
    return this.#count < MAX_LOOKS && !this.#signal.aborted;
  }
}

async function nextHit(
  rest: Iterator<Entry | undefined>,
  query: SearchQuery,
  looks: Looks,
): Promise<Entry | undefined> {
  for (let step = rest.next(); !step.done; step = rest.next()) {
    if (step.value && isHit(step.value, query)) return step.value;
    if (!(await looks.another())) return undefined;
  }
  return undefined;
}

function isHit(entry: Entry, { words, prefix, from }: SearchQuery): boolean {
  if (from !== undefined && entry.from !== from) return false;
  const own = wordsOfEntry(entry);
  if (!words.every((word) => own.has(word))) return false;
  if (own.has(prefix)) return true;
  for (const word of own) if (word.startsWith(prefix)) return true;
  return false;
}

/** Entries that may be hits, newest first: of the rarest whole word, else of all words that begin so. */
function* candidates(tables: Tables, log: ChatLog, { words, prefix }: SearchQuery): Generator<Entry | undefined> {
  const common = words.length > 0 ? words.slice(0, 1) : undefined;
  const drivers = rarest(tables, log, words) ?? complete(tables, log, prefix) ?? common;
  if (!drivers) {
    for (let seq = log.committedSeq; seq >= log.oldestSeq; seq--) yield log.entry(seq);
    return;
  }
  for (const seq of merge(drivers.map((word) => seqsOf(tables, log, word)))) yield log.entry(seq);
}

/** The word that the fewest entries have, as a list; undefined when all are common. */
function rarest(tables: Tables, { place }: ChatLog, words: readonly string[]): string[] | undefined {
  let least = MAX_COUNTED;
  let found: string[] | undefined;
  for (const word of words) {
    const count = [...tables.range(table.words, { prefix: [place, word], limit: MAX_COUNTED })].length;
    if (count >= least) continue;
    least = count;
    found = [word];
  }
  return found;
}

/** Distinct words of the log that begin with `prefix`; undefined when they are too many. */
function complete(tables: Tables, { place }: ChatLog, prefix: string): string[] | undefined {
  const words: string[] = [];
  for (let from = prefix; ; from = `${words.at(-1)}\0`) {
    const [row] = tables.range(table.words, { prefix: [place], from: [place, from], limit: 1 });
    const word = row?.key[1] as string | undefined;
    if (!word?.startsWith(prefix)) return words;
    if (words.length === MAX_COMPLETIONS) return undefined;
    words.push(word);
  }
}

function* seqsOf(tables: Tables, { place }: ChatLog, word: string): Generator<number> {
  for (const { key } of tables.range(table.words, { prefix: [place, word], reverse: true })) yield key[2] as number;
}

/** Descending numbers of descending lists, each once. */
function* merge(lists: readonly Generator<number>[]): Generator<number> {
  const heads = lists.map((list) => list.next());
  for (;;) {
    const greatest = heads.reduce((seq, head) => (head.done || head.value < seq ? seq : head.value), 0);
    if (greatest === 0) return;
    for (const [i, head] of heads.entries()) if (head.value === greatest) heads[i] = lists[i]!.next();
    yield greatest;
  }
}

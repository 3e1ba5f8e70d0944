import { setImmediate as turn } from 'node:timers/promises';
import type { Entry } from '@parley/shared';
import type { Tables } from '../store/table.ts';
import type { ChatLog } from './log.ts';
import { SEGMENT, segmentOf, unpackSeqs } from './segments.ts';
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

/** Distinct words of one segment that a prefix is looked up as; one of more is so common that entries are read instead. */
const MAX_COMPLETIONS = 256;
/** Entries and segments looked at in one search, and in one turn of the event loop. */
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

/**
 * Entries that may be hits, newest first: all of those that are not indexed yet, then those that the index of each segment
 * has. Undefined for a segment without any.
 */
function* candidates(tables: Tables, log: ChatLog, query: SearchQuery): Generator<Entry | undefined> {
  const { indexed, oldestSeq } = log;
  const unindexed = Math.max(indexed * SEGMENT, oldestSeq);
  for (let seq = log.committedSeq; seq >= unindexed; seq--) yield log.entry(seq);
  for (let segment = indexed - 1; segment >= segmentOf(oldestSeq); segment--) {
    yield undefined;
    for (const seq of seqsIn(tables, log.place, segment, query).toReversed()) yield log.entry(seq);
  }
}

/** Of entries in one segment that have all words; ascending. */
function seqsIn(tables: Tables, place: number, segment: number, { words, prefix }: SearchQuery): readonly number[] {
  let found: readonly number[] | undefined;
  for (const word of words) {
    const bytes = tables.get(table.segments, [place, segment, word]) as Uint8Array | undefined;
    if (!bytes) return [];
    found = common(found, unpackSeqs(segment, bytes));
  }
  const begun = seqsBegunWith(tables, place, segment, prefix);
  return begun ? common(found, begun) : (found ?? allOf(segment));
}

/** Undefined when so many words begin like that, that the entries are better looked at. */
function seqsBegunWith(tables: Tables, place: number, segment: number, prefix: string): number[] | undefined {
  const seqs = new Set<number>();
  let count = 0;
  const range = { prefix: [place, segment], from: [place, segment, prefix] };
  for (const { key, value } of tables.range(table.segments, range)) {
    if (!(key[2] as string).startsWith(prefix)) break;
    if (++count > MAX_COMPLETIONS) return undefined;
    for (const seq of unpackSeqs(segment, value as Uint8Array)) seqs.add(seq);
  }
  return [...seqs].toSorted((a, b) => a - b);
}

function common(one: readonly number[] | undefined, other: readonly number[]): readonly number[] {
  if (!one) return other;
  const among = new Set(other);
  return one.filter((seq) => among.has(seq));
}

function allOf(segment: number): number[] {
  return Array.from({ length: SEGMENT }, (_, i) => segment * SEGMENT + i);
}

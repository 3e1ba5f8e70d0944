import type { Entry, Page } from '@parley/shared';
import type { PageQuery } from '../link/api.ts';
import { Observable } from '../observable.ts';
import { mentions } from './mentions.ts';
import { recall } from './memory.ts';
import type { Memory } from './memory.ts';

/** The part of the client library's read positions that is used. */
export interface Reads {
  get(place: string): number;
  on(name: 'change', listener: (read: { key: string; seq: number }) => void): () => void;
}

export interface UnreadContext {
  readonly user: string;
  readonly reads: Reads;
  readonly memory: Memory;
  readonly page: (place: string, query: PageQuery) => Promise<Page>;
  /** Entries after a `seq` that are held anyway; undefined when some are missing. */
  readonly held: (place: string, after: number) => readonly Entry[] | undefined;
}

export interface Count {
  readonly unread: number;
  readonly mentions: number;
}

interface Place {
  log: string;
  lastSeq: number;
  countedTo: number;
  /** Too many to be looked at one by one: counted by `seq`. */
  skipped: { to: number; count: number };
  news: { seq: number; mention: boolean }[];
  timer?: ReturnType<typeof setTimeout>;
}

const none: Count = { unread: 0, mentions: 0 };
/** What one says; edits, deletions and reactions are no news of their own. */
const said = new Set<Entry['kind']>(['text', 'file', 'data', 'notice']);
/** Newest entries looked at one by one. */
const LOOKED_AT = 500;
/** Reading moves the position first, so that what is on the screen is not asked for. */
const WAIT_MS = 250;

/** What is unread in each place, and how much of it calls us. Our own words never count. */
export class Unread extends Observable {
  readonly #context: UnreadContext;
  readonly #places = new Map<string, Place>(); // by key
  readonly #key: string;
  readonly #first: Record<string, { log: string; seq: number } | undefined>; // by key of the place
  #turn: Promise<void> = Promise.resolve();

  constructor(context: UnreadContext) {
    super();
    this.#context = context;
    this.#key = `parley:${context.user}:first`;
    this.#first = readFirst(recall(context.memory, this.#key));
    context.reads.on('change', ({ key }) => this.#read(key));
  }

  /**
   * How far a place goes now.
   * @param isOld set when all of that was there before we ever looked: no news to catch up on
   */
  grown(key: string, log: string, lastSeq: number, isOld = false): void {
    let place = this.#places.get(key);
    if (place?.log !== log) {
      clearTimeout(place?.timer);
      if (isOld && this.#context.reads.get(key) === 0 && this.#first[key]?.log !== log)
        this.#keepFirst(key, log, lastSeq);
      place = { log, lastSeq: 0, countedTo: this.readTo(key, log), skipped: { to: 0, count: 0 }, news: [] };
      this.#places.set(key, place);
    }
    place.lastSeq = Math.max(place.lastSeq, lastSeq);
    this.#countSoon(key, place);
  }

  /** The place is no more. */
  gone(key: string): void {
    clearTimeout(this.#places.get(key)?.timer);
    if (this.#places.delete(key)) this.changed();
  }

  of(key: string): Count {
    const place = this.#places.get(key);
    if (!place) return none;
    const { news, skipped } = place;
    const called = news.filter(({ mention }) => mention).length;
    return { unread: skipped.count + news.length, mentions: called };
  }

  /** The last `seq` read, or that was there before our first visit. */
  readTo(key: string, log: string): number {
    const first = this.#first[key];
    return Math.max(this.#context.reads.get(key), first?.log === log ? first.seq : 0);
  }

  close(): void {
    for (const { timer } of this.#places.values()) clearTimeout(timer);
    this.#places.clear();
  }

  #read(key: string): void {
    const place = this.#places.get(key);
    if (!place) return;
    const to = this.readTo(key, place.log);
    place.news = place.news.filter(({ seq }) => seq > to);
    place.skipped.count = Math.min(place.skipped.count, Math.max(0, place.skipped.to - to));
    place.countedTo = Math.max(place.countedTo, to);
    this.changed();
  }

  #countSoon(key: string, place: Place): void {
    if (place.lastSeq <= place.countedTo || place.timer !== undefined) return;
    place.timer = setTimeout(() => {
      delete place.timer;
      this.#turn = this.#turn.then(() => this.#count(key, place)).catch(() => undefined);
    }, WAIT_MS);
  }

  async #count(key: string, place: Place): Promise<void> {
    if (this.#places.get(key) !== place || place.lastSeq <= place.countedTo) return;
    const after = Math.max(place.countedTo, place.lastSeq - LOOKED_AT);
    if (after > place.countedTo) place.skipped = { to: after, count: place.skipped.count + after - place.countedTo };
    const entries = this.#context.held(key, after) ?? (await this.#fetch(key, place.log, after));
    const to = this.readTo(key, place.log);
    for (const entry of entries) {
      if (entry.seq <= Math.max(to, place.countedTo) || entry.from === this.#context.user || !said.has(entry.kind))
        continue;
      place.news.push({ seq: entry.seq, mention: mentions(entry.text, this.#context.user) });
    }
    place.countedTo = Math.max(place.countedTo, after, entries.at(-1)?.seq ?? 0);
    this.changed();
    if (entries.length > 0) this.#countSoon(key, place);
  }

  async #fetch(key: string, log: string, after: number): Promise<readonly Entry[]> {
    const page = await this.#context.page(key, { after, limit: LOOKED_AT });
    return page.log === log ? page.entries : [];
  }

  #keepFirst(key: string, log: string, seq: number): void {
    this.#first[key] = { log, seq };
    this.#context.memory.setItem(this.#key, JSON.stringify(this.#first));
  }
}

function readFirst(value: unknown): Record<string, { log: string; seq: number }> {
  const first = Object.create(null) as Record<string, { log: string; seq: number }>;
  for (const [key, one] of Object.entries(value ?? {})) {
    const { log, seq } = (one ?? {}) as { log?: unknown; seq?: unknown };
    if (typeof log === 'string' && typeof seq === 'number') first[key] = { log, seq };
  }
  return first;
}

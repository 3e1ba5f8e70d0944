import { ParleyError } from '@parley/shared';
import type { Draft, Entry, Page } from '@parley/shared';
import type { RangeOptions, Tables, TableStage } from '../store/table.ts';
import { checkChange, blank, isBlank } from './changes.ts';
import { entryId } from './entry-id.ts';
import { segmentOf, WHOLE } from './segments.ts';
import { table } from './tables.ts';
import type { IdRow, LogRow } from './tables.ts';

export interface PageQuery {
  /** Exclusive: entries with a greater `seq`. */
  readonly after?: number | undefined;
  /** Exclusive: entries with a smaller `seq`. */
  readonly before?: number | undefined;
  readonly limit: number;
  /** Whether later edits and reactions of what is on the page are wanted with it. */
  readonly changes?: boolean | undefined;
}

export interface Appended {
  readonly entry: Entry;
  /** True when the sender had sent this id before: nothing is delivered again. */
  readonly repeated: boolean;
}

/** Somebody who waits for entries of one log: a long poll, or all event streams of it. */
export interface Follower {
  /** There are new committed entries. */
  wake(): void;
  /** The log is no more, or the hub stops. */
  end(): void;
}

export interface LogContext {
  readonly tables: Tables;
  /** Entries shown at most. */
  readonly historyMessages: number;
}

/** Who appends, and where it is staged. */
export interface Sending {
  readonly from: string;
  readonly stage: TableStage;
  /** Whether the sender may delete what others wrote. */
  readonly moderates: boolean;
}

/**
 * The log of one channel or of one pair of users, in tables: one order, `seq` 1, 2, 3 … without holes, ids unique while
 * they are remembered. What is appended is staged with its publish. The counter runs ahead of the commits, reads see
 * what is committed, and a failed commit sets the counter back before anything else is staged.
 */
export class ChatLog {
  readonly place: number;
  readonly topic: string;
  readonly createdAt: number;
  readonly followers = new Set<Follower>();
  /** The life of this log; positions of another one mean nothing here. */
  log: string;
  /** The oldest `seq` kept, ahead of the commit that removes what is older. */
  first = 1;
  /** False until the row that names this log is staged. */
  stored = false;
  /** Segments before this one are in the search index. */
  indexed = 0;
  /** Segments in which something was deleted since they were indexed. */
  readonly reindex = new Set<number>();
  readonly #context: LogContext;
  #lastSeq = 0;
  #age = 0;
  /** By id, in order of `seq`: staged and perhaps not committed yet. */
  readonly #pending = new Map<string, Entry>();
  /** Entries whose deletion is staged, and the `seq` that does it. */
  readonly #blanked = new Map<number, number>();

  constructor(context: LogContext, place: number, row: LogRow) {
    this.#context = context;
    this.place = place;
    this.topic = row.topic;
    this.log = row.log;
    this.createdAt = row.createdAt;
    this.reload();
  }

  /** The newest `seq` given out, committed or not. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** The newest `seq` that readers see. */
  get committedSeq(): number {
    this.#settle();
    for (const { seq } of this.#pending.values()) return seq - 1;
    return this.#lastSeq;
  }

  /** The oldest `seq` shown; what is older goes a little later. */
  get oldestSeq(): number {
    return Math.max(this.first, this.committedSeq - this.#context.historyMessages + 1);
  }

  /** Whether nothing is on its way into the store and nobody follows: it may be forgotten and opened again. */
  get idle(): boolean {
    this.#settle();
    return this.#pending.size === 0 && this.followers.size === 0;
  }

  /** Whether deletions are staged that are not committed: the text they remove can still be read. */
  get deleting(): boolean {
    this.#settle();
    return this.#blanked.size > 0;
  }

  get row(): LogRow {
    const { topic, log, createdAt, first } = this;
    return { topic, log, createdAt, first };
  }

  /** Reads the counters from what is committed, at the start and after a failed commit. */
  reload(): void {
    const { tables } = this.#context;
    const row = tables.get(table.logs, [this.place]) as LogRow | undefined;
    this.stored = row !== undefined;
    this.first = row?.first ?? 1;
    if (row) this.log = row.log;
    this.#pending.clear();
    this.#blanked.clear();
    this.#lastSeq = this.first - 1;
    this.#age = 0;
    for (const { value } of tables.range(table.entries, { prefix: [this.place], reverse: true, limit: 1 })) {
      const { seq, id } = value as Entry;
      this.#lastSeq = Math.max(this.#lastSeq, seq);
      this.#age = this.#idRow(id)?.[4] ?? 0;
    }
    this.#loadIndexed(tables);
  }

  #loadIndexed(tables: Tables): void {
    const { place } = this;
    this.indexed = segmentOf(this.first);
    for (const { key } of tables.range(table.segments, { prefix: [place], reverse: true, limit: 1 })) {
      const segment = key[1] as number;
      const isWhole = tables.get(table.segments, [place, segment, WHOLE]) !== undefined;
      this.indexed = Math.max(this.indexed, segment + (isWhole ? 1 : 0));
    }
    this.reindex.clear();
    for (const { key } of tables.range(table.reindex, { prefix: [place] })) this.reindex.add(key[1] as number);
  }

  /**
   * Stamps a draft and stages it.
   * @throws ParleyError `id-taken`, `payload-invalid` for a target that is not here, `not-authorized` to change it;
   *   nothing is staged then
   */
  append(draft: Draft, sending: Sending): Appended {
    const { from, stage } = sending;
    this.#settle();
    const known = draft.id === undefined ? undefined : this.#known(draft.id, stage);
    if (known?.from === from) return { entry: known, repeated: true };
    if (known) throw new ParleyError('id-taken', `entry id ${known.id} is already used by another sender`);
    const target = draft.target === undefined ? undefined : this.#target(draft.target);
    if (target) checkChange(draft, target, sending);
    const entry = this.#stamp(draft, from);
    this.#stageEntry(entry, target, stage);
    return { entry, repeated: false };
  }

  page({ after, before, limit, changes }: PageQuery): Page {
    const lastSeq = this.committedSeq;
    const oldest = this.oldestSeq;
    const upTo = Math.min(before ?? Infinity, lastSeq + 1); // exclusive
    const start = after === undefined ? Math.max(upTo - limit, oldest) : Math.max(after + 1, oldest);
    const end = Math.min(upTo, start + limit);
    const asked = after === undefined ? Math.max(upTo - limit, 1) : after + 1;
    const entries = after === undefined ? this.#readBack(start, end) : within(this.read(start, end));
    const page = { entries, lastSeq, log: this.log, limited: asked < oldest };
    return changes ? { ...page, changes: within(this.#changesOf(entries, lastSeq)) } : page;
  }

  /** Edits of and reactions to entries of a page that come after it: the newest, where there are very many. */
  #changesOf(entries: readonly Entry[], lastSeq: number): Entry[] {
    const last = entries.at(-1)?.seq;
    if (last === undefined) return [];
    const { place } = this;
    const range = { prefix: [place], from: [place, entries[0]!.seq], to: [place, last + 1] };
    const seqs: number[] = [];
    for (const { key } of this.#context.tables.range(table.edits, range)) {
      const seq = key[2] as number;
      if (seq > last && seq <= lastSeq) seqs.push(seq);
    }
    const newest = seqs.toSorted((a, b) => a - b).slice(-PAGE_CHANGES);
    return newest.flatMap((seq) => this.entry(seq) ?? []).filter((entry) => !isBlank(entry));
  }

  /** Committed entries from `start` to `end`, not included, lazily. */
  *read(start: number, end: number): Generator<Entry> {
    if (end <= start) return;
    const { place } = this;
    yield* this.#entries({ prefix: [place], from: [place, start], to: [place, end] });
  }

  /** The newest of them, in their order. */
  #readBack(start: number, end: number): Entry[] {
    if (end <= start) return [];
    const { place } = this;
    const range = { prefix: [place], from: [place, start], to: [place, end], reverse: true };
    return within(this.#entries(range)).toReversed();
  }

  *#entries(range: RangeOptions): Generator<Entry> {
    for (const { value } of this.#context.tables.range(table.entries, range)) yield value as Entry;
  }

  /** A committed entry that is shown. */
  entry(seq: number): Entry | undefined {
    if (seq < this.oldestSeq) return undefined;
    return this.#context.tables.get(table.entries, [this.place, seq]) as Entry | undefined;
  }

  /** Whether the entry is durable. */
  isKept({ id }: Entry): boolean {
    return this.#idRow(id) !== undefined;
  }

  /** Tells followers when the commit of a publish brought entries. */
  wake(): void {
    for (const follower of this.followers) follower.wake();
  }

  end(): void {
    for (const follower of this.followers) follower.end();
  }

  #stamp({ id = entryId(), kind, ...rest }: Draft, from: string): Entry {
    const at = Date.now();
    this.#age = Math.max(this.#age, at);
    return { id, seq: ++this.#lastSeq, at, from, kind, ...rest };
  }

  #stageEntry(entry: Entry, target: Entry | undefined, stage: TableStage): void {
    const { place } = this;
    const { id, seq, from, at, kind } = entry;
    if (!this.stored) stage.put(table.logs, [place], this.row);
    this.stored = true;
    stage.put(table.entries, [place, seq], entry);
    stage.put(table.ids, [place, id], [seq, from, at, kind, this.#age] satisfies IdRow);
    this.#pending.set(id, entry);
    if (target && (kind === 'edit' || kind === 'reaction')) {
      stage.put(table.edits, [place, target.seq, seq], kind === 'edit' || kind);
    }
    if (target && kind === 'delete') this.#stageDeletion(target, seq, stage);
  }

  /** What was said goes, and so do the edits that say it again. */
  #stageDeletion(target: Entry, by: number, stage: TableStage): void {
    this.#stageBlank(target, by, stage);
    for (const { key, value } of this.#context.tables.range(table.edits, { prefix: [this.place, target.seq] })) {
      const edit = value === true ? this.#entryAt(key[2] as number) : undefined;
      if (edit) this.#stageBlank(edit, by, stage);
    }
    for (const entry of this.#pending.values()) {
      if (entry.kind === 'edit' && entry.target === target.id) this.#stageBlank(entry, by, stage);
    }
  }

  #stageBlank(entry: Entry, by: number, stage: TableStage): void {
    const { place } = this;
    const segment = segmentOf(entry.seq);
    stage.put(table.reindex, [place, segment], by);
    this.reindex.add(segment);
    stage.put(table.entries, [place, entry.seq], blank(entry));
    if (this.#pending.has(entry.id)) this.#pending.set(entry.id, blank(entry));
    this.#blanked.set(entry.seq, by);
  }

  /**
   * The entry that has an id, or what is remembered of it. While it is still on its way its row is staged again: the
   * repetition is answered when the first one is durable, and fails with it.
   */
  #known(id: string, stage: TableStage): Entry | undefined {
    const pending = this.#pending.get(id);
    if (pending) {
      stage.put(table.entries, [this.place, pending.seq], pending);
      return pending;
    }
    const row = this.#idRow(id);
    if (!row) return undefined;
    const [seq, from, at, kind] = row;
    return this.#entryAt(seq) ?? { id, seq, at, from, kind };
  }

  #target(id: string): Entry {
    const seq = this.#pending.get(id)?.seq ?? this.#idRow(id)?.[0];
    const target = seq !== undefined && seq >= this.oldestSeq ? this.#entryAt(seq) : undefined;
    if (target && !isBlank(target)) return target;
    throw new ParleyError('payload-invalid', `draft at target: no entry ${id} in this log`);
  }

  /** An entry as it will be when all that is staged is committed. */
  #entryAt(seq: number): Entry | undefined {
    for (const entry of this.#pending.values()) {
      if (entry.seq === seq) return entry;
      if (entry.seq > seq) break;
    }
    const entry = this.#context.tables.get(table.entries, [this.place, seq]) as Entry | undefined;
    return entry && this.#blanked.has(seq) ? blank(entry) : entry;
  }

  #idRow(id: string): IdRow | undefined {
    return this.#context.tables.get(table.ids, [this.place, id]) as IdRow | undefined;
  }

  /** Lets go of what is committed; commits come in order, so the first that is not ends it. */
  #settle(): void {
    for (const { id, seq } of this.#pending.values()) {
      if (!this.#idRow(id)) return;
      this.#pending.delete(id);
      if (this.#blanked.size > 0) this.#unblank(seq);
    }
  }

  #unblank(by: number): void {
    for (const [seq, cause] of this.#blanked) if (cause === by) this.#blanked.delete(seq);
  }
}

/** Changes that go with a page, at most. */
const PAGE_CHANGES = 2000;
/** A page ends before it holds more than this; who asks goes on from where it ended. */
const PAGE_CHARACTERS = 4 * 1024 ** 2;

/** As many as fit into one page, at least one. */
function within(entries: Iterable<Entry>): Entry[] {
  const page: Entry[] = [];
  let characters = 0;
  for (const entry of entries) {
    characters += JSON.stringify(entry).length;
    if (page.length > 0 && characters > PAGE_CHARACTERS) break;
    page.push(entry);
  }
  return page;
}

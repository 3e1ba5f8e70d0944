import type { Entry, Page } from '../chat/entry.ts';

/** Entries that wait ahead of a hole; more are fetched with the hole. */
const MAX_EARLY = 1000;

/** A hole that cannot be filled: the hub no longer keeps the entries between these, both exclusive. */
export interface Gap {
  readonly after: number;
  readonly before: number;
}

/** What live news meant: entries in their place, nothing new, or a sign that something has to be fetched. */
export type Received = { readonly added: readonly Entry[]; readonly fetch: boolean };

/**
 * The newest stretch of one log, ascending, without holes but those that retention left. Live entries wait outside it
 * until it is known that they are of the same log and what is before them is here.
 */
export class History {
  #entries: Entry[] = [];
  readonly #early = new Map<number, Entry>(); // by seq
  readonly #keep: number;
  #bound: number;
  #log: string | undefined;
  #lastSeq = 0;
  #limited = false;
  #verified = false;

  /** @param keep entries held; older ones that were asked for come on top until `trim()` */
  constructor(keep: number) {
    this.#keep = keep;
    this.#bound = keep;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** The log's life that the entries are of; undefined until it is known. */
  get log(): string | undefined {
    return this.#log;
  }

  /** The newest `seq` held, 0 for none. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  get firstSeq(): number {
    return this.#entries[0]?.seq ?? this.#lastSeq + 1;
  }

  /** Whether the hub may keep entries before the first one held. */
  get hasOlder(): boolean {
    return this.firstSeq > 1 && !this.#limited;
  }

  gaps(): Gap[] {
    const gaps = this.#entries.flatMap(({ seq }, index) => {
      const after = this.#entries[index - 1]?.seq;
      return after === undefined || after === seq - 1 ? [] : [{ after, before: seq }];
    });
    const isCut = this.#limited && this.firstSeq > 1;
    return isCut ? [{ after: 0, before: this.firstSeq }, ...gaps] : gaps;
  }

  /** The connection is gone: what comes live after the next one may be of another log. */
  unverify(): void {
    this.#verified = false;
    this.#early.clear();
  }

  /** The hub named the log: live entries are of it. @returns what was waiting for that */
  verify(log: string): readonly Entry[] {
    if (log !== this.#log) return [];
    this.#verified = true;
    return this.#admitEarly();
  }

  receive(entry: Entry): Received {
    if (this.#verified && entry.seq <= this.#lastSeq) return { added: [], fetch: this.#contradicts(entry) };
    if (this.#early.size < MAX_EARLY) this.#early.set(entry.seq, entry);
    const added = this.#verified ? this.#admitEarly() : [];
    return { added, fetch: this.#verified && this.#lastSeq < entry.seq };
  }

  /** Adds the answer to `after: lastSeq`. @returns undefined when the page is of another log or does not continue this */
  append(page: Page): readonly Entry[] | undefined {
    if (this.#log === undefined ? this.#lastSeq > 0 : this.#log !== page.log) return undefined;
    const added = page.entries.filter(({ seq }) => seq > this.#lastSeq);
    const isHole = added.length > 0 && added[0]!.seq !== this.#lastSeq + 1;
    if (isHole && !page.limited) return undefined;
    this.#log = page.log;
    this.#verified = true;
    if (this.#entries.length === 0) this.#limited = page.limited;
    this.#push(added);
    return [...added, ...this.#admitEarly()];
  }

  /** Starts over from the newest page. @returns whether live entries were dropped that have to be fetched again */
  replace(page: Page): boolean {
    const isSame = this.#log === page.log;
    const dropped = !isSame && this.#early.size > 0;
    if (dropped) this.#early.clear();
    // The page may be older than what came live while it was on its way.
    for (const entry of isSame ? this.#entries : []) if (entry.seq > page.lastSeq) this.#early.set(entry.seq, entry);
    this.#entries = [];
    this.#bound = this.#keep;
    this.#log = page.log;
    this.#limited = page.limited;
    this.#verified = true;
    this.#lastSeq = (page.entries[0]?.seq ?? page.lastSeq + 1) - 1;
    this.#push(page.entries);
    this.#admitEarly();
    return dropped;
  }

  /** The hub has no such log, or shows none: it starts with what comes live. */
  missing(): readonly Entry[] {
    if (this.#log !== undefined) {
      this.#entries = [];
      this.#log = undefined;
      this.#lastSeq = 0;
    }
    this.#verified = true;
    const first = Math.min(...this.#early.keys());
    if (Number.isFinite(first)) this.#lastSeq = Math.max(this.#lastSeq, first - 1);
    return this.#admitEarly();
  }

  /** Adds the answer to `before: firstSeq`. @returns undefined when the page is of another log */
  prepend(page: Page): readonly Entry[] | undefined {
    if (this.#log !== page.log) return undefined;
    const older = page.entries.filter(({ seq }) => seq < this.firstSeq);
    this.#limited = page.limited || older.length === 0;
    this.#entries.unshift(...older);
    this.#bound = Math.max(this.#bound, this.#entries.length);
    return older;
  }

  /** Lets go of the older entries that were asked for. */
  trim(): void {
    this.#bound = this.#keep;
    this.#cut();
  }

  /** The newest entries as the page they could have come in. */
  snapshot(limit: number): Page | undefined {
    if (this.#log === undefined) return undefined;
    const entries = this.#entries.slice(-limit);
    const limited = this.#limited && entries.length === this.#entries.length;
    return { entries, lastSeq: this.#lastSeq, log: this.#log, limited };
  }

  /** From a snapshot, to be verified. */
  restore(page: Page): void {
    this.replace(page);
    this.#verified = false;
  }

  #contradicts({ id, seq }: Entry): boolean {
    const held = this.#entries.find((one) => one.seq === seq);
    return held !== undefined && held.id !== id;
  }

  #admitEarly(): readonly Entry[] {
    const added: Entry[] = [];
    for (const seq of this.#early.keys()) if (seq <= this.#lastSeq) this.#early.delete(seq);
    for (let next = this.#early.get(this.#lastSeq + 1); next; next = this.#early.get(next.seq + 1)) {
      this.#early.delete(next.seq);
      added.push(next);
      this.#push([next]);
    }
    return added;
  }

  #push(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind === 'delete' && entry.target !== undefined) this.#blank(entry.target);
      this.#entries.push(entry);
      this.#lastSeq = entry.seq;
    }
    this.#cut();
  }

  /** A deleted entry keeps its `seq` and loses what it said, here as in the hub's store. */
  #blank(target: string): void {
    const index = this.#entries.findLastIndex(({ id }) => id === target);
    if (index < 0) return;
    const { text: _text, data: _data, ...rest } = this.#entries[index]!;
    this.#entries[index] = rest;
  }

  #cut(): void {
    if (this.#entries.length <= this.#bound) return;
    this.#entries.splice(0, this.#entries.length - this.#bound);
    this.#limited = false;
  }
}

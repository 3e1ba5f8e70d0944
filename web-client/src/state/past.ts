import type { Entry, Page } from '@parley/shared';
import type { PageQuery } from '../link/api.ts';

const PAGE = 100;
/** Entries of the past that are held; more on one side push out the other. */
const HELD = 1500;

/** A stretch of a log that is not at its end, moved along by asking for more on either side. */
export class Past {
  readonly #page: (query: PageQuery) => Promise<Page>;
  readonly #changed: () => void;
  #entries: Entry[] | undefined;
  /** Later edits and reactions of what is held, which are not in the stretch themselves. */
  readonly #changes = new Map<string, Entry>(); // by id
  #hasOlder = true;
  #busy: Promise<void> | undefined;
  /** Counts stretches: an answer that belongs to another one is dropped. */
  #stretch = 0;

  constructor(page: (query: PageQuery) => Promise<Page>, changed: () => void) {
    this.#page = page;
    this.#changed = changed;
  }

  get isUsed(): boolean {
    return this.#entries !== undefined;
  }

  get entries(): readonly Entry[] {
    return this.#entries ?? [];
  }

  get changes(): Iterable<Entry> {
    return this.#changes.values();
  }

  get hasOlder(): boolean {
    return this.#hasOlder && (this.#entries?.[0]?.seq ?? 1) > 1;
  }

  /** Whether nothing is missing before `seq`. */
  reaches(seq: number): boolean {
    return (this.#entries?.at(-1)?.seq ?? 0) >= seq - 1;
  }

  /** Begins with what is before a `seq`. */
  start(before: number | undefined): Promise<void> {
    if (before === undefined || before <= 1) return Promise.resolve();
    return this.#once(async (isOurs) => {
      const { entries } = await this.#ask({ before });
      if (isOurs()) this.#set(entries, entries.length > 0);
    });
  }

  older(): Promise<void> {
    const before = this.#entries?.[0]?.seq;
    if (before === undefined || !this.hasOlder) return Promise.resolve();
    return this.#once(async (isOurs) => {
      const { entries, limited } = await this.#ask({ before });
      if (!isOurs()) return;
      this.#set([...entries, ...this.entries].slice(0, HELD), entries.length > 0 && !limited);
    });
  }

  newer(): Promise<void> {
    const after = this.#entries?.at(-1)?.seq;
    if (after === undefined) return Promise.resolve();
    return this.#once(async (isOurs) => {
      const { entries } = await this.#ask({ after });
      if (!isOurs()) return;
      const all = [...this.entries, ...entries];
      this.#set(all.slice(-HELD), this.#hasOlder || all.length > HELD);
    });
  }

  /** Begins anew on both sides of a `seq`. */
  async around(seq: number): Promise<void> {
    this.forget();
    await this.#once(async (isOurs) => {
      const after = Math.max(0, seq - 1 - PAGE / 2);
      const { entries } = await this.#ask({ after });
      if (isOurs() && entries.length > 0) this.#set(entries, true);
    });
  }

  /** The first `seq` at or after a time, by halving: entries are in the order of hub time but for set clocks. */
  async find(at: number, lastSeq: number): Promise<number | undefined> {
    let [low, high] = [1, lastSeq];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [entry] = (await this.#page({ after: middle - 1, limit: 1 })).entries;
      if (!entry || entry.at >= at) high = middle;
      else low = Math.max(middle, entry.seq) + 1;
    }
    return lastSeq > 0 ? low : undefined;
  }

  forget(): void {
    this.#stretch++;
    this.#busy = undefined;
    this.#changes.clear();
    if (this.#entries === undefined) return;
    this.#entries = undefined;
    this.#hasOlder = true;
    this.#changed();
  }

  async #ask(query: PageQuery): Promise<Page> {
    const stretch = this.#stretch;
    const page = await this.#page({ ...query, limit: PAGE, changes: true });
    if (stretch === this.#stretch) for (const change of page.changes ?? []) this.#changes.set(change.id, change);
    return page;
  }

  #set(entries: Entry[], hasOlder: boolean): void {
    this.#entries = entries;
    this.#dropChanges(entries);
    this.#hasOlder = hasOlder;
    this.#changed();
  }

  /** Changes of what was pushed out go with it. */
  #dropChanges(entries: readonly Entry[]): void {
    const held = new Set(entries.map(({ id }) => id));
    for (const [id, { target }] of this.#changes) if (!held.has(target ?? '')) this.#changes.delete(id);
  }

  /** One request at a time. What cannot be had now is asked for again by the next scroll. */
  #once(work: (isOurs: () => boolean) => Promise<void>): Promise<void> {
    if (this.#busy) return this.#busy;
    const stretch = this.#stretch;
    const isOurs = (): boolean => stretch === this.#stretch;
    const done = work(isOurs)
      .catch(() => undefined)
      .finally(() => {
        if (this.#busy === done) this.#busy = undefined;
      });
    this.#busy = done;
    return done;
  }
}

import type { Entry, Page } from '@parley/shared';

/** What a live entry meant: in its place, seen before, ahead of a hole, or of another log than the one held. */
export type Received = 'added' | 'known' | 'gap' | 'conflict';

/**
 * A stretch of one channel's log without holes, ending at the newest entry known. Entries that arrive ahead of a hole
 * wait outside it until the hole is filled.
 */
export class Timeline {
  #entries: Entry[] = [];
  #early = new Map<number, Entry>(); // by seq
  #log: string | undefined;
  #limited = false;

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** The channel's life that the entries are of; undefined until a page told. */
  get log(): string | undefined {
    return this.#log;
  }

  /** 0 while nothing is held. */
  get lastSeq(): number {
    return this.#entries.at(-1)?.seq ?? 0;
  }

  get firstSeq(): number {
    return this.#entries[0]?.seq ?? 0;
  }

  /** Whether the hub still keeps entries before the first one held. */
  get hasOlder(): boolean {
    return this.firstSeq > 1 && !this.#limited;
  }

  receive(entry: Entry): Received {
    if (entry.seq <= this.lastSeq) return this.#isHeld(entry) ? 'known' : 'conflict';
    this.#early.set(entry.seq, entry);
    this.#admitEarly();
    return this.lastSeq >= entry.seq ? 'added' : 'gap';
  }

  /** Starts over from the newest page. What is live and newer stays. */
  replace(page: Page): void {
    if (this.#log !== undefined && this.#log !== page.log) this.#early.clear();
    else for (const entry of this.#entries) this.#early.set(entry.seq, entry);
    this.#log = page.log;
    this.#limited = page.limited;
    this.#entries = [...page.entries];
    this.#admitEarly();
  }

  /** @returns false when the page does not continue what is held: another log, or retention passed the hole */
  append(page: Page): boolean {
    if (this.#log !== undefined && this.#log !== page.log) return false;
    const added = page.entries.filter(({ seq }) => seq > this.lastSeq);
    if (added.length > 0 && added[0]!.seq !== this.lastSeq + 1) return false;
    this.#log = page.log;
    this.#entries.push(...added);
    this.#admitEarly();
    return true;
  }

  /** @returns false when the page is of another log */
  prepend(page: Page): boolean {
    if (this.#log !== page.log) return false;
    const older = page.entries.filter(({ seq }) => seq < this.firstSeq);
    this.#limited = page.limited || older.length === 0;
    this.#entries.unshift(...older);
    return true;
  }

  #isHeld({ id, seq }: Entry): boolean {
    const held = this.#entries[seq - this.firstSeq];
    return held === undefined || held.id === id;
  }

  #admitEarly(): void {
    for (const seq of this.#early.keys()) if (seq <= this.lastSeq) this.#early.delete(seq);
    for (let next = this.#early.get(this.lastSeq + 1); next; next = this.#early.get(next.seq + 1)) {
      this.#early.delete(next.seq);
      this.#entries.push(next);
    }
  }
}

import type { Entry } from '@parley/shared';
import type { ChannelApi } from './api.ts';

/** The most that one page holds (PRODUCT.md §5). */
const pageLimit = 1000;

export interface ReaderContext {
  readonly page: ChannelApi['page'];
  /** Newest entries to show on joining. */
  readonly history: number;
  show(entry: Entry): void;
  /** Something about the log itself, for the person. */
  note(text: string): void;
}

/**
 * Shows a channel's log in order, each entry once, from pushed entries and from pages: what the pushed ones miss is
 * fetched by `seq`, and positions of another `log` are dropped.
 */
export class Reader {
  readonly #context: ReaderContext;
  #joined = false;
  #position = 0;
  #log: string | undefined;
  /** Pushed while the log is being fetched, or ahead of a gap; by seq. */
  readonly #ahead = new Map<number, Entry>();
  /** Until the log has been fetched on this connection, a pushed `seq` may belong to another log. */
  #current = false;
  #fetches: Promise<void> = Promise.resolve();

  constructor(context: ReaderContext) {
    this.#context = context;
  }

  /** The `seq` shown last. */
  get position(): number {
    return this.#position;
  }

  /** The life of the log that it counts in; undefined until there is one. */
  get log(): string | undefined {
    return this.#log;
  }

  /** Shows everything that is in the log by now; the first time, its newest. */
  catchUp(): Promise<void> {
    const result = this.#fetches.then(() => this.#fetch());
    this.#fetches = result.catch(() => {});
    return result;
  }

  /** A pushed entry. Rejects when a gap before it could not be filled; it is shown all the same. */
  async push(entry: Entry): Promise<void> {
    if (this.#current && entry.seq === this.#position + 1) {
      this.#advance(entry);
      return;
    }
    const waiting = this.#ahead.size > 0;
    this.#ahead.set(entry.seq, entry);
    // Behind the position it is a copy, or the log began anew: the log itself tells.
    if (this.#current && !waiting) await this.catchUp();
  }

  async pushAll(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) await this.push(entry);
  }

  /** The connection is lost: what comes next may belong to another log. */
  disconnected(): void {
    this.#current = false;
    this.#ahead.clear();
  }

  async #fetch(): Promise<void> {
    try {
      await (this.#joined || this.#position > 0 ? this.#fetchOn() : this.#fetchNewest());
      this.#joined = true;
      this.#showAhead(false);
    } catch (error) {
      this.#showAhead(true);
      throw error;
    } finally {
      this.#current = true;
    }
  }

  async #fetchNewest(): Promise<void> {
    const { history, page: fetchPage } = this.#context;
    const page = await fetchPage({ limit: Math.max(1, history) });
    if (!page) return;
    this.#log = page.log;
    if (history > 0) this.#show(page.entries);
    this.#position = page.lastSeq;
  }

  async #fetchOn(): Promise<void> {
    for (;;) {
      const page = await this.#context.page({ after: this.#position, limit: pageLimit });
      if (!page || (this.#log !== undefined && page.log !== this.#log)) {
        if (this.#log !== undefined) this.#context.note("the channel's log began anew");
        this.#position = 0;
        this.#log = page?.log;
        if (page) continue;
        return;
      }
      this.#log = page.log;
      if (page.limited) this.#context.note('older entries are no longer kept');
      this.#show(page.entries);
      if (page.entries.length === 0 || this.#position >= Math.max(page.lastSeq, this.#lastAhead())) return;
    }
  }

  #show(entries: readonly Entry[]): void {
    for (const entry of entries) if (entry.seq > this.#position) this.#advance(entry);
  }

  /** @param despiteGaps the log cannot be had: better with a gap than not at all */
  #showAhead(despiteGaps: boolean): void {
    for (const seq of [...this.#ahead.keys()].toSorted((one, other) => one - other)) {
      const next = this.#position + 1;
      const entry = this.#ahead.get(seq);
      if (!entry || seq < next || (seq > next && !despiteGaps)) continue;
      if (seq > next && this.#position > 0) this.#context.note(`entries ${next} to ${seq - 1} are missing`);
      this.#advance(entry);
    }
    this.#ahead.clear();
  }

  #lastAhead(): number {
    let last = 0;
    for (const seq of this.#ahead.keys()) last = Math.max(last, seq);
    return last;
  }

  #advance(entry: Entry): void {
    this.#position = entry.seq;
    this.#context.show(entry);
  }
}

import type { Entry } from '@parley/shared';
import type { Gap, Send } from '@parley/shared/client';
import { shownEntries, shownSends } from './items.ts';
import type { Item } from './items.ts';
import type { Arrival } from './people.ts';

/** Entries of one sender this close together share a heading. */
const GROUP_MS = 5 * 60_000;

export type Row =
  /** `head`: begins a group, and says who and when. */
  | { readonly type: 'entry'; readonly key: string; readonly item: Item; readonly head: boolean }
  | { readonly type: 'day'; readonly key: string; readonly at: number }
  | { readonly type: 'new'; readonly key: string }
  | { readonly type: 'gap'; readonly key: string; readonly gap: Gap }
  | { readonly type: 'arrivals'; readonly key: string; readonly at: number; readonly arrivals: readonly Arrival[] };

export interface RowSources {
  readonly entries: readonly Entry[];
  /** Later edits and reactions of those entries. */
  readonly changes?: readonly Entry[];
  readonly sends?: readonly Send[];
  readonly gaps?: readonly Gap[];
  readonly arrivals?: readonly Arrival[];
  /** The name our own entries on their way are shown under. */
  readonly me: string;
  /** Entries after this `seq` are new to the reader; undefined draws no line. */
  readonly readSeq?: number | undefined;
}

/** The rows of a timeline, oldest first: days, entries, comings and goings, our own on their way at the end. */
export function toRows({
  entries,
  changes = [],
  sends = [],
  gaps = [],
  arrivals = [],
  me,
  readSeq,
}: RowSources): Row[] {
  const rows = new RowList(me, gaps, readSeq);
  let next = 0;
  for (const item of shownEntries([...entries, ...changes], sends, me)) {
    while (next < arrivals.length && arrivals[next]!.at < item.at) rows.addArrival(arrivals[next++]!);
    rows.addItem(item);
  }
  while (next < arrivals.length) rows.addArrival(arrivals[next++]!);
  for (const item of shownSends(sends, me)) rows.addItem(item);
  return rows.rows;
}

class RowList {
  readonly rows: Row[] = [];
  readonly #me: string;
  readonly #gaps: Map<number, Gap>;
  readonly #readSeq: number | undefined;
  #lineDrawn: boolean;
  #day = '';

  constructor(me: string, gaps: readonly Gap[], readSeq: number | undefined) {
    this.#me = me;
    this.#gaps = new Map(gaps.map((gap) => [gap.before, gap]));
    this.#readSeq = readSeq;
    this.#lineDrawn = readSeq === undefined || readSeq === 0;
  }

  addItem(item: Item): void {
    this.#startDay(item.at);
    if (item.seq !== undefined) this.#before(item.seq, item.from);
    const last = this.rows.at(-1);
    const follows = last?.type === 'entry' && last.item.from === item.from && item.at - last.item.at < GROUP_MS;
    this.rows.push({ type: 'entry', key: item.key, item, head: !follows });
  }

  addArrival(arrival: Arrival): void {
    this.#startDay(arrival.at);
    const last = this.rows.at(-1);
    if (last?.type === 'arrivals') (last.arrivals as Arrival[]).push(arrival);
    else {
      const key = `p:${arrival.at}:${arrival.name}`;
      this.rows.push({ type: 'arrivals', key, at: arrival.at, arrivals: [arrival] });
    }
  }

  #before(seq: number, from: string): void {
    const gap = this.#gaps.get(seq);
    if (gap && gap.after > 0) this.rows.push({ type: 'gap', key: `gap:${seq}`, gap });
    // What we said ourselves, elsewhere, is not new to us.
    if (this.#lineDrawn || seq <= this.#readSeq! || from === this.#me) return;
    this.#lineDrawn = true;
    this.rows.push({ type: 'new', key: 'new' });
  }

  #startDay(at: number): void {
    const day = new Date(at).toDateString();
    if (day === this.#day) return;
    this.#day = day;
    this.rows.push({ type: 'day', key: `d:${day}`, at });
  }
}

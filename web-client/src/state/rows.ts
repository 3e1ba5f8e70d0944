import type { Entry } from '@parley/shared';
import type { Outgoing } from './outbox.ts';
import type { Arrival } from './people.ts';

/** Entries of one sender this close together share a heading. */
const GROUP_MS = 5 * 60_000;

/** An entry as it is shown: edits, deletions and reactions worked in. */
export interface Item {
  readonly key: string;
  readonly at: number;
  readonly kind: Entry['kind'];
  readonly text?: string | undefined;
  readonly data?: Entry['data'];
  readonly edited: boolean;
  readonly deleted: boolean;
  readonly reactions: readonly Reaction[];
  /** What it answers, when that is loaded. */
  readonly answers?: { readonly from: string; readonly text: string } | undefined;
  /** Set while it is ours and not stamped yet. */
  readonly outgoing?: Outgoing;
}

export interface Reaction {
  readonly text: string;
  readonly names: readonly string[];
}

export interface Group {
  readonly type: 'group';
  readonly key: string;
  readonly from: string;
  readonly at: number;
  readonly items: readonly Item[];
}

export type Row =
  | Group
  | { readonly type: 'day'; readonly key: string; readonly at: number }
  | { readonly type: 'new'; readonly key: string }
  | { readonly type: 'arrivals'; readonly key: string; readonly at: number; readonly arrivals: readonly Arrival[] };

export interface RowSources {
  readonly entries: readonly Entry[];
  readonly outgoing?: readonly Outgoing[];
  readonly arrivals?: readonly Arrival[];
  /** The name our own messages on their way are shown under. */
  readonly me: string;
  /** Entries after this `seq` are new to the reader; undefined draws no line. */
  readonly readSeq?: number | undefined;
}

type Piece = { at: number; from: string; item: Item; seq?: number } | { at: number; arrival: Arrival };

/** The rows of a timeline, oldest first: days, groups of entries, comings and goings, our own messages at the end. */
export function toRows(sources: RowSources): Row[] {
  const { entries, outgoing = [], arrivals = [], me, readSeq } = sources;
  const rows = new RowList();
  let lineDrawn = readSeq === undefined || readSeq === 0;
  for (const piece of merged(toPieces(entries), arrivals)) {
    if ('arrival' in piece) {
      rows.addArrival(piece.arrival);
      continue;
    }
    if (!lineDrawn && piece.seq! > readSeq!) {
      lineDrawn = true;
      rows.addLine();
    }
    rows.addItem(piece.from, piece.item);
  }
  for (const one of outgoing) rows.addItem(me, pendingItem(one));
  return rows.rows;
}

class RowList {
  readonly rows: Row[] = [];
  #day = '';

  addItem(from: string, item: Item): void {
    this.#startDay(item.at);
    const last = this.rows.at(-1);
    if (last?.type === 'group' && last.from === from && item.at - last.items.at(-1)!.at < GROUP_MS) {
      (last.items as Item[]).push(item);
    } else this.rows.push({ type: 'group', key: `g:${item.key}`, from, at: item.at, items: [item] });
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

  addLine(): void {
    this.rows.push({ type: 'new', key: 'new' });
  }

  #startDay(at: number): void {
    const day = new Date(at).toDateString();
    if (day === this.#day) return;
    this.#day = day;
    this.rows.push({ type: 'day', key: `d:${day}`, at });
  }
}

/** Both in order of hub time; entries keep the order of their log. */
function* merged(pieces: Iterable<Piece>, arrivals: readonly Arrival[]): Generator<Piece> {
  let next = 0;
  for (const piece of pieces) {
    for (; next < arrivals.length && arrivals[next]!.at < piece.at; next++) {
      yield { at: arrivals[next]!.at, arrival: arrivals[next]! };
    }
    yield piece;
  }
  for (; next < arrivals.length; next++) yield { at: arrivals[next]!.at, arrival: arrivals[next]! };
}

interface Shown {
  readonly entry: Entry;
  text: string | undefined;
  edited: boolean;
  deleted: boolean;
  readonly reactions: Map<string, { id: string; name: string }[]>; // by text
}

function toPieces(entries: readonly Entry[]): Piece[] {
  const shown = new Map<string, Shown>(); // by id
  for (const entry of entries) apply(shown, entry);
  return [...shown.values()].map((one) => ({
    at: one.entry.at,
    from: one.entry.from,
    seq: one.entry.seq,
    item: toItem(one, shown),
  }));
}

/** An entry that changes another one is worked into it; its target may be older than what is loaded. */
function apply(shown: Map<string, Shown>, entry: Entry): void {
  const target = entry.target === undefined ? undefined : shown.get(entry.target);
  if (entry.kind === 'edit') {
    // The hub lets only authors edit; a view does not rely on it.
    if (target && target.entry.from === entry.from && entry.text !== undefined) {
      target.text = entry.text;
      target.edited = true;
    }
  } else if (entry.kind === 'reaction') {
    if (target && entry.text !== undefined) react(target, entry, entry.text);
  } else if (entry.kind === 'delete') {
    if (target) target.deleted = true;
    else for (const one of shown.values()) withdraw(one, entry.target);
  } else shown.set(entry.id, { entry, text: entry.text, edited: false, deleted: false, reactions: new Map() });
}

function react({ reactions }: Shown, { id, from }: Entry, text: string): void {
  const names = reactions.get(text) ?? [];
  if (!names.some(({ name }) => name === from)) reactions.set(text, [...names, { id, name: from }]);
}

function withdraw({ reactions }: Shown, reaction: string | undefined): void {
  for (const [text, names] of reactions) {
    const left = names.filter(({ id }) => id !== reaction);
    if (left.length > 0) reactions.set(text, left);
    else reactions.delete(text);
  }
}

function toItem(one: Shown, shown: ReadonlyMap<string, Shown>): Item {
  const { entry, text, edited } = one;
  const answered = entry.replyTo === undefined ? undefined : shown.get(entry.replyTo);
  // The hub keeps a deleted entry's place without its text and data.
  const deleted = one.deleted || (text === undefined && entry.data === undefined);
  return {
    key: entry.id,
    at: entry.at,
    kind: entry.kind,
    ...(deleted ? {} : { text, data: entry.data }),
    edited: edited && !deleted,
    deleted,
    reactions: deleted
      ? []
      : [...one.reactions].map(([symbol, names]) => ({ text: symbol, names: names.map(({ name }) => name) })),
    answers: answered && { from: answered.entry.from, text: answered.deleted ? '' : (answered.text ?? '') },
  };
}

function pendingItem(outgoing: Outgoing): Item {
  const { id, text, at } = outgoing;
  return { key: id, at, kind: 'text', text, edited: false, deleted: false, reactions: [], outgoing };
}

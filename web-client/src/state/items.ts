import type { Entry } from '@parley/shared';
import type { Send } from '@parley/shared/client';

/** An entry as it is shown: edits, deletions and reactions worked in. */
export interface Item {
  /** Its id. */
  readonly key: string;
  /** Undefined while it is not in the log. */
  readonly seq?: number;
  readonly at: number;
  readonly from: string;
  readonly kind: Entry['kind'];
  readonly text?: string | undefined;
  readonly data?: Entry['data'];
  readonly edited: boolean;
  readonly deleted: boolean;
  readonly reactions: readonly Reaction[];
  /** What it answers; without `from` when that is not loaded. */
  readonly answers?: { readonly id: string; readonly from?: string; readonly text?: string } | undefined;
  /** Set while it is ours and not in the log yet. */
  readonly send?: Send;
  /** A change of ours to it is on its way. */
  readonly changing: boolean;
}

export interface Reaction {
  readonly text: string;
  readonly names: readonly string[];
  /** The entry to delete for taking ours back. */
  readonly own?: string | undefined;
}

interface Shown {
  readonly entry: Entry;
  text: string | undefined;
  edited: boolean;
  deleted: boolean;
  changing: boolean;
  readonly reactions: Map<string, { id: string; name: string }[]>; // by text
}

/** Changes another entry instead of being one. */
const changes = new Set<Entry['kind']>(['edit', 'delete', 'reaction']);

/** Entries in the order of their log; what we are about to change is shown changed. */
export function shownEntries(entries: readonly Entry[], sends: readonly Send[], me: string): Item[] {
  const shown = new Map<string, Shown>(); // by id
  for (const entry of entries) apply(shown, entry);
  for (const { id, draft, at, state } of sends) {
    if (!changes.has(draft.kind) || state.state === 'failed') continue;
    const target = shown.get(draft.target ?? '');
    if (target) target.changing = true;
    apply(shown, { ...draft, id, at, from: me, seq: Infinity });
  }
  return [...shown.values()].map((one) => toItem(one, shown, me));
}

/** What is on its way as rows of its own: what we say, and changes that failed. */
export function shownSends(sends: readonly Send[], me: string): Item[] {
  return sends
    .filter(({ draft, state }) => !changes.has(draft.kind) || state.state === 'failed')
    .map((send) => toPending(send, me));
}

function toPending(send: Send, me: string): Item {
  const { kind, text, data, replyTo } = send.draft;
  const answers = replyTo === undefined ? undefined : { id: replyTo };
  const settled = { edited: false, deleted: false, changing: false, reactions: [] };
  return { key: send.id, at: send.at, from: me, kind, text, data, answers, ...settled, send };
}

/** An entry that changes another one is worked into it; its target may be older than what is loaded. */
function apply(shown: Map<string, Shown>, entry: Entry): void {
  const target = entry.target === undefined ? undefined : shown.get(entry.target);
  if (entry.kind === 'edit') {
    // The hub lets only authors edit; a view does not rely on it.
    if (!target || target.entry.from !== entry.from || entry.text === undefined) return;
    target.text = entry.text;
    target.edited = true;
  } else if (entry.kind === 'reaction') {
    if (target && entry.text !== undefined) react(target, entry, entry.text);
  } else if (entry.kind === 'delete') {
    if (target) target.deleted = true;
    else for (const one of shown.values()) withdraw(one, entry.target);
  } else {
    const fresh = { text: entry.text, edited: false, deleted: false, changing: false, reactions: new Map() };
    shown.set(entry.id, { entry, ...fresh });
  }
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

function toItem(one: Shown, shown: ReadonlyMap<string, Shown>, me: string): Item {
  const { entry, text, edited, changing } = one;
  // The hub keeps a deleted entry's place without its text and data.
  const deleted = one.deleted || (text === undefined && entry.data === undefined);
  return {
    key: entry.id,
    seq: entry.seq,
    at: entry.at,
    from: entry.from,
    kind: entry.kind,
    ...(deleted ? {} : { text, data: entry.data }),
    edited: edited && !deleted,
    deleted,
    changing,
    reactions: deleted ? [] : [...one.reactions].map(([symbol, names]) => toReaction(symbol, names, me)),
    answers: entry.replyTo === undefined ? undefined : answered(entry.replyTo, shown),
  };
}

function toReaction(text: string, names: readonly { id: string; name: string }[], me: string): Reaction {
  return { text, names: names.map(({ name }) => name), own: names.find(({ name }) => name === me)?.id };
}

function answered(id: string, shown: ReadonlyMap<string, Shown>): NonNullable<Item['answers']> {
  const one = shown.get(id);
  if (!one) return { id };
  return { id, from: one.entry.from, text: one.deleted ? '' : (one.text ?? '') };
}

/** Whether two items show the same. */
export function sameItem(a: Item | undefined, b: Item | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    a.key === b.key &&
    a.seq === b.seq &&
    a.text === b.text &&
    a.edited === b.edited &&
    a.deleted === b.deleted &&
    a.changing === b.changing &&
    a.send === undefined &&
    b.send === undefined &&
    a.answers?.text === b.answers?.text &&
    a.answers?.id === b.answers?.id &&
    sameReactions(a.reactions, b.reactions)
  );
}

function sameReactions(a: readonly Reaction[], b: readonly Reaction[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((one, index) => {
    const other = b[index]!;
    return one.text === other.text && one.own === other.own && one.names.join() === other.names.join();
  });
}

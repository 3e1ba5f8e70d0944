import type { EntryKind } from '@parley/shared';

/**
 * Tables of the chat; those with rows of every entry have short names, as each key begins with one. A log is named in keys by its `place`, a number drawn at random when it begins: a channel that is
 * deleted and made anew is another place, whose rows never meet those still to be swept away.
 */
export const table = {
  /** `['store']` → id of the store that the logs began or were restored in. */
  meta: 'chat.meta',
  /** `[channel]` → {@link ChannelRow}. */
  channels: 'chat.channels',
  /** `[channel, name]` → true. */
  members: 'chat.members',
  /** `[user, peer]` → place, for both of the two. */
  directs: 'chat.directs',
  /** `[place]` → {@link LogRow}. */
  logs: 'chat.logs',
  /** `[place, seq]` → entry. */
  entries: 'ce',
  /** `[place, id]` → {@link IdRow}. */
  ids: 'ci',
  /** `[place, seq, seq of a change of it]` → true for an edit, `reaction` for that. */
  edits: 'chat.edits',
  /** `[place, segment, word]` → seqs of its entries, packed; see segments.ts. */
  segments: 'cs',
  /** `[place, segment]` → seq of the last deletion in it, until its words are written anew. */
  reindex: 'chat.reindex',
  /** `[place, word, seq]` → true: the index of schema 2, being removed. */
  words: 'cw',
  /** `[place, seq]` → `[id, age]` of an entry that is no longer kept while its id is still remembered. */
  past: 'chat.past',
  /** `[place]` → true for a log whose channel was deleted and whose rows are being removed. */
  gone: 'chat.gone',
  /** `[place, user]` → seq read so far. */
  read: 'chat.read',
  /** `[user]` → display name. */
  people: 'chat.people',
} as const;

/** Tables whose rows begin with the place of a log, to be emptied when it goes. */
export const placeTables = [
  table.entries,
  table.ids,
  table.edits,
  table.segments,
  table.reindex,
  table.past,
  table.read,
] as const;

/** A type alias, as rows are JSON and an interface might get more members. */
export type LogRow = {
  /** `chat/<channel>` or `dm/<a>/<b>`. */
  readonly topic: string;
  /** ULID of its life, new after a restore. */
  readonly log: string;
  readonly createdAt: number;
  /** The oldest `seq` kept. */
  readonly first: number;
};

export type ChannelRow = {
  readonly place: number;
  readonly topic: string;
  readonly display?: string | undefined;
  readonly private: boolean;
};

/** `[seq, from, at, kind, age]`; `age` is the greatest `at` so far, so that a clock set back makes nothing older. */
export type IdRow = readonly [seq: number, from: string, at: number, kind: EntryKind, age: number];

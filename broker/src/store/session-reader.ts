import type { Subscription } from '../routing/subscription.ts';
import { decodeEntry, decodeMark, decodeMessage, decodeValue } from './codec.ts';
import { ENTRY, FILTER, MARK, parseSessionRow, RECEIVED, sessionPrefix, sharedKey } from './layout.ts';
import type { Entry } from './range.ts';
import type { EntryRecord } from './records.ts';
import type { DeliveryMark, RestoredEntry, RestoredSession, SessionRecord, StoredMessage } from './store.ts';
import type { SessionRows } from './session-rows.ts';
import type { SharedMessages } from './shared-messages.ts';
import type { Tree } from './tree.ts';

/** A session as it is written. */
export interface NumberedRecord extends SessionRecord {
  readonly number: number;
}

export interface SessionParts {
  readonly subscriptions: Subscription[];
  readonly received: number[];
  readonly queue: EntryRecord[];
  /** By `seq`. */
  readonly marks: Map<number, DeliveryMark>;
  readonly lastSeq: number;
}

export function decodeSession(bytes: Buffer): { record: SessionRecord; number: number } {
  const { number, ...record } = decodeValue(bytes) as NumberedRecord;
  return { record, number };
}

/** Decodes what belongs to one session, given all rows under its number. */
export function readParts(rows: Iterable<Entry<Buffer>>): SessionParts {
  const parts = { subscriptions: [], received: [], queue: [], marks: new Map(), lastSeq: 0 } as SessionParts & {
    lastSeq: number;
  };
  for (const { key, value } of rows) {
    const { kind, seq } = parseSessionRow(key);
    if (kind === FILTER) parts.subscriptions.push(decodeValue(value) as Subscription);
    else if (kind === RECEIVED) parts.received.push(seq);
    else if (kind === MARK) parts.marks.set(seq, decodeMark(value));
    else if (kind === ENTRY) parts.queue.push(decodeEntry(seq, value));
    if (kind === MARK || kind === ENTRY) parts.lastSeq = Math.max(parts.lastSeq, seq);
  }
  return parts;
}

/** Sessions one after the other, so that no more than one is held here. */
export class SessionReader {
  readonly #tree: Tree;
  /** No `seq` before it is given out from here on. */
  readonly #firstSeq: number;
  /** By number: entries that shared a message share it again. */
  readonly #read = new Map<number, StoredMessage>();
  readonly #messages: SharedMessages;

  constructor(tree: Tree, firstSeq: number, messages: SharedMessages) {
    this.#tree = tree;
    this.#firstSeq = firstSeq;
    this.#messages = messages;
  }

  /** Reads what is under the number of a session, and notes in its rows which of them share a message. */
  read(record: SessionRecord, rows: SessionRows): RestoredSession {
    const { subscriptions, received, queue, marks, lastSeq } = readParts(this.#tree.scan(sessionPrefix(rows.number)));
    const entries: RestoredEntry[] = [];
    for (const entry of queue) {
      const message = typeof entry.message === 'number' ? this.#share(entry.seq, entry.message, rows) : entry.message;
      if (!message) continue;
      const { seq, qos, retain, identifiers, share } = entry;
      // Written out: a spread takes as long as reading the entry did, and there may be many of them.
      entries.push({ seq, message, qos, retain, identifiers, share, mark: marks.get(seq) });
    }
    return { record, subscriptions, received, queue: entries, nextSeq: Math.max(this.#firstSeq, lastSeq + 1) };
  }

  #share(seq: number, number: number, rows: SessionRows): StoredMessage | undefined {
    (rows.shared ??= new Map()).set(seq, this.#messages.found(number));
    const known = this.#read.get(number);
    if (known) return known;
    const bytes = this.#tree.get(sharedKey(number));
    if (!bytes) return undefined;
    const message = decodeMessage(bytes);
    this.#read.set(number, message);
    this.#messages.restored(number, message);
    return message;
  }
}

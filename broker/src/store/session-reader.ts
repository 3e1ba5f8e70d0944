import type { Subscription } from '../routing/subscription.ts';
import { decodeEntry, decodeMark, decodeMessage, decodeValue } from './codec.ts';
import { ENTRY, FILTER, MARK, parseSessionRow, RECEIVED, sessionPrefix, sharedKey } from './layout.ts';
import type { Entry } from './range.ts';
import type { EntryRecord } from './records.ts';
import type { DeliveryMark, RestoredEntry, RestoredSession, SessionRecord, StoredMessage } from './store.ts';
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
  readonly #messages = new Map<number, StoredMessage>();
  readonly #restored: (number: number, message: StoredMessage) => void;

  constructor(tree: Tree, firstSeq: number, restored: (number: number, message: StoredMessage) => void) {
    this.#tree = tree;
    this.#firstSeq = firstSeq;
    this.#restored = restored;
  }

  read(record: SessionRecord, number: number): RestoredSession {
    const { queue, marks, lastSeq, ...rest } = readParts(this.#tree.scan(sessionPrefix(number)));
    const entries = queue.flatMap((entry) => this.#complete(entry, marks.get(entry.seq)) ?? []);
    return { record, ...rest, queue: entries, nextSeq: Math.max(this.#firstSeq, lastSeq + 1) };
  }

  #complete({ message, ...entry }: EntryRecord, mark: DeliveryMark | undefined): RestoredEntry | undefined {
    const stored = typeof message === 'number' ? this.#shared(message) : message;
    return stored && { ...entry, message: stored, mark };
  }

  #shared(number: number): StoredMessage | undefined {
    let message = this.#messages.get(number);
    if (message) return message;
    const bytes = this.#tree.get(sharedKey(number));
    if (!bytes) return undefined;
    message = decodeMessage(bytes);
    this.#messages.set(number, message);
    this.#restored(number, message);
    return message;
  }
}

import { encodeEntry, encodeMark, encodeValue } from './codec.ts';
import type { Group } from './groups.ts';
import { ENTRY, filterKey, MARK, nameKey, RECEIVED, seqKey, SESSION } from './layout.ts';
import { pickSubscription } from './records.ts';
import type { Shared, SharedMessages } from './shared-messages.ts';
import type { DeliveryMark, QueueEntry, SessionRecord } from './store.ts';
import type { Subscription } from '../routing/subscription.ts';

/** A session as its rows are found. */
export interface SessionRows {
  /** Begins the keys of its rows; never given out twice while any of them are left. */
  readonly number: number;
  /** Queue entries whose message is shared, by `seq`. */
  shared: Map<number, Shared> | undefined;
}

const NOTHING = Buffer.alloc(0);

/** Stages changes of sessions; in memory it only knows their numbers and who shares which message. */
export class SessionStage {
  /** By client id. */
  readonly sessions = new Map<string, SessionRows>();
  readonly messages: SharedMessages;
  /** A session ended and its end is on the disk: its rows may be swept away. */
  readonly #ended: (number: number) => void;
  #next = 1;

  constructor(messages: SharedMessages, ended: (number: number) => void) {
    this.messages = messages;
    this.#ended = ended;
  }

  /** At the start: a session that is there. */
  found(id: string, number: number): SessionRows {
    const rows: SessionRows = { number, shared: undefined };
    this.sessions.set(id, rows);
    this.reserve(number);
    return rows;
  }

  /** At the start: never gives this number out again. */
  reserve(number: number): void {
    this.#next = Math.max(this.#next, number + 1);
  }

  put(group: Group, record: SessionRecord): void {
    let rows = this.sessions.get(record.id);
    if (!rows) {
      rows = { number: this.#next++, shared: undefined };
      this.sessions.set(record.id, rows);
      group.undo.push(() => this.sessions.delete(record.id));
    }
    group.changes.set(nameKey(SESSION, record.id), encodeValue({ ...record, number: rows.number }));
  }

  /** Only the record goes at once: rows without one are swept later, and at the start after a crash. */
  delete(group: Group, id: string): void {
    const rows = this.sessions.get(id);
    if (!rows) return;
    this.sessions.delete(id);
    group.undo.push(() => this.sessions.set(id, rows));
    group.changes.set(nameKey(SESSION, id), null);
    for (const shared of rows.shared?.values() ?? []) this.messages.release(group, shared);
    group.applied.push(() => this.#ended(rows.number));
  }

  putSubscription(group: Group, id: string, subscription: Subscription): void {
    const rows = this.sessions.get(id);
    if (!rows) return;
    group.changes.set(filterKey(rows.number, subscription.filter), encodeValue(pickSubscription(subscription)));
  }

  deleteSubscription(group: Group, id: string, filter: string): void {
    const rows = this.sessions.get(id);
    if (rows) group.changes.set(filterKey(rows.number, filter), null);
  }

  enqueue(group: Group, id: string, entry: QueueEntry, repeated: boolean): void {
    const rows = this.sessions.get(id);
    if (!rows) return;
    const { seq, message } = entry;
    const key = seqKey(rows.number, ENTRY, seq);
    if (!repeated && !this.messages.isShared(message)) {
      group.changes.set(key, encodeEntry(entry));
      return;
    }
    const shared = this.messages.refer(group, message);
    const { qos, retain, identifiers, share } = entry;
    group.changes.set(key, encodeEntry({ message: shared.number, qos, retain, identifiers, share }));
    const entries = (rows.shared ??= new Map());
    entries.set(seq, shared);
    group.undo.push(() => entries.delete(seq));
  }

  mark(group: Group, id: string, seq: number, mark: DeliveryMark): void {
    const rows = this.sessions.get(id);
    if (rows) group.changes.set(seqKey(rows.number, MARK, seq), encodeMark(mark));
  }

  dequeue(group: Group, id: string, seq: number): void {
    const rows = this.sessions.get(id);
    if (!rows) return;
    group.changes.set(seqKey(rows.number, ENTRY, seq), null);
    group.changes.set(seqKey(rows.number, MARK, seq), null);
    const shared = rows.shared?.get(seq);
    if (!shared) return;
    rows.shared!.delete(seq);
    group.undo.push(() => rows.shared!.set(seq, shared));
    this.messages.release(group, shared);
  }

  receive(group: Group, id: string, packetId: number): void {
    const rows = this.sessions.get(id);
    if (rows) group.changes.set(seqKey(rows.number, RECEIVED, packetId), NOTHING);
  }

  release(group: Group, id: string, packetId: number): void {
    const rows = this.sessions.get(id);
    if (rows) group.changes.set(seqKey(rows.number, RECEIVED, packetId), null);
  }
}

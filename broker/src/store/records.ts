import type { Subscription } from '../routing/subscription.ts';
import type { Key } from './keys.ts';
import type { DeliveryMark, QueueEntry, SessionRecord, StoredMessage, WillRecord } from './store.ts';
import type { Value } from './table.ts';

/** A queue entry as it is copied: its message, or the number of one that came before. */
export interface EntryRecord extends Omit<QueueEntry, 'message'> {
  readonly message: StoredMessage | number;
}

/**
 * Everything a store holds, one thing at a time and independent of how it is laid out. Messages that several entries
 * share come first, a session before what belongs to it.
 */
export type StoreRecord =
  | { readonly kind: 'message'; readonly number: number; readonly message: StoredMessage }
  | { readonly kind: 'session'; readonly record: SessionRecord }
  | { readonly kind: 'subscription'; readonly session: string; readonly subscription: Subscription }
  | { readonly kind: 'received'; readonly session: string; readonly packetId: number }
  | {
      readonly kind: 'entry';
      readonly session: string;
      readonly entry: EntryRecord;
      readonly mark: DeliveryMark | undefined;
    }
  | { readonly kind: 'will'; readonly record: WillRecord }
  | { readonly kind: 'retained'; readonly message: StoredMessage }
  | { readonly kind: 'row'; readonly table: string; readonly key: Key; readonly value: Value };

export type Records = Generator<StoreRecord, void, undefined>;

/** Only what is kept of a message: the engine's own has more to it. */
export function pickMessage(message: StoredMessage): StoredMessage {
  const { topic, payload, qos, retain, properties, expiresAt, publisher } = message;
  return { topic, payload, qos, retain, properties, expiresAt, publisher };
}

export function pickSubscription(subscription: Subscription): Subscription {
  const { filter, qos, noLocal, retainAsPublished, retainHandling, identifier } = subscription;
  return { filter, qos, noLocal, retainAsPublished, retainHandling, identifier };
}

export function pickEntry({ seq, qos, retain, identifiers, share, message }: QueueEntry): EntryRecord {
  return { seq, qos, retain, identifiers, share, message: pickMessage(message) };
}

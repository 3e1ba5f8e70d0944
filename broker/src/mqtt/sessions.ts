import { fromWallClock, steadyNow, toWallClock } from '../clock.ts';
import type { Subscription } from '../routing/subscription.ts';
import type { Batch, RestoredEntry, RestoredSession, SessionRecord } from '../store/store.ts';
import type { Connection } from './connection.ts';
import type { Core } from './core.ts';
import { handOver } from './hand-over.ts';
import { latestExpiry, Message } from './message.ts';
import { Outgoing } from './outgoing.ts';
import { Session } from './session.ts';

/** Memory of a filter beside its text, about, in whatever company. */
const FILTER_BYTES = 768;

/** One session has this part of what all filters may take at most. */
const SHARES = 8;

/** Every session of the hub, by client id. */
export class Sessions {
  readonly #core: Core;
  readonly #sessions = new Map<string, Session>();
  /** Without a connection and with nothing in them, those that are so longest first. */
  readonly #empty = new Set<Session>();

  constructor(core: Core) {
    this.#core = core;
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.#sessions.values();
  }

  /**
   * Whether one more may begin that outlives its connection. One that holds nothing, neither filters nor messages, ends for
   * it; those that hold something are never ended for others, as messages in them are acknowledged.
   */
  hasRoom(): boolean {
    if (this.#sessions.size < this.#core.options.maxSessions) return true;
    for (const session of this.#empty) {
      this.#core.counters.sessionsEvicted++;
      this.#core.log('session-evicted', { client: session.id });
      this.end(session);
      return true;
    }
    return false;
  }

  /**
   * Gives a connection its session: the one it had, or a new one [MQTT-3.1.2-4], [MQTT-3.1.2-5]. Any other connection of
   * the same client id has ended before. Returns whether a session was resumed.
   */
  attach(connection: Connection, clean: boolean, expirySeconds: number, batch: Batch): boolean {
    const { id } = connection;
    const known = this.#sessions.get(id);
    if (known && clean) this.end(known, batch);
    const resumed = known !== undefined && !known.ended;
    const session = resumed ? known : this.#create(id, connection.user ?? '');
    session.connection = connection;
    connection.session = session;
    this.#empty.delete(session);
    this.#setExpiry(session, expirySeconds, batch);
    session.expiresAt = 0;
    this.#core.wheel.remove(session);
    if (resumed) {
      this.#core.counters.sessionsOffline--;
      this.#core.wills.cancel(id, batch);
    }
    return resumed;
  }

  /** The connection is gone: its session ends with it or waits (§3.1.2.11.2). */
  detach(connection: Connection): void {
    const { session } = connection;
    if (!session || session.connection !== connection) return;
    session.connection = null;
    this.#core.counters.sessionsOffline++;
    if (!session.durable) return this.end(session);
    session.expiresAt = steadyNow() + session.expirySeconds * 1000;
    if (session.isEmpty) this.#empty.add(session);
    this.#core.chores.batch.putSession(toRecord(session));
    this.#core.wheel.add(session);
  }

  /** A DISCONNECT may change how long the session is kept (§3.14.2.2.2). */
  setExpiry(session: Session, expirySeconds: number): void {
    this.#setExpiry(session, expirySeconds, this.#core.chores.batch);
  }

  expire(session: Session): void {
    this.#core.counters.sessionsExpired++;
    this.end(session);
  }

  /** Ends a session: all its state goes, and what it held of share groups moves on. */
  end(session: Session, given?: Batch): void {
    if (session.ended) return;
    const { router, store, chores, counters, wheel, wills } = this.#core;
    session.ended = true;
    this.#sessions.delete(session.id);
    this.#empty.delete(session);
    wheel.remove(session);
    counters.sessions--;
    if (!session.connection) counters.sessionsOffline--;
    counters.subscriptions -= session.subscriptions.size;
    counters.subscriptionBytes -= session.subscriptionBytes;
    for (const filter of session.subscriptions.keys()) router.remove(session, filter);
    chores.settle();
    const batch = given ?? store.batch();
    if (session.stored) batch.deleteSession(session.id);
    const deliver = handOver(this.#core, session, batch);
    if (given || batch.empty) deliver();
    else batch.persist((error) => (error ? this.#core.log('store-failed', { error: error.message }) : deliver()));
    wills.sessionEnded(session.id);
  }

  /** Whether a session may have a filter, or one more: its own limit, its share of all, and all together. */
  maySubscribe({ subscriptions, subscriptionBytes }: Session, filter: string): boolean {
    if (subscriptions.has(filter)) return true;
    const { options, counters } = this.#core;
    const bytes = bytesOf(filter);
    if (subscriptions.size >= options.maxSubscriptions) return false;
    if (subscriptionBytes + bytes > options.subscriptionsMaxBytes / SHARES) return false;
    return counters.subscriptionBytes + bytes <= options.subscriptionsMaxBytes;
  }

  /** Adds or replaces one subscription; returns whether it is new. */
  subscribe(session: Session, subscription: Subscription, batch: Batch | undefined): boolean {
    const { filter } = subscription;
    const isNew = !session.subscriptions.has(filter);
    if (isNew) this.#count(session, 1, bytesOf(filter));
    session.subscriptions.set(filter, subscription);
    this.#core.router.add(session, subscription);
    batch?.putSubscription(session.id, subscription);
    return isNew;
  }

  /** Removes one; returns whether it existed. */
  unsubscribe(session: Session, filter: string, batch: Batch | undefined): boolean {
    if (!session.subscriptions.delete(filter)) return false;
    this.#count(session, -1, -bytesOf(filter));
    this.#core.router.remove(session, filter);
    session.cancelReplay(filter);
    batch?.deleteSubscription(session.id, filter);
    return true;
  }

  /** Brings back a session of before the restart; one that was connected then has its whole time from now. */
  restore({ record, subscriptions, received, queue, nextSeq }: RestoredSession, now: number): void {
    const session = this.#create(record.id, record.owner);
    session.expirySeconds = record.expirySeconds;
    session.stored = true;
    session.nextSeq = nextSeq;
    this.#core.counters.sessionsOffline++;
    // Never later than its whole time from now: the clock may have been ahead when it was written.
    const expiresAt = record.expiresAt ? fromWallClock(record.expiresAt) : Infinity;
    session.expiresAt = Math.min(expiresAt, now + record.expirySeconds * 1000);
    if (session.expiresAt <= now) return this.expire(session);
    for (const subscription of subscriptions) this.subscribe(session, subscription, undefined);
    if (received.length > 0) session.received = new Set(received);
    for (const entry of queue.toSorted(byRelease)) {
      const message = Message.from(this.#core.source, entry.message);
      message.expiresAt = latestExpiry(message, now);
      const out = new Outgoing(message, entry.qos, entry.retain, entry.identifiers, entry.share, entry.seq);
      session.takeBack(out, entry.mark);
    }
    if (session.isEmpty) this.#empty.add(session);
    this.#core.wheel.add(session);
  }

  #count(session: Session, filters: 1 | -1, bytes: number): void {
    const { counters } = this.#core;
    counters.subscriptions += filters;
    counters.subscriptionBytes += bytes;
    session.subscriptionBytes += bytes;
  }

  #create(id: string, owner: string): Session {
    const session = new Session(this.#core, id, owner);
    this.#sessions.set(id, session);
    this.#core.counters.sessions++;
    return session;
  }

  #setExpiry(session: Session, seconds: number, batch: Batch): void {
    session.expirySeconds = Math.min(seconds, this.#core.options.sessionExpirySeconds);
    if (!session.durable && !session.stored) return;
    session.stored = true;
    batch.putSession(toRecord(session));
  }
}

/** PUBREL are sent again in the order of their PUBREC [MQTT-4.6.0-4], behind messages not released. */
function byRelease({ mark: one }: RestoredEntry, { mark: other }: RestoredEntry): number {
  return (one?.order ?? 0) - (other?.order ?? 0);
}

/** A filter takes its text, some of it twice, and what routing and the session keep of it. */
function bytesOf(filter: string): number {
  return filter.length + FILTER_BYTES;
}

function toRecord({ id, owner, expirySeconds, expiresAt }: Session): SessionRecord {
  return { id, owner, expirySeconds, expiresAt: expiresAt && toWallClock(expiresAt) };
}

import { fromWallClock, steadyNow, toWallClock } from '../clock.ts';
import type { Batch, WillRecord } from '../store/store.ts';
import type { Connection } from './connection.ts';
import type { Core } from './core.ts';
import type { DetachedClient, Publisher } from './hooks.ts';
import { Message, sizeOf } from './message.ts';
import type { Deadline } from './timer-wheel.ts';

/** A will whose connection is gone and whose delay runs (§3.1.3.2.2). */
class DelayedWill implements Deadline {
  readonly record: WillRecord;
  readonly client: Publisher;
  readonly deadline: number;
  readonly #fire: (will: DelayedWill) => void;

  constructor(record: WillRecord, client: Publisher, deadline: number, fire: (will: DelayedWill) => void) {
    this.record = record;
    this.client = client;
    this.deadline = deadline;
    this.#fire = fire;
  }

  expire(): void {
    this.#fire(this);
  }
}

/** After a failed commit. */
const RETRY_MS = 1000;

/** Wills from CONNECT to their end: deleted, published at once, or published when their delay or session is over. */
export class Wills {
  readonly #core: Core;
  /** By client id. */
  readonly #delayed = new Map<string, DelayedWill>();
  /** By client id: wills on their way, and who waits for them. */
  readonly #publishing = new Map<string, (() => void)[]>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** Keeps a will in case the hub stops before the connection does. */
  arm({ id, will }: Connection, batch: Batch): void {
    if (will) {
      this.#count(will, 1);
      batch.putWill(will);
    } else if (this.#delayed.has(id)) batch.deleteWill(id);
  }

  /**
   * The connection ended. With `wanted` false it ended by DISCONNECT 0x00, which deletes the will [MQTT-3.14.4-3]. Called
   * while the session is still attached, as its expiry bounds the delay.
   */
  connectionEnded(connection: Connection, wanted: boolean): void {
    const { will, session } = connection;
    connection.will = null;
    if (!will) return;
    this.#count(will, -1);
    if (!wanted) return this.#core.chores.batch.deleteWill(will.id);
    const delay = Math.min(will.delaySeconds, session?.expirySeconds ?? 0);
    if (delay === 0) return this.#publish(will, connection);
    const dueAt = steadyNow() + delay * 1000;
    const record = { ...will, dueAt: toWallClock(dueAt) };
    this.#core.chores.batch.putWill(record);
    this.#delay(record, detached(record), dueAt);
  }

  /** The session goes on with a new connection: its delayed will is not sent [MQTT-3.1.3-9]. */
  cancel(id: string, batch: Batch): void {
    if (this.#take(id)) batch.deleteWill(id);
  }

  /** A will is published no later than its session ends (§3.1.3.2.2). */
  sessionEnded(id: string): void {
    const will = this.#take(id);
    if (will) this.#publish(will.record, will.client);
  }

  /** Calls back when no will of this client is on its way: a CONNACK never overtakes one (§3.1.4). */
  whenPublished(id: string, done: () => void): void {
    const waiting = this.#publishing.get(id);
    if (waiting) waiting.push(done);
    else done();
  }

  /** Wills of before a restart: that of a connection open then is due its delay from now. */
  restore(record: WillRecord, now: number): void {
    const expirySeconds = this.#core.sessions.get(record.id)?.expirySeconds ?? 0;
    const delay = Math.min(record.delaySeconds, expirySeconds);
    const dueAt = record.dueAt ? fromWallClock(record.dueAt) : Infinity;
    this.#delay(record, detached(record), Math.min(dueAt, now + delay * 1000));
  }

  #delay(record: WillRecord, client: Publisher, dueAt: number): void {
    const will = new DelayedWill(record, client, dueAt, ({ record: { id } }) => this.sessionEnded(id));
    this.#delayed.set(record.id, will);
    this.#count(record, 1);
    this.#core.wheel.add(will);
  }

  #take(id: string): DelayedWill | undefined {
    const will = this.#delayed.get(id);
    if (!will) return undefined;
    this.#delayed.delete(id);
    this.#count(will.record, -1);
    this.#core.wheel.remove(will);
    return will;
  }

  #count({ message }: WillRecord, sign: 1 | -1): void {
    this.#core.counters.willBytes += sign * sizeOf(message);
  }

  #publish(record: WillRecord, client: Publisher): void {
    const { id, message: stored } = record;
    const message = new Message(this.#core.source, stored, id, steadyNow());
    const waiting: (() => void)[] = [];
    this.#publishing.set(id, waiting);
    this.#core.publications.fromWill(message, client, id, ({ failed }) => {
      // There was no room for it, and it is still in the store.
      if (failed && !this.#delayed.has(id)) this.#delay(record, client, steadyNow() + RETRY_MS);
      if (this.#publishing.get(id) === waiting) this.#publishing.delete(id);
      for (const done of waiting) done();
    });
  }
}

function detached({ id, owner }: WillRecord): DetachedClient {
  return { id, user: owner === '' ? undefined : owner, closed: true };
}

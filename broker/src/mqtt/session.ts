import { Readiness, type Subscriber, type Subscription } from '../routing/subscription.ts';
import { count } from './counters.ts';
import type { DeliveryMark } from '../store/store.ts';
import type { Connection } from './connection.ts';
import type { Core } from './core.ts';
import { mayGet } from './may-get.ts';
import { Deque } from './deque.ts';
import type { Message } from './message.ts';
import { Outgoing } from './outgoing.ts';
import type { QoS } from './packets.ts';
import type { Replay } from './replay.ts';
import type { Deadline } from './timer-wheel.ts';

/** Most sessions have nothing to send again, and share this. */
const NONE: never[] = [];
Object.freeze(NONE);

/** Others follow when their packet id is kept. */
function mayBeSent({ marked, qos, seq }: Outgoing): boolean {
  return marked || qos === 1 || seq === 0;
}

const MAX_PACKET_ID = 65_535;

/** Steps of a replay made in one go, with a message or without, before other clients have a turn. */
const REPLAY_BURST = 256;

/**
 * What the hub keeps for one client id over its connections (§4.1): subscriptions, one ordered queue that live and stored
 * messages both go through, messages in flight, and ids of QoS 2 messages received.
 */
export class Session implements Subscriber, Deadline {
  readonly id: string;
  /** User it belongs to; empty without accounts. */
  readonly owner: string;
  readonly subscriptions = new Map<string, Subscription>();
  /** About the memory they take. */
  subscriptionBytes = 0;
  readonly queue = new Deque<Outgoing>();
  /** By packet id, in the order they were sent. */
  readonly inflight = new Map<number, Outgoing>();
  /** QoS 2 ids received and not released yet. */
  received: Set<number> | undefined;
  connection: Connection | null = null;
  expirySeconds = 0;
  /** When it ends, by the steady clock; 0 while connected. */
  expiresAt = 0;
  ended = false;
  /** Staged for it by a share group and not committed yet: if it ends meanwhile they go to another member. */
  reserved: Set<Outgoing> | undefined;
  /** Whether the store knows it. */
  stored = false;
  nextSeq = 1;
  readonly #core: Core;
  #nextId = 1;
  #queuedBytes = 0;
  /** In flight on an earlier connection and not yet sent again on this one. */
  #resend: Outgoing[] = NONE;
  #replays: Replay[] = NONE;
  /** Their filters. */
  #replaying: Set<string> | undefined;
  /** The replays go on in the next turn. */
  #resting = false;
  #overflowing = false;
  #releases = 0;
  #pumping = false;

  constructor(core: Core, id: string, owner: string) {
    this.#core = core;
    this.id = id;
    this.owner = owner;
  }

  /** Whether it outlives its connection, and is therefore kept in the store. */
  get durable(): boolean {
    return this.expirySeconds > 0;
  }

  /** Whether nothing would be lost with it but itself. */
  get isEmpty(): boolean {
    if (this.received && this.received.size > 0) return false;
    return this.subscriptions.size === 0 && this.queue.length === 0 && this.inflight.size === 0;
  }

  get deadline(): number {
    return this.ended || this.expiresAt === 0 ? Infinity : this.expiresAt;
  }

  expire(): void {
    this.#core.sessions.expire(this);
  }

  /** Whether its user may have messages of a topic now; asked again when one is sent. */
  mayRead(message: Message): boolean {
    return mayGet(this.#core, this.connection ?? { id: this.id, user: this.owner }, message);
  }

  readiness(qos: QoS): Readiness {
    const { connection } = this;
    if (!connection?.connected) return qos > 0 && this.durable && !this.isFull(0) ? Readiness.Offline : Readiness.Never;
    if (qos === 0) return connection.sender.isCongested() ? Readiness.Busy : Readiness.Free;
    if (this.isFull(0)) return Readiness.Never;
    return this.queue.length === 0 && this.inflight.size < connection.window ? Readiness.Free : Readiness.Busy;
  }

  /** Whether one more message of this size would pass the queue's limits. */
  isFull(bytes: number): boolean {
    const { maxQueuedMessages, maxQueuedBytes } = this.#core.options;
    if (this.queue.length + this.inflight.size >= maxQueuedMessages) return true;
    if (this.#queuedBytes + bytes > maxQueuedBytes) return true;
    return !this.#core.backlog.admits(bytes, this.#queuedBytes, this.connection !== null);
  }

  /** Takes a message for this session, or drops it for this session alone when the queue is full. */
  accept(out: Outgoing): boolean {
    const { bytes } = out;
    if (this.isFull(bytes)) {
      this.#overflow();
      return false;
    }
    this.#queuedBytes += bytes;
    this.#core.counters.queuedMessages++;
    this.#core.counters.queuedBytes += bytes;
    return true;
  }

  /** Queues an accepted message and sends what may be sent. */
  enqueue(out: Outgoing): void {
    if (this.queue.length > 0 || !this.connection) out.message.detach();
    this.queue.push(out);
    this.pump();
  }

  /** Puts back what the store kept: what was sent is in flight again, the rest waits. */
  takeBack(out: Outgoing, mark: DeliveryMark | undefined): void {
    this.#queuedBytes += out.bytes;
    this.#core.counters.queuedMessages++;
    this.#core.counters.queuedBytes += out.bytes;
    if (!mark) return this.queue.push(out);
    out.packetId = mark.packetId;
    out.released = mark.released;
    out.sent = true;
    out.marked = true;
    this.inflight.set(out.packetId, out);
    if (out.packetId > this.#nextId) this.#nextId = out.packetId;
    this.#releases = Math.max(this.#releases, mark.order ?? 0);
  }

  /** The order of the PUBREC just received among all of this session. */
  nextRelease(): number {
    return ++this.#releases;
  }

  deliver0(message: Message, retain: boolean, identifiers: readonly number[] | undefined, now: number): void {
    const { connection } = this;
    // QoS 0 is not kept for an absent client (§3.1.2.4 leaves it open).
    if (connection?.connected) connection.sender.sendQoS0(message, retain, identifiers, now);
  }

  /** A message delivered, discarded or handed on: nothing of it remains here. */
  settle(out: Outgoing): void {
    if (out.packetId > 0) this.inflight.delete(out.packetId);
    // Acknowledged before it could be sent again: the client had it from the last connection.
    if (this.#resend.length > 0) this.#resend = this.#resend.filter((waiting) => waiting !== out);
    this.forget(out);
    if (out.seq > 0 && !this.ended) this.#core.chores.batch.dequeue(this.id, out.seq);
  }

  /** PUBREC came: PUBREL are sent again in the order of their PUBREC [MQTT-4.6.0-4]. */
  release(out: Outgoing): void {
    if (out.released || !this.inflight.delete(out.packetId)) return;
    out.released = true;
    this.inflight.set(out.packetId, out);
  }

  /** Takes a message out of the books, but not out of the store. */
  forget(out: Outgoing): void {
    const { bytes } = out;
    this.#queuedBytes -= bytes;
    this.#core.counters.queuedMessages--;
    this.#core.counters.queuedBytes -= bytes;
    if (this.#overflowing && this.queue.length * 2 < this.#core.options.maxQueuedMessages) this.#overflowing = false;
  }

  /** Messages in flight on the last connection are sent again, in their order [MQTT-4.4.0-1], [MQTT-4.6.0-1]. */
  resume(): void {
    this.#resend = this.inflight.size > 0 ? [...this.inflight.values()].filter(mayBeSent) : NONE;
  }

  addReplay(replay: Replay): void {
    (this.#replaying ??= new Set()).add(replay.filter);
    if (this.#replays === NONE) this.#replays = [];
    this.#replays.push(replay);
  }

  /** Drops the replay of a filter that was unsubscribed or subscribed anew. */
  cancelReplay(filter: string): void {
    if (this.#replaying?.delete(filter)) this.#replays = this.#replays.filter((replay) => replay.filter !== filter);
  }

  /** Sends what the client's window and its socket have room for: resends, then the queue, then retained messages. */
  pump(): void {
    const { connection } = this;
    if (!connection?.connected || this.#pumping) return;
    this.#pumping = true;
    try {
      this.#pumpQueue(connection);
      if (this.#replays.length > 0) this.#pumpReplays(connection);
    } finally {
      this.#pumping = false;
    }
  }

  #pumpQueue(connection: Connection): void {
    while (this.#hasWindow(connection) && !connection.sender.isCongested()) {
      const again = this.#resend.length > 0 ? this.#resend.shift() : undefined;
      if (again?.released) connection.sender.sendRelease(again.packetId);
      else if (again) connection.sender.sendOutgoing(again);
      else {
        const out = this.queue.shift();
        if (!out) return;
        this.#send(connection, out);
      }
    }
  }

  #hasWindow(connection: Connection): boolean {
    return this.inflight.size - this.#resend.length < connection.window;
  }

  #send(connection: Connection, out: Outgoing): void {
    if (!connection.sender.admits(out)) return this.settle(out);
    out.packetId = this.#allocateId();
    this.inflight.set(out.packetId, out);
    if (out.seq === 0 || out.qos === 1) {
      if (out.seq > 0) this.#core.chores.batch.mark(this.id, out.seq, { packetId: out.packetId, released: false });
      return connection.sender.sendOutgoing(out);
    }
    // QoS 2 is sent once over restarts too: its packet id must be kept before anyone sees it.
    const batch = this.#core.store.batch();
    batch.mark(this.id, out.seq, { packetId: out.packetId, released: false });
    batch.persist((error) => {
      if (error) this.#core.log('store-failed', { client: this.id, error: error.message });
      else this.#sendMarked(out);
    });
  }

  /** On whatever connection there is by now, and behind what is sent again. */
  #sendMarked(out: Outgoing): void {
    out.marked = true;
    const { connection } = this;
    if (!connection?.connected || this.inflight.get(out.packetId) !== out) return;
    if (this.#resend.length > 0) this.#resend.push(out);
    else connection.sender.sendOutgoing(out);
  }

  #pumpReplays(connection: Connection): void {
    for (let steps = 0; this.#replays.length > 0 && !this.#resting && !connection.sender.isCongested(); steps++) {
      if (steps === REPLAY_BURST) return this.#rest();
      const replay = this.#replays[0]!;
      const found = replay.look();
      if (found === 'end') this.#replaying?.delete(this.#replays.shift()!.filter);
      if (found !== 'message') continue;
      if (replay.qos > 0 && !this.#hasWindow(connection)) return;
      const { message, qos } = replay.take();
      if (qos === 0) connection.sender.sendReplayed(message, replay.identifiers);
      else this.#sendReplayed(connection, message, qos, replay.identifiers);
    }
  }

  #rest(): void {
    this.#resting = true;
    setImmediate(() => {
      this.#resting = false;
      this.pump();
    });
  }

  #sendReplayed(
    connection: Connection,
    message: Message,
    qos: 1 | 2,
    identifiers: readonly number[] | undefined,
  ): void {
    const out = new Outgoing(message, qos, true, identifiers, undefined, 0);
    if (this.accept(out)) this.#send(connection, out);
  }

  /** The next id not in use; the window is far below 65 535, so one is always near. */
  #allocateId(): number {
    do {
      this.#nextId = this.#nextId >= MAX_PACKET_ID ? 1 : this.#nextId + 1;
    } while (this.inflight.has(this.#nextId));
    return this.#nextId;
  }

  #overflow(): void {
    count(this.#core.counters.dropped, 'queue');
    if (this.#overflowing) return;
    this.#overflowing = true;
    this.#core.log('queue-full', {
      client: this.id,
      messages: this.queue.length + this.inflight.size,
      bytes: this.#queuedBytes,
    });
  }
}

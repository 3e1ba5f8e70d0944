import { checkDraft } from '../chat/draft.ts';
import type { Draft } from '../chat/draft.ts';
import type { Entry } from '../chat/entry.ts';
import { json } from '../codecs/json.ts';
import type { Json } from '../codecs/json.ts';
import { text } from '../codecs/text.ts';
import type { Api } from './api.ts';
import { isOfTheMoment, judge } from './arbiter.ts';
import { fullJitter } from './backoff.ts';
import type { Connection } from './connection.ts';
import { Emitter } from './emitter.ts';
import { ClientError, failureOf } from './errors.ts';
import type { Failure } from './errors.ts';
import type { OutboxStore, SendRecord } from './outbox-store.ts';
import type { Place } from './place.ts';
import { Alarm } from './platform.ts';
import type { Clock, Random } from './platform.ts';
import { TrackedSend } from './send.ts';
import type { Send, SendOwner } from './send.ts';

export interface OutboxContext {
  readonly connection: Connection;
  readonly api: Api;
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly makeId: () => string;
  readonly signal: AbortSignal;
  readonly problem: (what: string, error: unknown) => void;
  /** True while what is published is heard back. */
  readonly ready: () => boolean;
}

export interface OutboxOptions {
  readonly user: string;
  /** Sends on their way at a time. */
  readonly window: number;
  /** Milliseconds that the stamped entry may take after the acknowledgement, before the hub is asked. */
  readonly confirmMs: number;
}

export interface OutboxEvents {
  /** A send was added, changed its state or was forgotten. */
  change: Send;
}

/** So many connections lost with the same draft on its way, and it is held to be the cause. */
const SUSPICIOUS_LOSSES = 3;
const ASK_AGAIN = { baseMs: 500, capMs: 10_000 };

/**
 * What is on its way to one log. A draft is stored under its id before it is first sent, sent in order, sent again under
 * the same id on every connection, and forgotten only when the stamped entry is seen: so it is in the log once.
 *
 * The order holds because every connection carries drafts in their order and the hub takes the first of each id: a
 * draft can only arrive where all before it have arrived, or were settled before.
 */
export class Outbox extends Emitter<OutboxEvents> implements SendOwner {
  readonly #place: Place;
  readonly #context: OutboxContext;
  readonly #options: OutboxOptions;
  #queue: TrackedSend[] = []; // pending and failed, in order
  readonly #onTheWay = new Set<TrackedSend>();
  readonly #doubtful = new Set<TrackedSend>();
  /** Asked about over HTTP before it is sent on this connection: nothing behind it may be sent before it. */
  #suspect: TrackedSend | undefined;
  readonly #confirm: Alarm;
  readonly #askAgain: Alarm;
  #asking = false;
  #attempt = 0;
  #nextOrder = 1;

  constructor(place: Place, context: OutboxContext, options: OutboxOptions, records: readonly SendRecord[] = []) {
    super();
    this.#place = place;
    this.#context = context;
    this.#options = options;
    this.#confirm = new Alarm(context.clock);
    this.#askAgain = new Alarm(context.clock);
    this.#queue = records.map((record) => this.#revive(record));
  }

  /** Not sent yet: pending and failed, in the order they will have. */
  get sends(): readonly Send[] {
    return this.#queue;
  }

  get hasPending(): boolean {
    return this.#queue.some(({ isPending }) => isPending);
  }

  /** @throws ParleyError `payload-invalid` for a draft that no hub takes */
  send(given: string | Omit<Draft, 'id' | 'kind'> | Draft): Send {
    const draft = checkDraft((typeof given === 'string' ? { text: given } : given) as Json);
    // A lone surrogate has no UTF-8 form, but an escape in JSON.
    text.encode(draft.text ?? '');
    const { id = this.#context.makeId(), ...rest } = draft;
    const send = new TrackedSend(id, rest, this.#context.clock.now(), this.#nextOrder++, this);
    this.#queue.push(send);
    this.#store(send);
    this.emit('change', send);
    return send;
  }

  retry(send: TrackedSend): void {
    const { state } = send;
    if (state.state !== 'failed' || !this.#queue.includes(send)) return;
    const taken = state.failure.code === 'id-taken' ? send.id : undefined;
    if (taken !== undefined) send.rename(this.#context.makeId());
    send.losses = 0;
    // At the end: what was sent since may be in the log already.
    send.order = this.#nextOrder++;
    this.#queue = [...this.#queue.filter((one) => one !== send), send];
    send.become({ state: 'pending' });
    this.#store(send);
    if (taken !== undefined) void this.#forget(taken);
    this.emit('change', send);
  }

  discard(send: TrackedSend): boolean {
    if (send.isPending ? send.tried : send.state.state === 'sent') return false;
    this.#remove(send);
    this.emit('change', send);
    return true;
  }

  /** Heard again on a new connection: everything that is not settled is sent, or sent again. */
  flush(): void {
    this.#pump();
  }

  /** Entries of the log: those of ours settle what we sent. */
  seen(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const send = entry.from === this.#options.user && this.#queue.find(({ id }) => id === entry.id);
      if (send) this.#settle(send, entry);
    }
    this.#pump();
  }

  offline(): void {
    const [oldest] = this.#onTheWay;
    if (oldest) oldest.losses++;
    this.#startOver();
    this.#confirm.clear();
    this.#askAgain.clear();
  }

  close(): void {
    this.offline();
    for (const send of this.#queue) send.close();
  }

  #revive({ id, draft, at, order, failure }: SendRecord): TrackedSend {
    const send = new TrackedSend(id, draft, at, order, this);
    send.isStored = true;
    send.tried = true;
    this.#nextOrder = Math.max(this.#nextOrder, order + 1);
    if (failure) send.become({ state: 'failed', failure: failure as Failure });
    return send;
  }

  /** Before it is first tried: what is not in storage may be sent twice after a crash. */
  #store(send: TrackedSend): void {
    send.isStored = false;
    send.stored = this.#context.store.put(this.#place.key, send);
    void this.#pumpWhenStored(send, send.stored);
  }

  async #pumpWhenStored(send: TrackedSend, stored: Promise<void>): Promise<void> {
    try {
      await stored;
    } catch (error) {
      return this.#fail(send, failureOf(error));
    }
    send.isStored = true;
    this.#pump();
  }

  #pump(): void {
    const { connection, signal, ready } = this.#context;
    if (signal.aborted || !connection.isOnline || !ready()) return;
    for (const send of this.#queue) {
      if (this.#onTheWay.size >= this.#options.window) return;
      if (send === this.#suspect) return;
      if (!send.isPending || this.#onTheWay.has(send)) continue;
      // Not stored yet: what is behind it waits with it, for the order.
      if (!send.isStored) return;
      if (send.losses >= SUSPICIOUS_LOSSES) return this.#withhold(send);
      void this.#transmit(send);
    }
  }

  async #transmit(send: TrackedSend): Promise<void> {
    this.#onTheWay.add(send);
    send.tried = true;
    try {
      const payload = json.encode(this.#draftOf(send) as Json);
      const options = { qos: 1, contentType: json.contentType } as const;
      await this.#context.connection.publish(this.#place.topic, payload, options);
    } catch (error) {
      if (error instanceof ClientError) return;
      const failure = failureOf(error);
      return isOfTheMoment(failure.code) ? this.#undecided(send) : this.#fail(send, failure);
    }
    if (this.#onTheWay.has(send) && !this.#confirm.isSet) this.#confirmSoon();
  }

  /** Acknowledged, and the entry is still to come. When it does not, the hub is asked. */
  #confirmSoon(): void {
    this.#confirm.set(this.#options.confirmMs, () => {
      for (const send of this.#onTheWay) this.#doubtful.add(send);
      void this.#ask();
    });
  }

  #withhold(send: TrackedSend): void {
    this.#suspect = send;
    this.#onTheWay.add(send);
    this.#doubtful.add(send);
    void this.#ask();
  }

  /** Asks about the doubtful ones, oldest first: a later one must not overtake it. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      for (let send = this.#nextDoubtful(); send; send = this.#nextDoubtful()) {
        const { api, signal } = this.#context;
        const verdict = await judge(api, this.#place, this.#draftOf(send), signal);
        if (signal.aborted) return;
        if (verdict && 'entry' in verdict) this.seen([verdict.entry]);
        else if (verdict) this.#fail(send, verdict.failure);
        else return this.#undecided(send);
        this.#attempt = 0;
      }
    } finally {
      this.#asking = false;
    }
  }

  #nextDoubtful(): TrackedSend | undefined {
    const oldest = this.#queue.find(({ isPending }) => isPending);
    return oldest && this.#doubtful.has(oldest) ? oldest : undefined;
  }

  /** No word on the draft itself: it goes once more over MQTT, after a while. */
  #undecided(send: TrackedSend): void {
    if (!this.#onTheWay.has(send)) return;
    send.losses = 0;
    this.#askAgain.set(fullJitter(this.#attempt++, ASK_AGAIN, this.#context.random), () => {
      this.#startOver();
      this.#pump();
    });
  }

  /** Nothing is on its way; what is pending is sent from the oldest on. */
  #startOver(): void {
    this.#onTheWay.clear();
    this.#doubtful.clear();
    this.#suspect = undefined;
  }

  #settle(send: TrackedSend, entry: Entry): void {
    this.#remove(send);
    send.become({ state: 'sent', entry });
    this.emit('change', send);
  }

  #fail(send: TrackedSend, failure: Failure): void {
    if (!send.isPending || !this.#queue.includes(send)) return;
    this.#letGo(send);
    send.become({ state: 'failed', failure });
    void this.#context.store
      .put(this.#place.key, send)
      .catch((error: unknown) => this.#context.problem(`outbox of ${this.#place.key}`, error));
    this.emit('change', send);
    this.#pump();
  }

  #remove(send: TrackedSend): void {
    this.#letGo(send);
    this.#queue = this.#queue.filter((one) => one !== send);
    void this.#forget(send.id);
  }

  #letGo(send: TrackedSend): void {
    this.#onTheWay.delete(send);
    this.#doubtful.delete(send);
    if (this.#suspect === send) this.#suspect = undefined;
    this.#confirm.clear();
    if (this.#onTheWay.size > 0) this.#confirmSoon();
  }

  /** When it is not forgotten it is sent again by the next run, and the hub knows it. */
  async #forget(id: string): Promise<void> {
    await this.#context.store
      .delete(id)
      .catch((error: unknown) => this.#context.problem(`outbox of ${this.#place.key}`, error));
  }

  #draftOf({ id, draft }: TrackedSend): Draft {
    return { ...draft, id };
  }
}

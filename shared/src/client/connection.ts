import { fullJitter } from './backoff.ts';
import type { BackoffOptions } from './backoff.ts';
import { ClientError, codeOfReason, Refused } from './errors.ts';
import type { Failure } from './errors.ts';
import { Emitter } from './emitter.ts';
import type { Answer, Link, Message, OpenLink, PublishOptions } from './link.ts';
import { Alarm } from './platform.ts';
import type { Clock, Random } from './platform.ts';
import { Subscriptions } from './subscriptions.ts';
import type { Listener } from './subscriptions.ts';

/** Where the connection stands. */
export type ConnectionState =
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'online'; readonly since: number }
  /** Lost or not reached; tried again at `retryAt`, in ms since the Unix epoch. */
  | { readonly state: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly failure: Failure }
  /** The hub refuses these credentials: nothing is tried until `reconnect()`. */
  | { readonly state: 'refused'; readonly failure: Failure }
  | { readonly state: 'closed' };

export interface ConnectionEvents {
  state: ConnectionState;
}

export interface ConnectionOptions extends BackoffOptions {
  readonly url: string;
  readonly clientId: string;
  readonly username: string;
  /** Asked for at each connection. */
  readonly password: () => Promise<string | undefined>;
  /** Seconds of silence after which each side asks whether the other is there. @default 30 */
  readonly keepaliveSeconds?: number;
  /** Milliseconds that the hub may take to accept a connection. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** Milliseconds that the hub may take for an acknowledgement, before the connection is held to be dead. @default 15_000 */
  readonly ackTimeoutMs?: number;
}

export interface ConnectionContext {
  readonly openLink: OpenLink;
  readonly clock: Clock;
  readonly random: Random;
}

/** Kept up this long, a connection counts as good, and the next loss starts the back-off anew. */
const STABLE_MS = 5000;
/** How long a goodbye may take. */
const GOODBYE_MS = 500;
/** CONNACK reasons that another try does not change: credentials, name, version, banned (MQTT 5.0 §3.2.2.2). */
const lasting = new Set([0x84, 0x85, 0x86, 0x87, 0x8a, 0x8c]);

/** The way to the hub: comes back by itself, and subscribes again to all that is listened to. */
export class Connection extends Emitter<ConnectionEvents> {
  readonly #context: ConnectionContext;
  readonly #options: ConnectionOptions & { readonly ackTimeoutMs: number };
  readonly #subscriptions = new Subscriptions();
  readonly #unanswered = new Set<(error: Error) => void>();
  readonly #retry: Alarm;
  readonly #probe: Alarm;
  #link: Link | undefined;
  #state: ConnectionState = { state: 'waiting', attempt: 0, retryAt: 0, failure: { code: 'link-down', message: '' } };
  #attempt = 0;

  constructor(context: ConnectionContext, options: ConnectionOptions) {
    super();
    this.#context = context;
    this.#options = { ackTimeoutMs: 15_000, ...options };
    this.#retry = new Alarm(context.clock);
    this.#probe = new Alarm(context.clock);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get isOnline(): boolean {
    return this.#state.state === 'online';
  }

  /** Starts, or tries again at once. */
  open(): void {
    if (this.#state.state !== 'waiting' && this.#state.state !== 'refused') return;
    this.#retry.clear();
    this.#become({ state: 'connecting', attempt: this.#attempt });
    void this.#connect();
  }

  /** A good moment to look: the network is back, or the page is seen again. */
  wake(): void {
    if (this.#state.state === 'waiting') this.open();
    else if (this.isOnline && this.#link) this.#check(this.#link);
  }

  async close(): Promise<void> {
    if (this.#state.state === 'closed') return;
    const { isOnline } = this;
    const link = this.#link;
    this.#link = undefined;
    this.#retry.clear();
    this.#probe.clear();
    this.#become({ state: 'closed' });
    this.#abandon(new ClientError('closed'));
    if (link && isOnline) await this.#goodbye(link);
    else link?.abort();
  }

  /** Subscribes now and on every connection, until released. Retained messages come again with each listener. */
  listen(filter: string, listener: Listener): () => void {
    this.#subscriptions.add(filter, listener);
    if (this.isOnline) void this.#subscribe(filter);
    return () => {
      const unused = this.#subscriptions.remove(filter, listener);
      if (unused && this.isOnline) void this.#ask((link) => link.unsubscribe(filter)).catch(() => undefined);
    };
  }

  /**
   * Sends now or not at all. At QoS 1 and 2 it resolves when the hub acknowledged.
   * @throws ClientError `link-down`: it may or may not have been received; `closed`
   * @throws Refused by the hub
   */
  async publish(topic: string, payload: Uint8Array, options: PublishOptions = {}): Promise<void> {
    const {
      reasonCode,
      reason,
      code = codeOfReason(reasonCode),
    } = await this.#ask((link) => link.publish(topic, payload, options));
    if (reasonCode < 0x80) return;
    throw new Refused({ code, message: reason ?? `The hub refused a publish to ${topic}.`, reasonCode });
  }

  async #connect(): Promise<void> {
    const { url, clientId, username, keepaliveSeconds = 30, connectTimeoutMs = 10_000 } = this.#options;
    let password: string | undefined;
    try {
      password = await this.#options.password();
    } catch (error) {
      return this.#lost({ code: 'link-down', message: `no token: ${(error as Error).message}` }, false);
    }
    if (this.#state.state !== 'connecting') return;
    const own = { clientId, username, ...(password !== undefined && { password }) };
    const link = this.#context.openLink(
      url,
      { ...own, keepaliveSeconds, connectTimeoutMs },
      {
        opened: () => this.#isCurrent(link) && this.#opened(),
        message: (message: Message) => this.#isCurrent(link) && this.#subscriptions.dispatch(message),
        closed: (failure, refused) => this.#isCurrent(link) && this.#lost(failure, refused),
      },
    );
    this.#link = link;
  }

  #isCurrent(link: Link): boolean {
    return link === this.#link;
  }

  #opened(): void {
    this.#state = { state: 'online', since: this.#context.clock.now() };
    // On the wire before anything that listeners of the state may publish, so nothing that it causes is missed.
    for (const filter of this.#subscriptions.filters()) void this.#subscribe(filter);
    this.emit('state', this.#state);
  }

  #lost(failure: Failure, refused: boolean): void {
    const { clock, random } = this.#context;
    const before = this.#state;
    this.#link = undefined;
    this.#probe.clear();
    if (before.state === 'online' && clock.now() - before.since >= STABLE_MS) this.#attempt = 0;
    if (refused && lasting.has(failure.reasonCode ?? 0)) {
      this.#become({ state: 'refused', failure });
    } else {
      const wait = fullJitter(this.#attempt++, this.#options, random);
      this.#retry.set(wait, () => this.open());
      this.#become({ state: 'waiting', attempt: this.#attempt, retryAt: clock.now() + wait, failure });
    }
    this.#abandon(new ClientError('link-down', failure.message));
  }

  async #subscribe(filter: string): Promise<void> {
    const link = this.#link;
    const qos = this.#subscriptions.qos(filter);
    const number = this.#subscriptions.number(filter);
    const answer = await this.#ask((one) => one.subscribe(filter, qos, number)).catch(() => undefined);
    // Without an answer the connection is gone, and the next one asks again.
    if (!answer || !link || link !== this.#link) return;
    for (const listener of this.#subscriptions.of(filter)) {
      if (answer.reasonCode < 0x80) listener.granted?.();
      else listener.refused?.(filterFailure(filter, answer));
    }
  }

  /** What the hub answers on this connection. No answer in time means that the connection is dead. */
  async #ask<T>(send: (link: Link) => Promise<T>): Promise<T> {
    const link = this.#link;
    if (!link || !this.isOnline) throw new ClientError(this.#state.state === 'closed' ? 'closed' : 'link-down');
    const overdue = new Alarm(this.#context.clock);
    let abandon!: (error: Error) => void;
    const abandoned = new Promise<never>((_resolve, reject) => (abandon = reject));
    this.#unanswered.add(abandon);
    overdue.set(this.#options.ackTimeoutMs, () => this.#drop(link, 'The hub stopped answering.'));
    try {
      return await Promise.race([send(link).catch(asLinkDown), abandoned]);
    } finally {
      overdue.clear();
      this.#unanswered.delete(abandon);
    }
  }

  #check(link: Link): void {
    if (this.#probe.isSet) return;
    this.#probe.set(Math.min(4000, this.#options.ackTimeoutMs), () => this.#drop(link, 'The hub stopped answering.'));
    void link.probe().then(() => this.#isCurrent(link) && this.#probe.clear());
  }

  #drop(link: Link, message: string): void {
    if (!this.#isCurrent(link)) return;
    link.abort();
    this.#lost({ code: 'link-down', message }, false);
  }

  async #goodbye(link: Link): Promise<void> {
    const late = new Alarm(this.#context.clock);
    const gaveUp = new Promise<void>((resolve) => late.set(GOODBYE_MS, resolve));
    await Promise.race([link.end().catch(() => undefined), gaveUp]);
    late.clear();
    link.abort();
  }

  #abandon(error: Error): void {
    for (const abandon of this.#unanswered) abandon(error);
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    this.emit('state', state);
  }
}

function filterFailure(filter: string, { reasonCode, reason }: Answer): Failure {
  return {
    code: codeOfReason(reasonCode),
    message: `The hub refused the filter ${filter}${reason ? `: ${reason}` : '.'}`,
    reasonCode,
  };
}

function asLinkDown(error: Error): never {
  throw new ClientError('link-down', error.message, { cause: error });
}

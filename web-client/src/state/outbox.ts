import { checkDraft, json, topics } from '@parley/shared';
import type { Json, Refusal } from '@parley/shared';
import { ulid } from 'ulid';
import { LinkDown } from '../link/link.ts';
import type { Link } from '../link/link.ts';
import { Observable } from '../observable.ts';

/** A message of ours that the hub has not stamped yet. */
export interface Outgoing {
  readonly id: string;
  readonly channel: string;
  readonly text: string;
  /** Milliseconds since the Unix epoch, by this machine's clock. */
  readonly at: number;
  readonly state: 'waiting' | 'sending' | 'failed';
  /** Why it failed, for a person. */
  readonly reason?: string;
}

export interface OutboxOptions {
  readonly now?: () => number;
  readonly makeId?: () => string;
  /** How long after the acknowledgement the stamped entry may take. @default 5000 */
  readonly confirmMs?: number;
  /** Sends that may end with a lost connection before a message is held to be the cause. @default 3 */
  readonly attempts?: number;
}

const UNCONFIRMED = 'The hub took it but did not show it. Retrying cannot send it twice.';
const UNSENDABLE = 'The connection ended each time it was sent. It may be too long.';

/**
 * Messages on their way. One is in flight per channel at a time: they arrive in the order they were written, and a
 * refusal, which names only the topic, can only mean that one. Everything is sent again under the same id after a
 * reconnect; the hub knows the id, so nothing doubles.
 */
export class Outbox extends Observable {
  readonly #link: Link;
  readonly #options: Required<OutboxOptions>;
  readonly #items = new Map<string, Outgoing>(); // by id, in the order written
  readonly #attempts = new Map<string, number>(); // by id
  readonly #confirming = new Map<string, ReturnType<typeof setTimeout>>(); // by id
  /** Asked to look again for what was acknowledged but has not arrived. */
  lookAgain: (channel: string) => Promise<void> = async () => undefined;

  constructor(link: Link, options: OutboxOptions = {}) {
    super();
    this.#link = link;
    this.#options = { now: Date.now, makeId: () => ulid(), confirmMs: 5000, attempts: 3, ...options };
  }

  /** Messages that are not sent yet and will be. */
  get waiting(): number {
    return [...this.#items.values()].filter(({ state }) => state !== 'failed').length;
  }

  of(channel: string): Outgoing[] {
    return [...this.#items.values()].filter((item) => item.channel === channel);
  }

  send(channel: string, text: string): string {
    const { makeId, now } = this.#options;
    const id = makeId();
    this.#set({ id, channel, text, at: now(), state: 'waiting' });
    this.#pump(channel);
    return id;
  }

  /**
   * Sends what waits, on a new connection. What the last one acknowledged but never showed is sent again: a hub that
   * knows its id answers with the same entry, one that was restarted without it takes it now.
   */
  flush(): void {
    for (const item of this.#items.values()) {
      if (item.state !== 'sending') continue;
      this.#stopWaiting(item.id);
      this.#set({ ...item, state: 'waiting' });
    }
    for (const channel of new Set([...this.#items.values()].map((item) => item.channel))) this.#pump(channel);
  }

  retry(id: string): void {
    const item = this.#items.get(id);
    if (item?.state !== 'failed') return;
    this.#attempts.delete(id);
    // At the end: what was written since has been sent before it.
    this.#items.delete(id);
    this.#set({ ...plain(item), state: 'waiting' });
    this.#pump(item.channel);
  }

  discard(id: string): void {
    this.#drop(id);
  }

  /** The hub stamped the entry with this id. */
  confirm(id: string): void {
    this.#drop(id);
  }

  /** The hub refused a publish of ours. */
  refuse(refusal: Refusal): void {
    const channel = topics.chat.parse(refusal.topic)?.channel;
    const item = channel === undefined ? undefined : this.of(channel).find(({ state }) => state === 'sending');
    if (item) this.#fail(item, refusal.message);
  }

  close(): void {
    for (const timer of this.#confirming.values()) clearTimeout(timer);
    this.#confirming.clear();
  }

  #pump(channel: string): void {
    if (this.#link.status.state !== 'online') return;
    const queue = this.of(channel);
    if (queue.some(({ state }) => state === 'sending')) return;
    const next = queue.find(({ state }) => state === 'waiting');
    if (next) void this.#transmit(next);
  }

  async #transmit(item: Outgoing): Promise<void> {
    const attempt = (this.#attempts.get(item.id) ?? 0) + 1;
    this.#attempts.set(item.id, attempt);
    const sending = this.#set({ ...item, state: 'sending' });
    try {
      await this.#link.publish(topics.chat.build({ channel: item.channel }), encode(item), { qos: topics.chat.qos });
    } catch (error) {
      this.#notSent(sending, error as Error, attempt);
      return;
    }
    if (this.#items.get(item.id) === sending) this.#awaitEntry(sending);
  }

  #notSent(item: Outgoing, error: Error, attempt: number): void {
    if (this.#items.get(item.id) !== item) return;
    if (!(error instanceof LinkDown)) this.#fail(item, error.message);
    else if (attempt >= this.#options.attempts) this.#fail(item, UNSENDABLE);
    else this.#set({ ...item, state: 'waiting' });
  }

  #awaitEntry(item: Outgoing): void {
    const look = async (): Promise<void> => {
      // Without a connection the next one sends it again.
      if (this.#link.status.state !== 'online') return;
      await this.lookAgain(item.channel).catch(() => undefined);
      if (this.#items.get(item.id) === item) this.#fail(item, UNCONFIRMED);
    };
    this.#confirming.set(
      item.id,
      setTimeout(() => void look(), this.#options.confirmMs),
    );
  }

  #fail(item: Outgoing, reason: string): void {
    this.#stopWaiting(item.id);
    this.#set({ ...item, state: 'failed', reason });
    this.#pump(item.channel);
  }

  #set(item: Outgoing): Outgoing {
    this.#items.set(item.id, item);
    this.changed();
    return item;
  }

  #drop(id: string): void {
    const item = this.#items.get(id);
    if (!item) return;
    this.#items.delete(id);
    this.#attempts.delete(id);
    this.#stopWaiting(id);
    this.changed();
    this.#pump(item.channel);
  }

  #stopWaiting(id: string): void {
    clearTimeout(this.#confirming.get(id));
    this.#confirming.delete(id);
  }
}

function plain({ id, channel, text, at }: Outgoing): Omit<Outgoing, 'state' | 'reason'> {
  return { id, channel, text, at };
}

/** @throws ParleyError `payload-invalid` when the text has no UTF-8 form or is empty */
function encode({ id, text }: Outgoing): Uint8Array {
  return json.encode(checkDraft({ id, kind: 'text', text }) as Json);
}

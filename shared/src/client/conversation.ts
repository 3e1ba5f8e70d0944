import type { Draft } from '../chat/draft.ts';
import type { Entry } from '../chat/entry.ts';
import { Emitter, nextOf } from './emitter.ts';
import type { Failure } from './errors.ts';
import type { Gap } from './history.ts';
import { LogReader } from './log-reader.ts';
import type { LogReaderContext, LogReaderOptions } from './log-reader.ts';
import { Outbox } from './outbox.ts';
import type { OutboxContext, OutboxOptions } from './outbox.ts';
import type { SendRecord } from './outbox-store.ts';
import type { Place } from './place.ts';
import { queueUntil } from './queue.ts';
import type { AsyncQueue } from './queue.ts';
import type { ReadPositions } from './read-positions.ts';
import type { Send } from './send.ts';
import { Typing } from './typing.ts';

export interface ConversationContext extends LogReaderContext, Omit<OutboxContext, 'ready'> {
  readonly reads: ReadPositions;
  /** Called when it is closed and has nothing left to send. */
  readonly released: (conversation: Conversation) => void;
}

export type ConversationOptions = LogReaderOptions & OutboxOptions;

/** What a draft is given as: text, or the fields of PRODUCT.md §4. */
export type NewDraft = string | Omit<Draft, 'id' | 'kind'> | Draft;

/** One row to show: an entry, a hole that retention left, or something of ours that is not in the log yet. */
export type Item =
  | { readonly type: 'entry'; readonly entry: Entry }
  | { readonly type: 'gap'; readonly gap: Gap }
  | { readonly type: 'send'; readonly send: Send };

export interface ConversationEvents {
  /** The next entry of the log: each once, in the order of `seq`. `live` when it was not fetched afterwards. */
  entry: { readonly entry: Entry; readonly live: boolean };
  /** Something of ours was added, changed its state, or was forgotten. */
  send: Send;
  /** The log is another one (the channel was made anew, or the hub restored): what was held is gone. */
  log: { readonly log: string | undefined };
  /** Who writes now. */
  typing: readonly string[];
  /** How far the user has read, here or elsewhere. */
  read: number;
  /** Anything of the above, older entries and failures: time to show it again. */
  change: void;
}

/**
 * A channel or the direct messages with one user: its log as far as it is held, live, and what is on its way to it.
 * Works without a connection: cached entries are there, and what is sent waits in storage.
 */
export class Conversation extends Emitter<ConversationEvents> {
  readonly #place: Place;
  readonly #context: ConversationContext;
  readonly #reader: LogReader;
  readonly #outbox: Outbox;
  readonly #typing: Typing;
  readonly #releases: (() => void)[] = [];
  readonly #opened: Promise<void>;
  readonly #pageSize: number;
  #held = true;
  #closing: Promise<void> | undefined;

  constructor(
    place: Place,
    context: ConversationContext,
    options: ConversationOptions,
    records: readonly SendRecord[],
  ) {
    super();
    this.#place = place;
    this.#context = context;
    this.#pageSize = options.pageSize;
    this.#reader = new LogReader(place, context, options);
    this.#outbox = new Outbox(place, { ...context, ready: () => this.#reader.ready }, options, records);
    this.#typing = new Typing(context, { topic: place.typingTopic, user: options.user });
    this.#wire();
    this.#opened = this.#reader.open();
  }

  /** Of the channel, or of the other user. */
  get name(): string {
    return this.#place.name;
  }

  /** Entries held, in the order of `seq`. */
  get entries(): readonly Entry[] {
    return this.#reader.history.entries;
  }

  /** What is on its way or failed, in the order it will have in the log. */
  get sends(): readonly Send[] {
    return this.#outbox.sends;
  }

  /** All there is to show, in order. */
  get items(): Item[] {
    const gaps = new Map(this.#reader.history.gaps().map((gap) => [gap.before, gap]));
    const rows = this.entries.flatMap((entry): Item[] => {
      const gap = gaps.get(entry.seq);
      return gap
        ? [
            { type: 'gap', gap },
            { type: 'entry', entry },
          ]
        : [{ type: 'entry', entry }];
    });
    return [...rows, ...this.sends.map((send): Item => ({ type: 'send', send }))];
  }

  /** Holes in `entries` that cannot be filled: the hub no longer keeps what was there. */
  get gaps(): readonly Gap[] {
    return this.#reader.history.gaps();
  }

  /** The life of the log that the entries are of; undefined until it is known. */
  get log(): string | undefined {
    return this.#reader.history.log;
  }

  /** The newest `seq` held, 0 for none. */
  get lastSeq(): number {
    return this.#reader.history.lastSeq;
  }

  /** Whether `older()` may find more. */
  get hasOlder(): boolean {
    return this.#reader.history.hasOlder;
  }

  /** True once the newest entries are here, or it is known that there are none. */
  get loaded(): boolean {
    return this.#reader.loaded;
  }

  /** Why entries could not be fetched, until they could. */
  get failure(): Failure | undefined {
    return this.#reader.failure;
  }

  /** Who writes now, but us. */
  get typing(): readonly string[] {
    return this.#typing.names;
  }

  /** The `seq` that the user has read so far, on any device. */
  get readSeq(): number {
    return this.#context.reads.get(this.#place.key);
  }

  get unread(): number {
    return Math.max(0, this.lastSeq - this.readSeq);
  }

  /** How much waits to be sent. */
  get pending(): number {
    return this.sends.filter(({ state }) => state.state === 'pending').length;
  }

  /** Whether something waits to be sent. */
  get isSending(): boolean {
    return this.#outbox.hasPending;
  }

  /**
   * Sends, now or when it can. It shows at once in `sends`; what became of it is in its `state`.
   * @throws ParleyError `payload-invalid` for a draft that no hub takes
   */
  send(draft: NewDraft): Send {
    const send = this.#outbox.send(draft);
    this.#typing.sent();
    return send;
  }

  /**
   * Fetches entries before the first one held and adds them.
   * @param limit at most 1000; the channel's page size when absent
   * @returns the entries added, none when there are no more
   * @throws ApiError, ClientError `hub-unreachable`, the signal's reason
   */
  older({
    limit = this.#pageSize,
    signal = this.#context.signal,
  }: { limit?: number; signal?: AbortSignal } = {}): Promise<readonly Entry[]> {
    return this.#reader.older(limit, signal);
  }

  /** Lets go of entries over the bound that `older()` brought. */
  trim(): void {
    this.#reader.history.trim();
    this.emit('change', undefined);
  }

  /** Resolves when `loaded` is true. @throws the signal's reason, ClientError `closed` */
  async whenLoaded({ signal = this.#context.signal }: { signal?: AbortSignal } = {}): Promise<void> {
    while (!this.loaded) await nextOf(this, 'change', signal);
  }

  /** Looks for missed entries now; they are looked for without it too. */
  refresh(): Promise<void> {
    return this.#reader.catchUp();
  }

  /** Everything up to `seq` is read; up to the newest when absent. */
  markRead(seq = this.lastSeq): void {
    this.#context.reads.mark(this.#place.key, Math.min(seq, this.lastSeq), this.log);
  }

  /** Tells the others that we are writing. Call it at every key. */
  type(): void {
    this.#typing.say();
  }

  /**
   * Entries from now on, each once and in order; what was in the log before is in `entries`.
   * @param options.bound entries that wait for a slow reader; past it the oldest is dropped and counted. @default 10_000
   */
  follow({ signal, bound = 10_000 }: { signal?: AbortSignal; bound?: number } = {}): AsyncQueue<Entry> {
    const queue = queueUntil<Entry>(bound, [signal, this.#context.signal]);
    queue.whenEnded(this.on('entry', ({ entry }) => this.loaded && queue.push(entry)));
    return queue;
  }

  /** Stops following. What waits to be sent is still sent. */
  async close(): Promise<void> {
    this.#held = false;
    await this.#releaseWhenDone();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal Somebody follows it again. */
  hold(): void {
    this.#held = true;
  }

  /** @internal Nobody asked for it: it is here for what waits to be sent. */
  release(): void {
    this.#held = false;
  }

  /** @internal Ends at once; what waits stays in storage. */
  end(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    for (const release of this.#releases.splice(0)) release();
    this.#outbox.close();
    this.#typing.close();
    await this.#opened;
    await this.#reader.close();
  }

  #wire(): void {
    const { connection, reads } = this.#context;
    const { key } = this.#place;
    this.#releases.push(
      connection.on('state', ({ state }) => state !== 'online' && this.#outbox.offline()),
      this.#reader.on('ready', () => this.#outbox.flush()),
      this.#reader.on('entries', (news) => this.#news(news)),
      this.#reader.on('log', ({ log }) => {
        reads.follow(key, log ?? '', 0);
        this.emit('log', { log });
      }),
      this.#reader.on('change', () => this.emit('change', undefined)),
      this.#outbox.on('change', (send) => this.#sendChanged(send)),
      this.#typing.on('change', (names) => this.#both('typing', names)),
      reads.on('change', (read) => read.key === key && this.#both('read', read.seq)),
    );
  }

  #news({ entries, live }: { entries: readonly Entry[]; live: boolean }): void {
    if (this.log !== undefined) this.#context.reads.follow(this.#place.key, this.log, this.lastSeq);
    this.#outbox.seen(entries);
    if (live) this.#typing.seen(entries);
    for (const entry of entries) this.emit('entry', { entry, live });
  }

  #sendChanged(send: Send): void {
    this.#both('send', send);
    void this.#releaseWhenDone();
  }

  #both<Name extends 'send' | 'typing' | 'read'>(name: Name, event: ConversationEvents[Name]): void {
    this.emit(name, event);
    this.emit('change', undefined);
  }

  async #releaseWhenDone(): Promise<void> {
    if (this.#held || this.#outbox.hasPending || this.#closing) return;
    this.#context.released(this);
    await this.end();
  }
}

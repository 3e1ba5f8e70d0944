import { entryCodec, channelCodec, pageSchema } from '../chat/entry.ts';
import type { Entry, Page } from '../chat/entry.ts';
import { tryJson } from '../codecs/json.ts';
import { ApiError } from './api.ts';
import type { Api } from './api.ts';
import { fullJitter } from './backoff.ts';
import type { Connection } from './connection.ts';
import { decoded } from './decoded.ts';
import { Emitter } from './emitter.ts';
import { failureOf } from './errors.ts';
import type { Failure } from './errors.ts';
import { History } from './history.ts';
import type { Message } from './link.ts';
import type { Place } from './place.ts';
import { Alarm } from './platform.ts';
import type { Clock, Random } from './platform.ts';
import { Scope } from './scope.ts';
import type { ClientStorage } from './storage.ts';

export interface LogReaderContext {
  readonly connection: Connection;
  readonly api: Api;
  readonly storage: ClientStorage;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of what failed in the background and is not lost by it. */
  readonly problem: (what: string, error: unknown) => void;
}

export interface LogReaderOptions {
  /** Key of the cache in storage. */
  readonly cacheKey: string;
  readonly keepEntries: number;
  readonly cacheEntries: number;
  readonly pageSize: number;
  /** Past this many missed entries the newest page replaces what is held. */
  readonly maxCatchUp: number;
}

export interface LogReaderEvents {
  /** Entries that follow the ones before, in order. `live` when they were not fetched after a cut or at the start. */
  entries: { readonly entries: readonly Entry[]; readonly live: boolean };
  /** The log is another one than what was held: everything held was dropped. */
  log: { readonly log: string | undefined };
  /** Anything that shows: entries, older ones, gaps, failures. */
  change: void;
  /** Subscribed on a new connection: what is published from now on is heard. */
  ready: void;
}

const CACHE_MS = 500;
const MAX_PAGE = 1000;
const RETRY = { baseMs: 500, capMs: 10_000 };

/** Follows one log: cache first, then what was missed, then live, every entry once and in order. */
export class LogReader extends Emitter<LogReaderEvents> {
  readonly #place: Place;
  readonly #context: LogReaderContext;
  readonly #options: LogReaderOptions;
  readonly #history: History;
  readonly #scope = new Scope();
  readonly #retry: Alarm;
  readonly #save: Alarm;
  #attempt = 0;
  #loaded = false;
  #failure: Failure | undefined;
  #subscribed = false;
  #catching: Promise<void> | undefined;
  #again = false;
  #unsaved = false;

  constructor(place: Place, context: LogReaderContext, options: LogReaderOptions) {
    super();
    this.#place = place;
    this.#context = context;
    this.#options = options;
    this.#history = new History(options.keepEntries);
    this.#retry = new Alarm(context.clock);
    this.#save = new Alarm(context.clock);
  }

  get history(): History {
    return this.#history;
  }

  /** True once the newest entries are here, or it is known that there are none. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Why entries could not be fetched, until they could. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Whether what is published now on this connection is heard. */
  get ready(): boolean {
    return this.#subscribed;
  }

  async open(): Promise<void> {
    await this.#restore();
    if (this.#scope.signal.aborted) return;
    const { connection } = this.#context;
    const { topic, aboutTopic } = this.#place;
    this.#scope.defer(connection.on('state', ({ state }) => state !== 'online' && this.#offline()));
    this.#scope.defer(
      connection.listen(topic, {
        qos: 1,
        message: ({ payload }) => this.#receive(payload),
        granted: () => this.#granted(),
        refused: (failure) => this.#fail(failure),
      }),
    );
    if (aboutTopic === undefined) return;
    this.#scope.defer(connection.listen(aboutTopic, { qos: 1, message: (message) => this.#described(message) }));
  }

  async close(): Promise<void> {
    this.#retry.clear();
    this.#save.clear();
    await this.#scope.close();
    // The hub's `close()` waits for what is being written.
    if (this.#unsaved) void this.#saveCache();
  }

  /** Fetches what was missed; one fetch at a time, and one more when something was missed during it. */
  async catchUp(): Promise<void> {
    if (this.#scope.signal.aborted) return;
    this.#again = true;
    this.#catching ??= this.#catchUpWhileAsked();
    await this.#catching;
  }

  /** @throws ApiError, ClientError, the signal's reason */
  async older(limit: number, signal: AbortSignal): Promise<readonly Entry[]> {
    const { history } = this;
    if (!history.hasOlder || history.log === undefined) return [];
    const before = history.firstSeq;
    const page = await this.#context.api.page(this.#place.path, { before, limit }, signal);
    // Another call was faster, or the log is another one.
    if (history.firstSeq !== before) return [];
    const older = history.prepend(page);
    if (older) this.#changed();
    else void this.catchUp();
    return older ?? [];
  }

  #granted(): void {
    this.#subscribed = true;
    void this.catchUp();
    this.emit('ready', undefined);
  }

  #offline(): void {
    this.#subscribed = false;
    this.#retry.clear();
    this.#history.unverify();
  }

  #receive(payload: Uint8Array): void {
    const entry = decoded(entryCodec, payload);
    if (!entry) return;
    const { added, fetch } = this.#history.receive(entry);
    this.#added(added, true);
    if (fetch) void this.catchUp();
  }

  #described({ payload }: Message): void {
    if (payload.length === 0) return void this.catchUp();
    const channel = decoded(channelCodec, payload);
    if (!channel) return;
    this.#added(this.#history.verify(channel.log), true);
    if (this.#loaded && (channel.log !== this.#history.log || channel.lastSeq > this.#history.lastSeq))
      void this.catchUp();
  }

  async #catchUpWhileAsked(): Promise<void> {
    while (this.#again && !this.#scope.signal.aborted) {
      this.#again = false;
      try {
        await this.#catchUpOnce();
        this.#attempt = 0;
        this.#failure = undefined;
        this.#loaded = true;
      } catch (error) {
        this.#failed(error);
      }
      this.emit('change', undefined);
    }
    // Here and not in a later microtask: a call in between would wait for work that is already over.
    this.#catching = undefined;
  }

  async #catchUpOnce(): Promise<void> {
    const history = this.#history;
    if (history.log === undefined && history.lastSeq === 0) return this.#restart();
    for (;;) {
      const page = await this.#page({ after: history.lastSeq, limit: MAX_PAGE });
      const missed = page.lastSeq - history.lastSeq;
      const added = missed > this.#options.maxCatchUp ? undefined : history.append(page);
      if (!added) return this.#restart();
      this.#added(added, false);
      if (page.entries.length === 0 || history.lastSeq >= page.lastSeq) return;
    }
  }

  async #restart(): Promise<void> {
    const page = await this.#page({ limit: this.#options.pageSize });
    const history = this.#history;
    const isOther = history.log !== undefined && history.log !== page.log;
    const known = isOther ? 0 : history.lastSeq;
    if (history.replace(page)) this.#again = true;
    if (isOther) this.emit('log', { log: page.log });
    this.#added(
      history.entries.filter(({ seq }) => seq > known),
      false,
    );
    this.#saveSoon();
  }

  #failed(error: unknown): void {
    if (this.#scope.signal.aborted) return;
    if (error instanceof ApiError && error.status === 404) return this.#missing();
    this.#fail(failureOf(error));
    if (!this.#context.connection.isOnline) return;
    const wait = fullJitter(this.#attempt++, RETRY, this.#context.random);
    this.#retry.set(wait, () => void this.catchUp());
  }

  /** A channel that nobody has written to yet does not exist: its first entry makes it. */
  #missing(): void {
    const had = this.#history.log;
    this.#loaded = true;
    this.#failure = undefined;
    const added = this.#history.missing();
    if (had !== undefined) {
      this.emit('log', { log: undefined });
      void this.#context.storage.delete(this.#options.cacheKey).catch((error) => this.#problem(error));
    }
    this.#added(added, true);
  }

  #fail(failure: Failure): void {
    this.#failure = failure;
    this.emit('change', undefined);
  }

  #added(entries: readonly Entry[], live: boolean): void {
    if (entries.length === 0) return;
    this.emit('entries', { entries, live });
    this.#changed();
    // Live from its first entry: the log's name is still to be learnt.
    if (this.#history.log === undefined && !this.#retry.isSet && this.#place.aboutTopic !== undefined)
      void this.catchUp();
  }

  #changed(): void {
    this.#saveSoon();
    this.emit('change', undefined);
  }

  #page(query: { after?: number; limit: number }): Promise<Page> {
    return this.#context.api.page(this.#place.path, query, this.#scope.signal);
  }

  async #restore(): Promise<void> {
    try {
      const stored = tryJson((await this.#context.storage.get(this.#options.cacheKey)) ?? '');
      const page = pageSchema.safeParse(stored);
      if (!page.success) return;
      this.#history.restore(page.data);
      this.#added(page.data.entries, false);
      this.#unsaved = false;
    } catch (error) {
      this.#problem(error);
    }
  }

  #saveSoon(): void {
    this.#unsaved = true;
    if (!this.#save.isSet && !this.#scope.signal.aborted) this.#save.set(CACHE_MS, () => void this.#saveCache());
  }

  async #saveCache(): Promise<void> {
    this.#unsaved = false;
    const page = this.#history.snapshot(this.#options.cacheEntries);
    if (!page) return;
    await this.#context.storage
      .set(this.#options.cacheKey, JSON.stringify(page))
      .catch((error) => this.#problem(error));
  }

  #problem(error: unknown): void {
    this.#context.problem(`cache of ${this.#place.key}`, error);
  }
}

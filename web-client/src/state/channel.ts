import { topics } from '@parley/shared';
import type { Channel, Entry, Page } from '@parley/shared';
import { ApiError } from '../link/api.ts';
import type { Api } from '../link/api.ts';
import type { Link } from '../link/link.ts';
import { Observable } from '../observable.ts';
import { decoded } from './decoded.ts';
import type { Outbox, Outgoing } from './outbox.ts';
import { Timeline } from './timeline.ts';

const PAGE = 100;
/** Past this many missed entries the newest page replaces what is held. */
const LONGEST_GAP = 1000;
const RETRY_MS = 3000;

export interface ChannelContext {
  readonly link: Link;
  readonly api: Api;
  readonly outbox: Outbox;
}

/** One channel as it is read: its log as far as it is loaded, live from then on, and our messages on their way. */
export class ChannelState extends Observable {
  readonly name: string;
  readonly #context: ChannelContext;
  readonly #timeline = new Timeline();
  readonly #release: (() => void)[] = [];
  #loaded = false;
  #error: string | undefined;
  #loadingOlder = false;
  #catching: Promise<void> | undefined;
  #again = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #connection = 0;

  constructor(name: string, context: ChannelContext) {
    super();
    this.name = name;
    this.#context = context;
  }

  get entries(): readonly Entry[] {
    return this.#timeline.entries;
  }

  get outgoing(): readonly Outgoing[] {
    return this.#context.outbox.of(this.name);
  }

  /** True once the newest page is here, or it is known that there is none. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Why the entries could not be loaded, for a person. */
  get error(): string | undefined {
    return this.#error;
  }

  get hasOlder(): boolean {
    return this.#timeline.hasOlder;
  }

  get firstSeq(): number {
    return this.#timeline.firstSeq;
  }

  get lastSeq(): number {
    return this.#timeline.lastSeq;
  }

  get log(): string | undefined {
    return this.#timeline.log;
  }

  open(): void {
    const { link, outbox } = this.#context;
    const { codec, qos } = topics.chat;
    const stop = link.listen(topics.chat.build({ channel: this.name }), { qos }, ({ payload }) => {
      const entry = decoded(codec, payload);
      if (entry) this.#receive(entry);
    });
    this.#release.push(
      stop,
      link.watch(() => this.#linkChanged()),
      outbox.watch(() => this.changed()),
    );
    this.#linkChanged();
  }

  close(): void {
    clearTimeout(this.#retry);
    for (const release of this.#release.splice(0)) release();
  }

  /** The hub described the channel: a new log, or entries that should have arrived by now, are fetched. */
  described({ log, lastSeq }: Channel): void {
    const another = this.log !== undefined && this.log !== log;
    if (another || (this.#loaded && lastSeq > this.lastSeq)) void this.catchUp();
  }

  /** Fetches what was missed; one fetch at a time, and one more when something was missed during it. */
  async catchUp(): Promise<void> {
    this.#again = true;
    this.#catching ??= this.#catchUpWhileAsked();
    await this.#catching;
  }

  async loadOlder(): Promise<void> {
    if (this.#loadingOlder || !this.hasOlder) return;
    this.#loadingOlder = true;
    try {
      const page = await this.#page({ before: this.#timeline.firstSeq, limit: PAGE });
      if (!this.#timeline.prepend(page)) await this.catchUp();
    } catch {
      // Scrolling up asks again.
    } finally {
      this.#loadingOlder = false;
      this.changed();
    }
  }

  #linkChanged(): void {
    const { status, connection } = this.#context.link;
    if (status.state !== 'online' || connection === this.#connection) return;
    this.#connection = connection;
    void this.catchUp();
  }

  #receive(entry: Entry): void {
    const received = this.#timeline.receive(entry);
    if (received === 'conflict' || (received === 'gap' && this.#loaded)) void this.catchUp();
    if (received === 'added') this.#context.outbox.confirm(entry.id);
    if (received !== 'known') this.changed();
  }

  async #catchUpWhileAsked(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        await this.#catchUpOnce();
        this.#error = undefined;
        this.#loaded = true;
      } catch (error) {
        this.#failed(error as Error);
      }
      for (const { id } of this.outgoing) if (this.#holds(id)) this.#context.outbox.confirm(id);
      this.changed();
    }
    // Here and not in a later microtask: a call in between would wait for work that is already over.
    this.#catching = undefined;
  }

  async #catchUpOnce(): Promise<void> {
    if (this.lastSeq === 0) return this.#restart();
    for (;;) {
      const page = await this.#page({ after: this.lastSeq, limit: LONGEST_GAP });
      if (page.lastSeq - this.lastSeq > LONGEST_GAP || !this.#timeline.append(page)) return this.#restart();
      if (page.entries.length === 0 || this.lastSeq >= page.lastSeq) return;
    }
  }

  async #restart(): Promise<void> {
    this.#timeline.replace(await this.#page({ limit: PAGE }));
  }

  #failed(error: Error): void {
    // A channel that nobody has written to yet does not exist: the first message makes it.
    if (error instanceof ApiError && error.status === 404) {
      this.#error = undefined;
      this.#loaded = true;
      return;
    }
    this.#error = error instanceof ApiError ? error.message : 'The hub could not be reached.';
    clearTimeout(this.#retry);
    if (this.#context.link.status.state === 'online') this.#retry = setTimeout(() => void this.catchUp(), RETRY_MS);
  }

  #page(query: { before?: number; after?: number; limit: number }): Promise<Page> {
    return this.#context.api.messages(this.name, query);
  }

  #holds(id: string): boolean {
    return this.#timeline.entries.some((entry) => entry.id === id);
  }
}

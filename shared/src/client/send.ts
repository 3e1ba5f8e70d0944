import type { Draft } from '../chat/draft.ts';
import type { Entry } from '../chat/entry.ts';
import { ClientError, Refused } from './errors.ts';
import type { Failure } from './errors.ts';

/** What has become of something that was sent. `failed` can still become `sent`: when the entry shows up after all. */
export type SendState =
  | { readonly state: 'pending' }
  | { readonly state: 'sent'; readonly entry: Entry }
  | { readonly state: 'failed'; readonly failure: Failure };

/** Something on its way to the log, as it can be shown before the hub stamped it. */
export interface Send {
  /** ULID; the entry's `id` once it is stamped. */
  readonly id: string;
  readonly draft: Draft;
  /** Milliseconds since the Unix epoch, by this machine's clock. */
  readonly at: number;
  readonly state: SendState;
  /** Sends a failed one again, after what was sent since. Does nothing in another state. */
  retry(): void;
  /** Forgets it. @returns false when it may already have reached the hub, and is kept */
  discard(): boolean;
  /** Resolves when it is in storage: from here on it is delivered once, whatever happens to this program. */
  whenStored(): Promise<void>;
  /**
   * Resolves with the entry once it is seen in the log.
   * @throws Refused by the hub, ClientError `storage-failed` or `closed`, the signal's reason
   */
  whenSent(options?: { readonly signal?: AbortSignal }): Promise<Entry>;
}

/** What a send asks of its outbox. */
export interface SendOwner {
  retry(send: TrackedSend): void;
  discard(send: TrackedSend): boolean;
}

/** A send with what only its outbox sees. */
export class TrackedSend implements Send {
  readonly draft: Draft;
  readonly at: number;
  /** Place in the order of its outbox, over restarts. */
  order: number;
  stored: Promise<void> | undefined;
  isStored = false;
  /** Whether it may have left this program. */
  tried = false;
  /** Connections that ended while this was the oldest on its way. */
  losses = 0;
  readonly #owner: SendOwner;
  readonly #watchers = new Set<() => void>();
  #id: string;
  #state: SendState = { state: 'pending' };
  #closed = false;

  constructor(id: string, draft: Draft, at: number, order: number, owner: SendOwner) {
    this.#id = id;
    this.draft = draft;
    this.at = at;
    this.order = order;
    this.#owner = owner;
  }

  get id(): string {
    return this.#id;
  }

  get state(): SendState {
    return this.#state;
  }

  get isPending(): boolean {
    return this.#state.state === 'pending';
  }

  retry(): void {
    this.#owner.retry(this);
  }

  discard(): boolean {
    return this.#owner.discard(this);
  }

  /** @throws ClientError `storage-failed` */
  whenStored(): Promise<void> {
    return this.stored ?? Promise.resolve();
  }

  async whenSent({ signal }: { readonly signal?: AbortSignal } = {}): Promise<Entry> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.#state.state === 'sent') return this.#state.entry;
      if (this.#state.state === 'failed') throw errorOf(this.#state.failure);
      if (this.#closed) throw new ClientError('closed');
      await this.#changed(signal);
    }
  }

  /** Under a new id: the old one belongs to someone else. */
  rename(id: string): void {
    this.#id = id;
  }

  become(state: SendState): void {
    this.#state = state;
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  #wake(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #changed(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#watchers.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#watchers.add(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}

function errorOf(failure: Failure): Error {
  return failure.code === 'storage-failed' ? new ClientError('storage-failed', failure.message) : new Refused(failure);
}

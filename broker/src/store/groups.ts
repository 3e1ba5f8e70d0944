import { performance } from 'node:perf_hooks';
import { StoreError } from './errors.ts';
import type { Committed } from './store.ts';
import type { Changes } from './tree.ts';

/** Batches that share one commit. */
export interface Group {
  readonly changes: Changes;
  readonly committed: Committed[];
  /** Called when it is on the disk, before the batches are called back. */
  readonly applied: (() => void)[];
  /** Takes back what staging changed in memory, last first. */
  readonly undo: (() => void)[];
}

export interface GroupsOptions {
  /** Puts changes on the disk; a StoreError was found before anything was tried. */
  readonly write: (changes: Changes) => Promise<void>;
  /** A commit failed and its changes in memory were taken back; batches are called back after it. */
  readonly failed: (error: Error) => void;
}

/** After LMDB failed to write, commits fail without a try for so long: each try is noisy and costs a transaction. */
const RETRY_MS = 500;

/**
 * Group commit: while one group is on its way to the disk the next collects, so a commit takes with it all that
 * came up during the one before. As only one is on its way, a failure fails exactly what was staged behind it.
 */
export class Groups {
  readonly #options: GroupsOptions;
  #open = createGroup();
  #flying: Group | undefined;
  #scheduled = false;
  #failure: { readonly error: Error; readonly until: number } | undefined;
  #idle: (() => void)[] = [];
  #closed = false;

  constructor(options: GroupsOptions) {
    this.#options = options;
  }

  /** The group that collects; whoever changes it calls {@link schedule} or {@link add}. */
  get open(): Group {
    return this.#open;
  }

  /** Commits what was staged into the open group; an empty batch only waits for what is before it. */
  add(committed: Committed): void {
    this.#open.committed.push(committed);
    this.schedule();
  }

  /** The end of the turn of the event loop closes the group, unless one is on its way. */
  schedule(): void {
    if (this.#scheduled || this.#flying) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  get isIdle(): boolean {
    return !this.#flying && !this.#scheduled;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Waits for everything staged; what comes later is refused by the store. */
  async close(): Promise<void> {
    this.#closed = true;
    if (!this.isIdle) await new Promise<void>((resolve) => void this.#idle.push(resolve));
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    const group = this.#open;
    const failure = this.#failure;
    if (failure && performance.now() < failure.until) return this.#fail(failure.error);
    this.#open = createGroup();
    this.#flying = group;
    if (group.changes.size === 0) return this.#succeed(group);
    void this.#commit(group);
  };

  async #commit(group: Group): Promise<void> {
    try {
      await this.#options.write(group.changes);
    } catch (error) {
      if (error instanceof StoreError) return this.#fail(error);
      const reason = toStoreError(error);
      this.#failure = { error: reason, until: performance.now() + RETRY_MS };
      return this.#fail(reason);
    }
    this.#failure = undefined;
    this.#succeed(group);
  }

  #succeed({ applied, committed }: Group): void {
    for (const apply of applied) apply();
    this.#callBack(committed, null);
  }

  #fail(error: Error): void {
    const failed = this.#flying ? [this.#flying, this.#open] : [this.#open];
    this.#open = createGroup();
    for (const { undo } of failed.toReversed()) for (const step of undo.toReversed()) step();
    this.#options.failed(error);
    this.#callBack(
      failed.flatMap(({ committed }) => committed),
      error,
    );
  }

  /** The group stays on its way until all are told, so that nothing is committed past them. */
  #callBack(all: readonly Committed[], error: Error | null): void {
    for (const committed of all) {
      try {
        committed(error);
      } catch (thrown) {
        // The others must hear of their commit all the same.
        queueMicrotask(() => {
          throw thrown;
        });
      }
    }
    this.#flying = undefined;
    if (this.#open.changes.size > 0 && !error) return this.#flush();
    if (this.#open.changes.size > 0 || this.#open.committed.length > 0) return this.schedule();
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function createGroup(): Group {
  return { changes: new Map(), committed: [], applied: [], undo: [] };
}

const NO_ROOM = /ENOSPC|EDQUOT|EFBIG|MDB_MAP_FULL|no space|quota|file too large/i;

function toStoreError(error: unknown): StoreError {
  // lmdb goes on with offsets and sizes; they remain in the cause.
  const [message] = (error instanceof Error ? error.message : String(error)).split(': Attempting');
  if (NO_ROOM.test(message!)) return new StoreError('store-full', `no room to store: ${message}`, { cause: error });
  return new StoreError('store-write', `cannot write to the store: ${message}`, { cause: error });
}

import { performance } from 'node:perf_hooks';
import { StoreError } from './errors.ts';
import type { Committed } from './store.ts';
import type { Changes } from './tree.ts';

/** Changes that share one commit. */
export interface Group {
  readonly changes: Changes;
  /** Called when it is on the disk, before the batches are called back. */
  readonly applied: (() => void)[];
  /** Takes back what staging changed in memory, last first. */
  readonly undo: (() => void)[];
}

/** One staged change, made when the batch is committed: only then it is known which session has which rows. */
export type Operation = (group: Group) => void;

/** One batch on its way. */
interface Work {
  readonly operations: readonly Operation[];
  readonly committed: Committed;
  /** It is committed sooner or later: what fails is tried again, before everything that came after it. */
  readonly lasting: boolean;
}

interface OpenGroup extends Group {
  readonly works: Work[];
}

export interface GroupsOptions {
  /** Puts changes on the disk; a StoreError was found before anything was tried. */
  readonly write: (changes: Changes) => Promise<void>;
  /** A commit failed and its changes in memory were taken back; batches are called back after it. */
  readonly failed: (error: Error) => void;
}

/**
 * After a failure commits fail without a try for so long where each try is dear: LMDB is noisy about it, and what lasts
 * has to be staged anew.
 */
const RETRY_MS = 500;

/**
 * Group commit: while one group is on its way to the disk the next collects, so a commit takes with it all that
 * came up during the one before. As only one is on its way, a failure fails exactly what was staged behind it.
 */
export class Groups {
  readonly #options: GroupsOptions;
  #open = createGroup();
  #flying: OpenGroup | undefined;
  #scheduled = false;
  #retry: NodeJS.Timeout | undefined;
  #failure: { readonly error: Error; readonly until: number } | undefined;
  /** Batches that came while nothing is tried. */
  #refused: Work[] = [];
  #idle: (() => void)[] = [];
  #closed = false;

  constructor(options: GroupsOptions) {
    this.#options = options;
  }

  /** Commits a batch with what else comes up in this turn; an empty one only waits for what is before it. */
  commit(operations: readonly Operation[], committed: Committed): void {
    this.#add({ operations, committed, lasting: false });
  }

  /** Commits a batch as soon as it can be; `committed` hears of each failure until then. */
  persist(operations: readonly Operation[], committed: Committed): void {
    this.#add({ operations, committed, lasting: true });
  }

  get isIdle(): boolean {
    return !this.#flying && !this.#scheduled && this.#retry === undefined;
  }

  /** Whether something waits for room. */
  get stuck(): boolean {
    return this.#failure !== undefined && this.#open.works.some(({ lasting }) => lasting);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Waits for everything staged; what comes later is refused by the store. What waits for room is tried once more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#failure = undefined;
    if (this.#retry) this.#schedule();
    if (!this.isIdle) await new Promise<void>((resolve) => void this.#idle.push(resolve));
  }

  #add(work: Work): void {
    if (this.#isWaiting() && !work.lasting) {
      this.#refused.push(work);
      if (this.#refused.length === 1) setImmediate(() => this.#refuse());
      return;
    }
    this.#stage(work);
    if (!this.#isWaiting()) this.#schedule();
    else this.#retryLater();
  }

  #isWaiting(): boolean {
    return this.#failure !== undefined && performance.now() < this.#failure.until;
  }

  #stage(work: Work): void {
    for (const operation of work.operations) operation(this.#open);
    this.#open.works.push(work);
  }

  /** The end of the turn of the event loop closes the group, unless one is on its way. */
  #schedule(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    if (this.#scheduled || this.#flying) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  #retryLater(): void {
    if (this.#scheduled || this.#flying) return;
    this.#retry ??= setTimeout(() => this.#schedule(), RETRY_MS);
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    const group = this.#open;
    this.#open = createGroup();
    this.#flying = group;
    if (group.changes.size === 0) return this.#succeed(group);
    void this.#commit(group);
  };

  async #commit(group: OpenGroup): Promise<void> {
    try {
      await this.#options.write(group.changes);
    } catch (error) {
      return this.#fail(error);
    }
    this.#failure = undefined;
    this.#succeed(group);
  }

  #succeed({ applied, works }: OpenGroup): void {
    for (const apply of applied) apply();
    this.#callBack(works, null);
  }

  #fail(cause: unknown): void {
    const error = toStoreError(cause);
    const failed = [this.#flying!, this.#open];
    this.#open = createGroup();
    for (const { undo } of failed.toReversed()) for (const step of undo.toReversed()) step();
    const works = failed.flatMap((group) => group.works);
    const lasting = this.#closed ? [] : works.filter((work) => work.lasting);
    const waits = cause !== error || lasting.length > 0;
    this.#failure = { error, until: waits ? performance.now() + RETRY_MS : 0 };
    this.#options.failed(error);
    for (const work of lasting) this.#stage(work);
    this.#callBack(works, error);
  }

  /** What is counted ahead of the commits has to hear of it first, as with every failure. */
  #refuse(): void {
    const { error } = this.#failure ?? { error: new StoreError('store-write', 'the store could not be written') };
    const refused = this.#refused;
    this.#refused = [];
    this.#options.failed(error);
    tell(refused, error);
  }

  /** The group stays on its way until all are told, so that nothing is committed past them. */
  #callBack(works: readonly Work[], error: Error | null): void {
    tell(works, error);
    this.#flying = undefined;
    const { works: open, changes } = this.#open;
    if (open.length > 0 && error && this.#isWaiting()) return this.#retryLater();
    if (changes.size > 0 && !error) return this.#flush();
    if (open.length > 0) return this.#schedule();
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function tell(works: readonly Work[], error: Error | null): void {
  for (const { committed } of works) {
    try {
      committed(error);
    } catch (thrown) {
      // The others must hear of their commit all the same.
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }
}

function createGroup(): OpenGroup {
  return { changes: new Map(), applied: [], undo: [], works: [] };
}

const NO_ROOM = /ENOSPC|EDQUOT|EFBIG|MDB_MAP_FULL|no space|quota|file too large/i;

function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  // lmdb goes on with offsets and sizes; they remain in the cause.
  const [message] = (error instanceof Error ? error.message : String(error)).split(': Attempting');
  if (NO_ROOM.test(message!)) return new StoreError('store-full', `no room to store: ${message}`, { cause: error });
  return new StoreError('store-write', `cannot write to the store: ${message}`, { cause: error });
}

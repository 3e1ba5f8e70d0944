import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodeRow } from './codec.ts';
import { EmbeddedBatch, type BatchContext } from './embedded-batch.ts';
import { StoreError } from './errors.ts';
import { type Group, Groups, type Operation } from './groups.ts';
import { corrupt, inspect } from './inspect.ts';
import { decodeKey, encodeKey, type Key } from './keys.ts';
import { nameKey, SESSION, sessionPrefix, TABLE, WILL } from './layout.ts';
import { lock } from './lock.ts';
import { readInChunks, toBounds } from './range.ts';
import { recover, removeUnreferred } from './recover.ts';
import type { Records } from './records.ts';
import { RetainedRows } from './retained-rows.ts';
import { Room } from './room.ts';
import { currentSchema, prepare, type Life, type Schema } from './schema.ts';
import { decodeSession, SessionReader } from './session-reader.ts';
import { SessionStage } from './session-rows.ts';
import { SharedMessages } from './shared-messages.ts';
import type { Batch, Committed, Restored, RestoredSession, Store, StoredMessage, WillRecord } from './store.ts';
import type { RangeOptions, Row, Value } from './table.ts';
import { Tree, type Changes } from './tree.ts';
import { decodeWill, readRecords } from './tree-records.ts';

/** Within the data directory. */
export const STORE_FILE = 'store.mdb';
const LOCK_FILE = 'store.lock';

/** Rows of an ended session removed in one commit. */
const SWEEP = 512;

/** Numbers given out between two starts lie apart, so that none is given out twice though all that had one is gone. */
const SEQS_PER_LIFE = 2 ** 32;

export interface EmbeddedStoreOptions {
  /** Created if missing. On a local disk: LMDB and the lock do not work over a network. */
  readonly directory: string;
  /** For tests: another schema than that of this version. */
  readonly schema?: Schema;
  /** For tests: how much room there is, instead of asking the file system. */
  readonly freeBytes?: () => number;
}

/**
 * Opens the durable store of one hub. Throws a StoreError that says in one line what is wrong and what to do: another
 * process has it, it cannot be accessed, it is damaged, or a newer version wrote it.
 */
export function openEmbeddedStore(options: EmbeddedStoreOptions): EmbeddedStore {
  const { directory, schema = currentSchema } = options;
  const file = join(directory, STORE_FILE);
  const unlock = takeOver(directory);
  try {
    inspect(file);
    const tree = new Tree(file);
    try {
      // It holds the keys of tokens, and its directory may be somebody else's.
      chmodSync(file, 0o600);
      const life = prepare(tree, file, schema);
      return new EmbeddedStore(tree, life, new Room(directory, file, options.freeBytes), unlock);
    } catch (error) {
      void tree.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw explain(error, directory, file);
  }
}

/** Keeps everything in one LMDB file. A commit is over when it is on the disk, and many batches share one. */
export class EmbeddedStore implements Store, BatchContext {
  readonly sessions: SessionStage;
  readonly retainedRows: RetainedRows;
  readonly #life: Life;
  readonly #tree: Tree;
  readonly #room: Room;
  readonly #unlock: () => void;
  readonly #groups: Groups;
  readonly #listeners = new Set<(error: Error) => void>();
  #closing: Promise<void> | undefined;

  constructor(tree: Tree, life: Life, room: Room, unlock: () => void) {
    this.#life = life;
    this.#tree = tree;
    this.#room = room;
    this.#unlock = unlock;
    this.#groups = new Groups({
      write: (changes) => this.#write(changes),
      failed: (error) => this.#listeners.forEach((listener) => listener(error)),
    });
    this.sessions = new SessionStage(new SharedMessages(), (number) => this.#sweep(number));
    this.retainedRows = new RetainedRows(tree);
    recover(tree, this.sessions);
  }

  get id(): string {
    return this.#life.id;
  }

  load(): Promise<Restored> {
    return Promise.resolve({ sessions: this.#restoreSessions(), wills: this.#restoreWills() });
  }

  batch(): Batch {
    return new EmbeddedBatch(this);
  }

  commit(operations: readonly Operation[], committed: Committed): void {
    if (this.#groups.closed) return committed(closed());
    if (operations.length === 0 && this.#groups.isIdle) return committed(null);
    this.#groups.commit(operations, committed);
  }

  persist(operations: readonly Operation[], committed: Committed): void {
    if (this.#groups.closed) return committed(closed());
    this.#groups.persist(operations, committed);
  }

  get stuck(): boolean {
    return this.#groups.stuck;
  }

  onFailed(listener: (error: Error) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get(table: string, key: Key): Value | undefined {
    const bytes = this.#tree.get(TABLE + encodeKey(table, key));
    return bytes && decodeRow(bytes);
  }

  *range(table: string, options: RangeOptions = {}): Generator<Row> {
    const { from, to, ...rest } = toBounds(table, options);
    const bounds = { from: TABLE + from, to: TABLE + to, ...rest };
    for (const { key, value } of readInChunks(bounds, (chunk) => this.#tree.read(chunk))) {
      yield { key: decodeKey(key.slice(TABLE.length)).key, value: decodeRow(value) };
    }
  }

  retained(topic: string): StoredMessage | undefined {
    return this.retainedRows.get(topic);
  }

  retainedTopics(filter?: string): Iterable<string | undefined> {
    return this.retainedRows.match(filter);
  }

  get retainedCount(): number {
    return this.retainedRows.count;
  }

  records(): Records {
    return readRecords(this.#tree);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#groups.close();
    await this.#tree.close();
    this.#unlock();
  }

  async #write(changes: Changes): Promise<void> {
    this.#room.check(changes);
    await this.#tree.write(changes);
    this.#tree.refresh();
  }

  *#restoreSessions(): Generator<RestoredSession> {
    const { sessions, messages } = this.sessions;
    const firstSeq = Math.max(1, this.#life.opened * SEQS_PER_LIFE);
    const reader = new SessionReader(this.#tree, firstSeq, messages);
    for (const [id, rows] of sessions) {
      const bytes = this.#tree.get(nameKey(SESSION, id));
      if (bytes) yield reader.read(decodeSession(bytes).record, rows);
    }
    removeUnreferred(this.#tree, messages);
    messages.forgetNumbers();
  }

  *#restoreWills(): Generator<WillRecord> {
    for (const { value } of this.#tree.scan(WILL)) yield decodeWill(value);
  }

  /** Removes the rows of a session whose end is on the disk, some in each commit; the start removes what remains. */
  #sweep(number: number): void {
    if (!this.#groups.closed) this.#groups.persist([(group) => this.#stageSweep(group, number)], () => {});
  }

  #stageSweep({ changes, applied }: Group, number: number): void {
    const prefix = sessionPrefix(number);
    const rows = this.#tree.read({ from: prefix, to: `${prefix}\xff`, reverse: false, limit: SWEEP });
    for (const { key } of rows) changes.set(key, null);
    if (rows.length === SWEEP) applied.push(() => this.#sweep(number));
  }
}

function closed(): StoreError {
  return new StoreError('store-closed', 'the store is closed');
}

function takeOver(directory: string): () => void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return lock(join(directory, LOCK_FILE));
  } catch (error) {
    throw explain(error, directory, join(directory, STORE_FILE));
  }
}

/** Makes a coded error of what the file system or LMDB said. */
function explain(error: unknown, directory: string, file: string): unknown {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/MDB_(INVALID|CORRUPTED|PAGE_NOTFOUND|VERSION_MISMATCH|BAD_)/.test(message)) {
    return corrupt(file, message, { cause: error });
  }
  if (/ENOSPC|no space left/i.test(message)) {
    return new StoreError('store-full', `no room to open the store in ${directory}`, { cause: error });
  }
  return new StoreError('store-access', `cannot use the data directory ${directory}: ${message}`, { cause: error });
}

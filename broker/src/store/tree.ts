import { open, type RootDatabase, type Transaction } from 'lmdb';
import { readInChunks, type Bounds, type Entry } from './range.ts';

/** What a commit changes: an encoded key and its new value, null to remove it. */
export type Changes = Map<string, Uint8Array | null>;

/** Keys are strings of one byte a character, as `keys.ts` makes them. */
const latin1Keys = {
  writeKey(key: string, target: Buffer, start: number): number {
    // lmdb makes room and calls again when it sees a RangeError; `write` would cut the key off.
    if (start + key.length > target.length) throw new RangeError('no room for the key');
    return start + target.write(key, start, 'latin1');
  },
  readKey(source: Buffer, start: number, end: number): string {
    return source.toString('latin1', start, end);
  },
};

/** One ordered file of keys and values; everything a store knows of LMDB. */
export class Tree {
  readonly #db: RootDatabase<Buffer, string>;

  constructor(file: string, { readOnly = false } = {}) {
    this.#db = open<Buffer, string>({
      path: file,
      readOnly,
      noSubdir: true,
      encoding: 'binary',
      keyEncoder: latin1Keys,
      // A commit is over when it is on the disk: what is acknowledged after it survives a power cut.
      overlappingSync: false,
      // One batch is one transaction, started at once.
      eventTurnBatching: false,
      maxDbs: 1,
    });
  }

  get(key: string): Buffer | undefined {
    return this.#db.get(key);
  }

  read(bounds: Bounds): Entry<Buffer>[] {
    return this.#read(bounds, undefined);
  }

  /** All entries with this prefix as they are now, however long the reader takes; `return()` lets go of old pages. */
  *snapshot(prefix: string, transaction: Transaction): Generator<Entry<Buffer>> {
    yield* readInChunks(under(prefix), (chunk) => this.#read(chunk, transaction));
  }

  /** Pins what is committed now, for {@link snapshot}; call `done()` on it. */
  pin(): Transaction {
    return this.#db.useReadTransaction();
  }

  /** All entries with this prefix, read chunk by chunk. */
  scan(prefix: string): Generator<Entry<Buffer>> {
    return readInChunks(under(prefix), (chunk) => this.#read(chunk, undefined));
  }

  /** Commits all changes or none, and resolves when they are on the disk. Await one before the next. */
  async write(changes: Changes): Promise<void> {
    try {
      await this.#db.batch(() => {
        for (const [key, value] of changes) {
          // Both give a promise of the whole batch, which is awaited once.
          if (value) void this.#db.put(key, value as Buffer);
          else void this.#db.remove(key);
        }
      });
    } catch (error) {
      throw await causeOf(error);
    }
  }

  /** Commits at once and blocks until it is done: at start only. */
  writeNow(changes: Changes): void {
    this.#db.transactionSync(() => {
      for (const [key, value] of changes) {
        if (value) this.#db.putSync(key, value as Buffer);
        else this.#db.removeSync(key);
      }
    });
  }

  /** Lets reads see the last commit; without it they may see the one before until the turn ends. */
  refresh(): void {
    this.#db.resetReadTxn();
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  #read({ from, to, reverse, limit }: Bounds, transaction: Transaction | undefined): Entry<Buffer>[] {
    const order = reverse
      ? { start: to, end: from, reverse, exclusiveStart: true, inclusiveEnd: true }
      : { start: from, end: to };
    const size = limit === Infinity ? {} : { limit };
    return Array.from(this.#db.getRange({ ...order, ...size, ...(transaction ? { transaction } : {}) }));
  }
}

/** What follows a prefix never begins with 0xff: it is a letter, a number's highest byte or UTF-8. */
function under(prefix: string): Bounds {
  return { from: prefix, to: `${prefix}\xff`, reverse: false, limit: Infinity };
}

/** lmdb rejects with an error that holds a promise, which rejects with why; unhandled it would end the process. */
async function causeOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: Promise<unknown> };
  if (!commitError) return error;
  return commitError.then(
    () => error,
    (cause: unknown) => cause,
  );
}

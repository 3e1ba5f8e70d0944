import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../store/errors.ts';
import type { StoreRecord } from '../store/records.ts';
import { FILES, UPLOADS } from './records.ts';
import type { FileRecord } from './records.ts';

/** A piece of an attachment in a backup. Those of one file follow each other, and its row follows them. */
export interface FilePiece {
  readonly kind: 'file';
  readonly id: string;
  readonly bytes: Uint8Array;
}

const PIECE_BYTES = 256 * 1024;
/** As `newId` makes them: nothing in it leads out of the directory. */
const ID = /^[\w-]{1,64}$/;

/**
 * Records of a store with the attachments that its rows name. A file never changes once its row is there, so that rows of
 * one moment and bytes of a later one fit together; one that was deleted in between is left out with its row, and so are
 * uploads that are not finished.
 */
export function* withFiles(records: Iterable<StoreRecord>, directory: string): Generator<StoreRecord | FilePiece> {
  for (const record of records) {
    if (record.kind === 'row' && record.table === UPLOADS) continue;
    if (record.kind === 'row' && record.table === FILES) {
      const { id, size } = record.value as unknown as FileRecord;
      const fd = openWhole(join(directory, id), size);
      if (fd === undefined) continue;
      yield* pieces(fd, id, size);
    }
    yield record;
  }
}

function openWhole(path: string, size: number): number | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (fstatSync(fd).size === size) return fd;
  closeSync(fd);
  throw new StoreError('store-corrupt', `the attachment ${path} has not the ${size} bytes it had`);
}

function* pieces(fd: number, id: string, size: number): Generator<FilePiece> {
  try {
    let left = size;
    do {
      const bytes = Buffer.alloc(Math.min(left, PIECE_BYTES));
      const count = readSync(fd, bytes);
      left -= count;
      yield { kind: 'file', id, bytes: bytes.subarray(0, count) };
      if (count === 0) return;
    } while (left > 0);
  } finally {
    closeSync(fd);
  }
}

/** Writes the attachments of a backup into a directory, each synced before the next. */
export class FileWriter {
  readonly #directory: string;
  #id: string | undefined;
  #fd: number | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws StoreError `backup-damaged` for an id that is none */
  write({ id, bytes }: FilePiece): void {
    if (id !== this.#id) this.#open(id);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd!, bytes, at);
  }

  /** Everything written is on the disk, names included. */
  close(): void {
    this.#finish();
    if (this.#id === undefined) return;
    const directory = openSync(this.#directory, 'r');
    fsyncSync(directory);
    closeSync(directory);
  }

  #open(id: string): void {
    if (!ID.test(id))
      throw new StoreError('backup-damaged', 'the backup cannot be used: an attachment has no valid id');
    this.#finish();
    if (this.#id === undefined) mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    this.#id = id;
    this.#fd = openSync(join(this.#directory, id), 'w', 0o600);
  }

  #finish(): void {
    if (this.#fd === undefined) return;
    fsyncSync(this.#fd);
    closeSync(this.#fd);
    this.#fd = undefined;
  }
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { decodeValue, encodeValue } from './codec.ts';
import { StoreError } from './errors.ts';
import type { FilePiece } from '../files/copies.ts';
import type { StoreRecord } from './records.ts';

export type BackupRecord = StoreRecord | FilePiece;

/*
 * A backup is a gzip stream that no store's layout shows in:
 *
 *   "PARLEYBK"                                  8 bytes
 *   rows, each                                  length (uint32, big endian) and MessagePack
 *     the first                                 { version, createdAt }
 *     every other one                           a StoreRecord, or a FilePiece since version 2
 *   0                                           uint32
 *   SHA-256 of everything before it             32 bytes
 */
const MAGIC = Buffer.from('PARLEYBK');
const LENGTH_BYTES = 4;
const DIGEST_BYTES = 32;
const VERSION = 2;

/** A row is written at once: larger ones than MQTT and the tables allow are none of ours. */
const MAX_ROW_BYTES = 512 * 1024 * 1024;
/** Bytes handed to gzip in one go, between which others have a turn. */
const CHUNK_BYTES = 64 * 1024;

interface Header {
  readonly version: number;
  /** ms since the Unix epoch. */
  readonly createdAt: number;
}

/** The bytes of a backup before they are packed. `counted` is told of every record. */
export function* encodeBackup(records: Iterable<BackupRecord>, counted: () => void): Generator<Buffer> {
  const digest = createHash('sha256');
  let parts: Buffer[] = [MAGIC, ...encodeRow({ version: VERSION, createdAt: Date.now() } satisfies Header)];
  let size = 0;
  for (const record of records) {
    counted();
    const [length, row] = encodeRow(record);
    parts.push(length, row);
    size += row.length;
    if (size < CHUNK_BYTES) continue;
    const chunk = Buffer.concat(parts);
    digest.update(chunk);
    yield chunk;
    parts = [];
    size = 0;
  }
  const last = Buffer.concat([...parts, Buffer.alloc(LENGTH_BYTES)]);
  yield last;
  yield digest.update(last).digest();
}

function encodeRow(row: object): [length: Buffer, row: Buffer] {
  const bytes = encodeValue(row);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

/** The records of a backup; throws `backup-damaged` or `backup-newer`, the former possibly after the last record, and `store-access`. */
export async function* decodeBackup(file: string): AsyncGenerator<BackupRecord> {
  const stream = createReadStream(file).on('error', (error) => unpacked.destroy(error));
  const unpacked = stream.pipe(createGunzip());
  try {
    yield* decodeRows(new ByteReader(unpacked, file), file);
  } finally {
    stream.destroy();
    unpacked.destroy();
  }
}

async function* decodeRows(bytes: ByteReader, file: string): AsyncGenerator<BackupRecord> {
  const magic = await bytes.take(MAGIC.length);
  if (!magic.equals(MAGIC)) throw damaged(file, 'it is not a backup of Parley');
  const header = decodeRow(await bytes.row(), file) as Header;
  if (header.version > VERSION) {
    throw new StoreError('backup-newer', `the backup ${file} was made by a newer version of Parley`);
  }
  for (let row = await bytes.row(); row.length > 0; row = await bytes.row()) yield decodeRow(row, file) as BackupRecord;
  const digest = bytes.digest();
  if (!(await bytes.take(DIGEST_BYTES)).equals(digest)) throw damaged(file, 'its checksum is wrong');
  if (!(await bytes.isAtEnd())) throw damaged(file, 'something follows its end');
}

function decodeRow(bytes: Buffer, file: string): unknown {
  try {
    return decodeValue(bytes);
  } catch (error) {
    throw damaged(file, 'a row cannot be read', { cause: error });
  }
}

function damaged(file: string, what: string, options?: ErrorOptions): StoreError {
  return new StoreError('backup-damaged', `the backup ${file} cannot be used: ${what}`, options);
}

/** Takes as many bytes as are wanted from a stream, and checksums them. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #file: string;
  readonly #hash = createHash('sha256');
  #bytes: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>, file: string) {
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#file = file;
  }

  async row(): Promise<Buffer> {
    const length = (await this.take(LENGTH_BYTES)).readUInt32BE();
    if (length > MAX_ROW_BYTES) throw damaged(this.#file, 'a row is too long');
    return this.take(length);
  }

  async take(length: number): Promise<Buffer> {
    const parts = [this.#bytes];
    let size = this.#bytes.length;
    while (size < length) {
      const chunk = await this.#next();
      if (!chunk) throw damaged(this.#file, 'it is cut off');
      parts.push(chunk);
      size += chunk.length;
    }
    const all = parts.length === 1 ? this.#bytes : Buffer.concat(parts);
    this.#bytes = all.subarray(length);
    const taken = all.subarray(0, length);
    this.#hash.update(taken);
    return taken;
  }

  async isAtEnd(): Promise<boolean> {
    return this.#bytes.length === 0 && (await this.#next()) === undefined;
  }

  /** Of everything taken so far. */
  digest(): Buffer {
    return this.#hash.copy().digest();
  }

  async #next(): Promise<Buffer | undefined> {
    try {
      const { done, value } = await this.#chunks.next();
      return done ? undefined : value;
    } catch (error) {
      // Of the file system: not the fault of the backup.
      if ((error as NodeJS.ErrnoException).syscall !== undefined) {
        throw new StoreError('store-access', `cannot read the backup ${this.#file}: ${(error as Error).message}`, {
          cause: error,
        });
      }
      throw damaged(this.#file, (error as Error).message, { cause: error });
    }
  }
}

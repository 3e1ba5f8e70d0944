import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { coded } from '@parley/shared';
import { withFiles } from '../files/copies.ts';
import { encodeBackup } from './backup-format.ts';
import { StoreError } from './errors.ts';
import type { Store } from './store.ts';

/**
 * Copies everything a store holds into a file, consistent as of one moment while the hub runs on. The file is there when
 * it is whole and on the disk, and only then. Returns the number of records.
 * @param files the directory of the attachments that the store's rows name
 * @throws StoreError `store-access` when the file cannot be written there
 */
export async function backup(store: Pick<Store, 'records'>, file: string, files: string): Promise<number> {
  const temporary = `${file}.unfinished`;
  let count = 0;
  const chunks = encodeBackup(withFiles(store.records(), files), () => count++);
  try {
    const out = createWriteStream(temporary, { mode: 0o600 });
    await opened(out, file);
    await pipeline(Readable.from(chunks), createGzip({ level: constants.Z_BEST_SPEED }), out);
    await sync(temporary);
    await rename(temporary, file);
    return count;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function opened(out: WriteStream, file: string): Promise<void> {
  try {
    await once(out, 'open');
  } catch (cause) {
    throw new StoreError('store-access', `cannot write the backup ${file}: ${coded(cause).message}`, { cause });
  }
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

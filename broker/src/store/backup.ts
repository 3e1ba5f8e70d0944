import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { withFiles } from '../files/copies.ts';
import { encodeBackup } from './backup-format.ts';
import type { Store } from './store.ts';

/**
 * Copies everything a store holds into a file, consistent as of one moment while the hub runs on. The file is there when
 * it is whole and on the disk, and only then. Returns the number of records.
 * @param files the directory of the attachments that the store's rows name
 */
export async function backup(store: Pick<Store, 'records'>, file: string, files: string): Promise<number> {
  const temporary = `${file}.unfinished`;
  let count = 0;
  const chunks = encodeBackup(withFiles(store.records(), files), () => count++);
  try {
    const out = createWriteStream(temporary, { mode: 0o600 });
    await once(out, 'open');
    await pipeline(Readable.from(chunks), createGzip({ level: constants.Z_BEST_SPEED }), out);
    await sync(temporary);
    await rename(temporary, file);
    return count;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
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

import { statfsSync, statSync } from 'node:fs';
import { StoreError } from './errors.ts';
import type { Changes } from './tree.ts';

/** Always left free, for the commit after this one and for those who have to clean up. */
const RESERVE_BYTES = 1024 * 1024;
/** A changed row copies its page, and those above it that it does not share with its neighbours. */
const BYTES_PER_CHANGE = 2 * 4096;

/**
 * Refuses a commit that may find no room on the disk before LMDB tries it. LMDB would fail as safely, but it writes to
 * standard error and prints into a buffer of 100 bytes that a large file's numbers can overflow (lmdb 3.5).
 */
export class Room {
  readonly #directory: string;
  readonly #file: string;
  readonly #freeBytes: () => number;

  constructor(directory: string, file: string, freeBytes: () => number = () => freeBytesOf(directory)) {
    this.#directory = directory;
    this.#file = file;
    this.#freeBytes = freeBytes;
  }

  /** Throws `store-full`. */
  check(changes: Changes): void {
    const free = this.#freeBytes();
    let values = RESERVE_BYTES;
    for (const value of changes.values()) values += value?.length ?? 0;
    if (free >= values + changes.size * BYTES_PER_CHANGE) return;
    // All pages that are there may be copied, but none twice.
    if (free >= values * 2 + statSync(this.#file).size) return;
    throw new StoreError('store-full', `no room to store: ${Math.floor(free / 1024)} KiB free in ${this.#directory}`);
  }
}

function freeBytesOf(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

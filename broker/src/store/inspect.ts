import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StoreError } from './errors.ts';

/*
 * LMDB maps its file into memory: what is missing at the end is not an error to it but ends the process with SIGBUS.
 * So before it is opened the file is looked at from outside. Offsets are those of LMDB's data format 2 (mdb.c), little
 * endian and 64 bit, as everything Node runs on is; on anything else the look is skipped.
 */
const PAGE_HEADER = 24;
const MAGIC = 0xbeefc0de;
const META_BYTES = 160;
const NO_PAGE = 0xffffffffffffffffn;

const BRANCH = 0x01;
const LEAF = 0x02;
const BIG_DATA = 0x01;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: bigint;
  /** Of free pages and of the data: the root page and how many levels are below it, itself included. */
  readonly trees: readonly { readonly root: number; readonly depth: number }[];
}

/** Throws `store-corrupt` for a file whose pages are not all there; a missing or empty file is a new store. */
export function inspect(file: string): void {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const { size } = fstatSync(fd);
    if (size > 0) new Inspection(fd, size, file).run();
  } finally {
    closeSync(fd);
  }
}

export function corrupt(file: string, what: string, options?: ErrorOptions): StoreError {
  const advice = 'Move it away and bring a backup back with: parley restore FILE';
  return new StoreError('store-corrupt', `the store ${file} is damaged (${what}). ${advice}`, options);
}

class Inspection {
  readonly #fd: number;
  readonly #size: number;
  readonly #file: string;

  constructor(fd: number, size: number, file: string) {
    this.#fd = fd;
    this.#size = size;
    this.#file = file;
  }

  run(): void {
    const first = this.#meta(0);
    const second = this.#meta(first.pageSize);
    const meta = second.transaction > first.transaction ? second : first;
    // The file is allowed to end before the last page, when only free ones follow: then every page in use is looked at.
    const isShort = this.#size < (meta.lastPage + 1) * meta.pageSize;
    for (const { root, depth } of meta.trees) this.#walk(meta, root, depth, isShort ? 1 : 2);
  }

  /** Looks at a page and, down to the lowest level wanted (1 are the leaves), at all below it. */
  #walk(meta: Meta, page: number, level: number, lowest: number): void {
    if (level === 0) return;
    this.#need(page, 1, meta);
    if (level < lowest) return;
    const bytes = this.#read(page * meta.pageSize, meta.pageSize);
    const flags = bytes.readUInt16LE(18);
    if (bytes.readUIntLE(0, 6) !== page || (flags & (BRANCH | LEAF)) !== (level > 1 ? BRANCH : LEAF)) {
      throw corrupt(this.#file, `page ${page} is not what it was`);
    }
    const nodes = bytes.readUInt16LE(20) >> 1;
    for (let i = 0; i < nodes; i++) {
      const node = PAGE_HEADER + bytes.readUInt16LE(PAGE_HEADER + i * 2);
      if (level > 1) this.#walk(meta, bytes.readUIntLE(node, 6), level - 1, lowest);
      else this.#checkValue(meta, bytes, node);
    }
  }

  /** A large value has pages of its own. */
  #checkValue(meta: Meta, bytes: Buffer, node: number): void {
    if (!(bytes.readUInt16LE(node + 4) & BIG_DATA)) return;
    const at = node + 8 + bytes.readUInt16LE(node + 6);
    this.#need(bytes.readUIntLE(at, 6), bytes.readUIntLE(at + 16, 6), meta);
  }

  #need(page: number, count: number, { pageSize }: Meta): void {
    if ((page + count) * pageSize > this.#size) throw corrupt(this.#file, 'it is cut off');
  }

  #meta(at: number): Meta {
    const bytes = this.#read(at, META_BYTES);
    if (bytes.readUInt32LE(PAGE_HEADER) !== MAGIC) throw corrupt(this.#file, 'its head is not that of a store');
    const tree = (start: number): Meta['trees'][number] => {
      const root = bytes.readBigUInt64LE(start + 40);
      return root === NO_PAGE ? { root: 0, depth: 0 } : { root: Number(root), depth: bytes.readUInt16LE(start + 6) };
    };
    return {
      pageSize: bytes.readUInt32LE(PAGE_HEADER + 24),
      trees: [tree(PAGE_HEADER + 24), tree(PAGE_HEADER + 72)],
      lastPage: bytes.readUIntLE(PAGE_HEADER + 120, 6),
      transaction: bytes.readBigUInt64LE(PAGE_HEADER + 128),
    };
  }

  #read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    if (readSync(this.#fd, bytes, 0, length, at) < length) throw corrupt(this.#file, 'it is cut off');
    return bytes;
  }
}

import type { Key } from './keys.ts';

/**
 * What a row holds: JSON and bytes. Numbers are finite. A store may keep the very object: neither what was put nor what
 * was read may be changed. Bytes come back as a Buffer or Uint8Array.
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [name: string]: Value | undefined };

export interface Row {
  readonly key: Key;
  readonly value: Value;
}

/** Which rows of a table; all are optional and narrow each other. */
export interface RangeOptions {
  /** Only keys that begin with these elements. */
  readonly prefix?: Key | undefined;
  /** The least key, itself included. */
  readonly from?: Key | undefined;
  /** The first key that is not included. */
  readonly to?: Key | undefined;
  /** From the greatest key to the least. */
  readonly reverse?: boolean | undefined;
  readonly limit?: number | undefined;
}

/** Committed rows, ordered by key. Reads are synchronous: they cost microseconds. */
export interface Tables {
  get(table: string, key: Key): Value | undefined;
  /**
   * Rows in order of their keys, read lazily in short chunks: a row that is put or removed while a range is read may
   * appear in it or not, every other one appears once.
   */
  range(table: string, options?: RangeOptions): Iterable<Row>;
}

/** Stages changes of rows. Both throw a StoreError `store-key` for a key that cannot be one, and stage nothing. */
export interface TableStage {
  put(table: string, key: Key, value: Value): void;
  remove(table: string, key: Key): void;
}

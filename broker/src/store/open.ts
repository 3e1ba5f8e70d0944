import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ParleyError } from '@parley/shared';
import type { HubOptions } from '../options/table.ts';
import { openEmbeddedStore, STORE_FILE } from './embedded.ts';
import { inspect } from './inspect.ts';
import { MemoryStore } from './memory.ts';
import type { Records } from './records.ts';
import type { Store } from './store.ts';
import { readRecords } from './tree-records.ts';
import { Tree } from './tree.ts';

/**
 * The store the options choose.
 * @throws StoreError
 */
export function openStore({ store, dataDir }: Pick<HubOptions, 'store' | 'dataDir'>): Store {
  return store === 'memory' ? new MemoryStore() : openEmbeddedStore({ directory: dataDir });
}

/** Something that can be backed up, and let go of afterwards. */
export interface Readable extends AsyncDisposable {
  records(): Records;
}

/**
 * Opens an embedded store beside the hub that may be running on it: LMDB's readers see one moment and wait for nobody.
 * @throws StoreError, ParleyError `not-found`
 */
export function openForReading(directory: string): Readable {
  const file = join(directory, STORE_FILE);
  if (!existsSync(file)) throw new ParleyError('not-found', `there is no store in ${directory}`);
  inspect(file);
  const tree = new Tree(file, { readOnly: true });
  return { records: () => readRecords(tree), [Symbol.asyncDispose]: () => tree.close() };
}

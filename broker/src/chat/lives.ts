import { ulid } from 'ulid';
import type { Store } from '../store/store.ts';
import { table } from './tables.ts';
import type { LogRow } from './tables.ts';

/**
 * Gives every log a new life when the store is another one than the logs were written in: it was restored, and what
 * clients hold may be of entries that are no longer there. What was read is a position of the old life.
 * @returns whether it was so
 */
export function renewLives(store: Store): Promise<boolean> {
  const known = store.get(table.meta, ['store']);
  if (known === store.id) return Promise.resolve(false);
  const batch = store.batch();
  batch.put(table.meta, ['store'], store.id);
  for (const { key, value } of store.range(table.logs)) {
    batch.put(table.logs, key, { ...(value as LogRow), log: ulid() });
  }
  for (const { key } of store.range(table.read)) batch.remove(table.read, key);
  return new Promise((resolve, reject) => {
    batch.commit((error) => (error ? reject(error) : resolve(known !== undefined)));
  });
}

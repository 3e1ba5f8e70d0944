import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { ClientStorage } from '../index.ts';

interface Schema extends DBSchema {
  values: { key: string; value: string };
}

const STORE = 'values';
/** After every string that a key can go on with. */
const LAST = '\uFFFF';

/**
 * An IndexedDB database. Tabs of one origin share it. A browser may throw it away when space is short, unless the page
 * asked `navigator.storage.persist()`.
 * @param name of the database
 */
export async function idbStorage(name: string): Promise<ClientStorage> {
  const database = await openDB<Schema>(name, 1, {
    upgrade: (fresh) => void fresh.createObjectStore(STORE),
    // A newer version of the page, in another tab, is not to wait for this one.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  return {
    get: (key) => database.get(STORE, key),
    set: (key, value) => change(database, (store) => store.put(value, key)),
    delete: (key) => change(database, (store) => store.delete(key)),
    list: async (prefix) => {
      const range = IDBKeyRange.bound(prefix, prefix + LAST);
      const transaction = database.transaction(STORE);
      const [keys, values] = await Promise.all([
        transaction.store.getAllKeys(range),
        transaction.store.getAll(range),
        transaction.done,
      ]);
      return keys.map((key, index) => [key, values[index]!]);
    },
  };
}

type Store = ReturnType<typeof storeOf>;

function storeOf(database: IDBPDatabase<Schema>) {
  // Flushed before it is called done: a draft that is stored is promised to be sent.
  return database.transaction(STORE, 'readwrite', { durability: 'strict' });
}

async function change(
  database: IDBPDatabase<Schema>,
  work: (store: Store['store']) => Promise<unknown>,
): Promise<void> {
  const transaction = storeOf(database);
  await Promise.all([work(transaction.store), transaction.done]);
}

/**
 * Where a client keeps what must outlive it: its outbox, read positions and a cache of channels. Each call is atomic on
 * its own; calls on one key take effect in the order they were made.
 */
export interface ClientStorage {
  get(key: string): Promise<string | undefined>;
  /** Resolves when the value would survive a crash of this program. */
  set(key: string, value: string): Promise<void>;
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>;
  /** Keys that start with the prefix, ascending, each with its value. */
  list(prefix: string): Promise<[key: string, value: string][]>;
}

/** Keeps everything for as long as the object lives: for tests, and for scripts that need no more. */
export function memoryStorage(): ClientStorage {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
    list: async (prefix) =>
      [...values].filter(([key]) => key.startsWith(prefix)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  };
}

/** A storage that knows what it is still writing, so that a client can be closed with nothing left behind. */
export interface TrackedStorage extends ClientStorage {
  /** Resolves when nothing is being written. */
  idle(): Promise<void>;
}

export function trackedStorage(storage: ClientStorage): TrackedStorage {
  const writing = new Set<Promise<void>>();
  const track = (write: Promise<void>): Promise<void> => {
    const tracked = write.finally(() => writing.delete(tracked));
    writing.add(tracked);
    return tracked;
  };
  return {
    get: (key) => storage.get(key),
    list: (prefix) => storage.list(prefix),
    set: (key, value) => track(storage.set(key, value)),
    delete: (key) => track(storage.delete(key)),
    idle: async () => {
      while (writing.size > 0) await Promise.allSettled(writing);
    },
  };
}

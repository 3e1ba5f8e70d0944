import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientStorage } from '../index.ts';

const SUFFIX = '.value';
const UNFINISHED = '.tmp';
/** Bytes that a file name may have on the usual file systems, less what is put at its end. */
const MAX_NAME = 230;

/**
 * A directory with one file for each key. A value is written beside its file, flushed, and renamed over it, so a crash
 * leaves the old value or the new one; the directory is flushed before the call resolves.
 *
 * Programs that share a directory share the values; none of them is damaged by it, and the last one to write wins.
 * @param directory made when it is missing
 */
export async function fileStorage(directory: string): Promise<ClientStorage> {
  await mkdir(directory, { recursive: true });
  const storage = new FileStorage(directory);
  await storage.clean();
  return storage;
}

class FileStorage implements ClientStorage {
  readonly #directory: string;
  readonly #busy = new Map<string, Promise<unknown>>(); // by key: the last call on it
  #count = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  get(key: string): Promise<string | undefined> {
    return this.#inOrder(key, () => this.#read(this.#fileOf(key)));
  }

  set(key: string, value: string): Promise<void> {
    return this.#inOrder(key, () => this.#write(this.#fileOf(key), value));
  }

  delete(key: string): Promise<void> {
    return this.#inOrder(key, async () => {
      await rm(this.#fileOf(key), { force: true });
      await this.#flushDirectory();
    });
  }

  async list(prefix: string): Promise<[key: string, value: string][]> {
    const names = (await readdir(this.#directory)).filter((name) => name.endsWith(SUFFIX));
    const keys = names.map(keyOf).filter((key) => key.startsWith(prefix));
    const found: [string, string][] = [];
    for (const key of keys.toSorted()) {
      const value = await this.get(key);
      if (value !== undefined) found.push([key, value]);
    }
    return found;
  }

  /** What a crash left half written was never promised to anyone. */
  async clean(): Promise<void> {
    const names = await readdir(this.#directory);
    const unfinished = names.filter((name) => name.endsWith(UNFINISHED) && !isAlive(name));
    await Promise.all(unfinished.map((name) => rm(join(this.#directory, name), { force: true })));
  }

  async #read(file: string): Promise<string | undefined> {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #write(file: string, value: string): Promise<void> {
    const unfinished = `${file}.${process.pid}.${this.#count++}${UNFINISHED}`;
    try {
      const handle = await open(unfinished, 'w');
      try {
        await handle.writeFile(value);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(unfinished, file);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    await this.#flushDirectory();
  }

  /** A rename is durable when its directory is. Windows has no such flush, and needs none. */
  async #flushDirectory(): Promise<void> {
    if (process.platform === 'win32') return;
    const handle = await open(this.#directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  #inOrder<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#busy.get(key) ?? Promise.resolve();
    const result = before.then(work, work);
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    this.#busy.set(key, settled);
    void settled.then(() => this.#busy.get(key) === settled && this.#busy.delete(key));
    return result;
  }

  #fileOf(key: string): string {
    // `.` alone would be a directory's own name, and `*` is none that Windows takes.
    const name = encodeURIComponent(key).replace(
      /[.*]/g,
      (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
    );
    if (name.length > MAX_NAME) throw new RangeError(`key of ${name.length} characters is too long for a file name`);
    return join(this.#directory, name + SUFFIX);
  }
}

function keyOf(name: string): string {
  return decodeURIComponent(name.slice(0, -SUFFIX.length));
}

/** Whether the process that writes this file is there: then it is not ours to remove. */
function isAlive(name: string): boolean {
  const pid = Number(name.split('.').at(-3));
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

import { mkdir, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ParleyError } from '@parley/shared';
import type { Scope } from '../scope.ts';

/** Where files are kept in a data directory. */
export function filesIn(dataDir: string): string {
  return join(dataDir, 'files');
}

/** The directory that files are kept in, each by its id. */
export class Disk {
  readonly dir: string;

  private constructor(dir: string) {
    this.dir = dir;
  }

  /** @param dir made if missing; without one, a new directory that is removed when the scope closes */
  static async open(dir: string | undefined, scope: Scope): Promise<Disk> {
    if (dir !== undefined) {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      return new Disk(dir);
    }
    const temporary = await mkdtemp(join(tmpdir(), 'parley-files-'));
    scope.defer(() => rm(temporary, { recursive: true, force: true }));
    return new Disk(temporary);
  }

  /** Bytes of a file; undefined when it is not there. */
  async size(id: string): Promise<number | undefined> {
    return stat(this.#path(id)).then(
      ({ size }) => size,
      () => undefined,
    );
  }

  /** For appending, made if missing. */
  append<Result>(id: string, use: (file: FileHandle) => Promise<Result>): Promise<Result> {
    return this.#with(id, 'a+', use);
  }

  read<Result>(id: string, use: (file: FileHandle) => Promise<Result>): Promise<Result> {
    return this.#with(id, 'r', use);
  }

  remove(id: string): Promise<void> {
    return rm(this.#path(id), { force: true });
  }

  list(): Promise<string[]> {
    return readdir(this.dir);
  }

  /** Makes the names of new files survive a power cut, as syncing a file alone does not. */
  async sync(): Promise<void> {
    await this.#with('', 'r', (dir) => dir.sync());
  }

  async #with<Result>(id: string, flags: string, use: (file: FileHandle) => Promise<Result>): Promise<Result> {
    const file = await open(this.#path(id), flags, 0o600).catch((cause: unknown) => {
      throw notStored(cause);
    });
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  }

  #path(id: string): string {
    return join(this.dir, id);
  }
}

/** A failure to write, coded: there is no room, or the disk is broken. */
export function notStored(cause: unknown): ParleyError {
  return new ParleyError('not-stored', `the file could not be written: ${(cause as Error).message}`, { cause });
}

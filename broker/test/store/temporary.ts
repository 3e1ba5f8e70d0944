import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Temporary extends AsyncDisposable {
  readonly path: string;
}

/** A directory of its own for one test. */
export async function temporaryDirectory(): Promise<Temporary> {
  const path = await mkdtemp(join(tmpdir(), 'parley-store-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

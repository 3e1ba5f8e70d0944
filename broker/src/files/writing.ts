import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { notStored } from './disk.ts';

/** A checksum that the bytes must have (tus 1.0, Upload-Checksum). */
export interface Checksum {
  readonly algorithm: string;
  readonly digest: Buffer;
}

export interface Written {
  readonly bytes: number;
  /** Whether the sender was cut off before its end. */
  readonly cut: boolean;
  /** False when a checksum was given and is another one. */
  readonly matches: boolean;
}

/**
 * Appends a body to a file and syncs it. What came before a cut stays.
 * @param admit asked for each chunk before it is written; throws to refuse
 * @throws ParleyError `not-stored`, or what `admit` threw
 */
export async function appendBody(
  file: FileHandle,
  body: Readable,
  admit: (bytes: number) => void,
  checksum?: Checksum,
): Promise<Written> {
  const hash = checksum && createHash(checksum.algorithm);
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let bytes = 0;
  let cut = false;
  for (;;) {
    const step = await chunks.next().catch(() => undefined);
    if (!step) cut = true;
    if (!step || step.done) break;
    admit(step.value.length);
    await file.appendFile(step.value).catch(rethrow);
    hash?.update(step.value);
    bytes += step.value.length;
  }
  await file.sync().catch(rethrow);
  return { bytes, cut, matches: !hash || (!cut && hash.digest().equals(checksum.digest)) };
}

function rethrow(cause: unknown): never {
  throw notStored(cause);
}

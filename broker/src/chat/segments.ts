/**
 * The search index of a log is kept in segments of so many `seq`, each written once all of its entries are there: an entry
 * then costs no row a word, and the rows of a segment lie together on the disk. What follows the last whole segment is
 * found by reading it.
 */
export const SEGMENT = 1024;

/** In place of a word: the segment is whole. No word is empty, and it comes before them all. */
export const WHOLE = '';

const OFFSET_BYTES = 2;

export function segmentOf(seq: number): number {
  return Math.floor(seq / SEGMENT);
}

/** The `seq` of entries with one word, ascending, as 16 bits each. */
export function packSeqs(segment: number, seqs: readonly number[]): Buffer {
  const bytes = Buffer.alloc(seqs.length * OFFSET_BYTES);
  seqs.forEach((seq, i) => bytes.writeUInt16LE(seq - segment * SEGMENT, i * OFFSET_BYTES));
  return bytes;
}

export function unpackSeqs(segment: number, bytes: Uint8Array): number[] {
  const seqs: number[] = [];
  for (let at = 0; at < bytes.length; at += OFFSET_BYTES) {
    seqs.push(segment * SEGMENT + bytes[at]! + bytes[at + 1]! * 256);
  }
  return seqs;
}

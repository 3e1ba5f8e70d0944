import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { fileTypeFromBuffer } from 'file-type';

/** What a browser may show: it neither runs scripts in them nor takes them for a page. */
const shown = new Set([
  'image/png',
  'image/apng',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'audio/mpeg',
  'audio/mp4',
  'audio/x-m4a',
  'audio/aac',
  'audio/ogg',
  'audio/opus',
  'audio/wav',
  'audio/flac',
  'audio/x-flac',
  'video/mp4',
  'video/webm',
  'video/ogg',
  'video/quicktime',
]);

/** As much as file-type looks at. */
const SAMPLE_BYTES = 4100;
const UNKNOWN = 'application/octet-stream';

/** The type of a file by its content, whatever its sender called it: never one that a browser renders as a page. */
export async function sniff(file: FileHandle): Promise<string> {
  const sample = Buffer.alloc(SAMPLE_BYTES);
  const { bytesRead } = await file.read(sample, 0, SAMPLE_BYTES, 0);
  const start = sample.subarray(0, bytesRead);
  const type = (await fileTypeFromBuffer(start).catch(() => undefined))?.mime.split(';', 1)[0];
  if (type !== undefined) return isMarkup(type) ? UNKNOWN : type;
  // A character may be cut at the end of the sample.
  const isText = [0, 1, 2, 3].some((cut) => isUtf8(start.subarray(0, bytesRead - cut))) && !start.includes(0);
  return isText ? 'text/plain; charset=utf-8' : UNKNOWN;
}

function isMarkup(type: string): boolean {
  return /xml|html|svg|script|^text\//.test(type);
}

/** Whether it is shown in place; anything else is only ever downloaded. */
export function isShown(type: string): boolean {
  return shown.has(type);
}

import sanitize from 'sanitize-filename';

/**
 * Rows of files:
 * - `files` [id] → {@link FileRecord}, once it is whole
 * - `uploads` [id] → {@link UploadRecord}, until then; how much has come is the size of the file on disk
 */
export const FILES = 'files';
export const UPLOADS = 'uploads';

/** A file as `POST /api/files` answers it; `/api/files/<id>` has its bytes. */
export interface FileRecord {
  readonly id: string;
  readonly name: string;
  /** By its content. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  readonly by: string;
  /** ms since the Unix epoch. */
  readonly at: number;
}

export interface UploadRecord {
  readonly id: string;
  readonly name: string;
  /** Bytes it will have. */
  readonly size: number;
  readonly by: string;
  /** When something of it last came. */
  readonly at: number;
}

const UNNAMED = 'file';

/** A name that is safe on every system and as one line of a header. */
export function safeName(given: string | undefined): string {
  const last = (given ?? '').toWellFormed().normalize('NFC').split(/[/\\]/).at(-1)!;
  // Controls, and marks that would turn the text around and hide its ending.
  const visible = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
  return sanitize(visible) || UNNAMED;
}

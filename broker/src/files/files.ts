import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { ParleyError } from '@parley/shared';
import type { Stage } from '../mqtt/hooks.ts';
import type { Scope } from '../scope.ts';
import type { Store } from '../store/store.ts';
import { Disk } from './disk.ts';
import { Quota } from './quota.ts';
import { FILES, safeName, UPLOADS } from './records.ts';
import type { FileRecord, UploadRecord } from './records.ts';
import { sniff } from './sniff.ts';
import { appendBody } from './writing.ts';
import type { Checksum } from './writing.ts';

export interface FilesOptions {
  /** Where they are kept; a temporary directory without it. */
  readonly dir: string | undefined;
  readonly maxFileBytes: number;
  readonly filesMaxBytes: number;
}

/** What a sender says of a file. */
export interface Given {
  readonly name: string | undefined;
  readonly by: string;
  /** Bytes it will have; undefined when the sender does not know. */
  readonly size: number | undefined;
}

/** How an append ended. */
export type Appended = 'whole' | 'partial' | 'offset' | 'checksum';

interface Active {
  readonly body: Readable;
  readonly done: Promise<unknown>;
}

/** An unfinished upload is kept this long after something of it last came. */
export const UPLOAD_MS = 24 * 3_600_000;
const SWEEP_MS = 600_000;

/** Attachments: their bytes on disk, what is known of them as rows. A file is there when its row is. */
export class Files {
  readonly quota: Quota;
  readonly disk: Disk;
  readonly maxFileBytes: number;
  readonly #store: Store;
  /** Uploads being written, by id. */
  readonly #active = new Map<string, Active>();

  private constructor(store: Store, disk: Disk, { maxFileBytes, filesMaxBytes }: FilesOptions) {
    this.#store = store;
    this.disk = disk;
    this.maxFileBytes = maxFileBytes;
    this.quota = new Quota(filesMaxBytes);
  }

  static async open(store: Store, options: FilesOptions, scope: Scope): Promise<Files> {
    const files = new Files(store, await Disk.open(options.dir, scope), options);
    await files.#recover();
    const timer = setInterval(() => void files.sweep(Date.now()).catch(() => undefined), SWEEP_MS);
    scope.defer(() => files.#close());
    scope.defer(() => clearInterval(timer));
    return files;
  }

  get(id: string): FileRecord | undefined {
    return this.#store.get(FILES, [id]) as FileRecord | undefined;
  }

  upload(id: string): UploadRecord | undefined {
    return this.#store.get(UPLOADS, [id]) as UploadRecord | undefined;
  }

  /** Keeps the file of one request; nothing is left of one that was cut or refused. */
  async keep({ name, by, size }: Given, body: Readable): Promise<FileRecord> {
    const id = newId();
    let taken = 0;
    let seen = 0;
    const take = (bytes: number): void => {
      this.quota.take(bytes);
      taken += bytes;
    };
    try {
      if (size !== undefined) {
        this.#checkSize(size);
        take(size);
      }
      const admit = (bytes: number): void => {
        this.#checkSize((seen += bytes));
        if (seen > taken) take(seen - taken);
      };
      const { cut } = await this.disk.append(id, (file) => appendBody(file, body, admit));
      if (cut) throw new ParleyError('request-invalid', 'the request ended before its body did');
      this.quota.give(taken - seen);
      taken = seen;
      return await this.#finish({ id, name: safeName(name), size: seen, by, at: Date.now() });
    } catch (failure) {
      this.quota.give(taken);
      await this.disk.remove(id);
      throw failure;
    }
  }

  /** Begins an upload in parts. The room for it is taken at once. */
  async begin({ name, by, size }: Given & { readonly size: number }): Promise<UploadRecord> {
    this.#checkSize(size);
    this.quota.take(size);
    const record: UploadRecord = { id: newId(), name: safeName(name), size, by, at: Date.now() };
    try {
      await this.disk.append(record.id, (file) => file.sync());
      await this.#commit((batch) => batch.put(UPLOADS, [record.id], { ...record }));
    } catch (failure) {
      this.quota.give(size);
      throw failure;
    }
    if (size === 0) await this.#finish(record);
    return record;
  }

  /** Bytes of an upload that are here. A sender that asks has given up what it was sending. */
  async offset({ id }: Pick<UploadRecord, 'id'>): Promise<number> {
    await this.#interrupt(id);
    return (await this.disk.size(id)) ?? 0;
  }

  /** Appends to an upload, which is a file once it is whole. */
  async append(upload: UploadRecord, offset: number, body: Readable, checksum?: Checksum): Promise<Appended> {
    // Between the last look and taking the place nothing may wait.
    while (this.#active.has(upload.id)) await this.#interrupt(upload.id);
    const work = this.#append(upload, offset, body, checksum);
    const active = { body, done: work.catch(() => undefined) };
    this.#active.set(upload.id, active);
    return work.finally(() => {
      if (this.#active.get(upload.id) === active) this.#active.delete(upload.id);
    });
  }

  /** Removes a file or gives up an upload. */
  async remove({ id, size }: FileRecord | UploadRecord): Promise<void> {
    await this.#interrupt(id);
    await this.#commit((batch) => {
      batch.remove(FILES, [id]);
      batch.remove(UPLOADS, [id]);
    });
    this.quota.give(size);
    await this.disk.remove(id);
  }

  /** Gives up uploads that nobody goes on with. */
  async sweep(now: number): Promise<void> {
    for (const { value } of this.#store.range(UPLOADS)) {
      const upload = value as unknown as UploadRecord;
      if (upload.at <= now - UPLOAD_MS && !this.#active.has(upload.id)) await this.remove(upload);
    }
  }

  async #append(upload: UploadRecord, offset: number, body: Readable, checksum?: Checksum): Promise<Appended> {
    const { id, size } = upload;
    let end = offset;
    const admit = (bytes: number): void => {
      if (end + bytes > size) throw new ParleyError('too-large', `the upload was to have ${size} bytes`);
      end += bytes;
    };
    const refusal = await this.disk.append(id, async (file) => {
      if ((await file.stat()).size !== offset) return 'offset';
      const { matches } = await appendBody(file, body, admit, checksum);
      if (matches) return undefined;
      await file.truncate(offset);
      return 'checksum';
    });
    if (refusal) return refusal;
    const whole = end === size;
    if (whole) await this.#finish(upload);
    else await this.#commit((batch) => batch.put(UPLOADS, [id], { ...upload, at: Date.now() }));
    return whole ? 'whole' : 'partial';
  }

  async #finish({ id, name, size, by }: UploadRecord): Promise<FileRecord> {
    const type = await this.disk.read(id, sniff);
    await this.disk.sync();
    const record: FileRecord = { id, name, type, size, by, at: Date.now() };
    await this.#commit((batch) => {
      batch.put(FILES, [id], { ...record });
      batch.remove(UPLOADS, [id]);
    });
    return record;
  }

  #checkSize(size: number): void {
    if (size > this.maxFileBytes) {
      throw new ParleyError('too-large', `a file may have ${this.maxFileBytes} bytes (maxFileBytes)`);
    }
  }

  async #interrupt(id: string): Promise<void> {
    const active = this.#active.get(id);
    active?.body.destroy();
    await active?.done;
  }

  /** Counts what is there, and removes what a crash left without its row. */
  async #recover(): Promise<void> {
    const known = new Map<string, FileRecord | UploadRecord>();
    for (const table of [FILES, UPLOADS]) {
      for (const { key, value } of this.#store.range(table)) known.set(String(key[0]), value as never);
    }
    for (const { size } of known.values()) this.quota.count(size);
    for (const id of await this.disk.list()) if (!known.has(id)) await this.disk.remove(id);
  }

  async #close(): Promise<void> {
    await Promise.all(Array.from(this.#active.keys(), (id) => this.#interrupt(id)));
  }

  #commit(change: (stage: Stage) => void): Promise<void> {
    const batch = this.#store.batch();
    change(batch);
    return new Promise((resolve, reject) => {
      batch.commit((error) => {
        if (error) reject(new ParleyError('not-stored', error.message, { cause: error }));
        else resolve();
      });
    });
  }
}

/** Not to be guessed: who knows the id of a file may read it. */
function newId(): string {
  return randomBytes(16).toString('base64url');
}

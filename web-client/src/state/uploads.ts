import type { Uploaded } from '../link/upload.ts';
import { Observable } from '../observable.ts';

/** A picture's size, so that readers keep its room before it is there. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A file on its way to the hub, before the entry that carries it. */
export interface Upload {
  readonly key: number;
  readonly file: File;
  /** 0 to 1. */
  readonly progress: number;
  readonly state: 'sending' | 'done' | 'failed';
  /** Why it failed, for a person. */
  readonly reason?: string;
  readonly uploaded?: Uploaded & Partial<Size>;
}

export interface UploadsContext {
  readonly send: (file: File, options: { progress: (share: number) => void; signal: AbortSignal }) => Promise<Uploaded>;
  readonly measure: (file: File) => Promise<Size | undefined>;
  /** The largest the hub takes, in bytes. */
  readonly maxBytes: () => number;
}

/** Files chosen for one conversation and not sent yet. */
export class Uploads extends Observable {
  readonly #context: UploadsContext;
  #items: Upload[] = [];
  readonly #aborters = new Map<number, AbortController>(); // by key
  #count = 0;

  constructor(context: UploadsContext) {
    super();
    this.#context = context;
  }

  get items(): readonly Upload[] {
    return this.#items;
  }

  get isBusy(): boolean {
    return this.#items.some(({ state }) => state === 'sending');
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      const upload: Upload = { key: ++this.#count, file, progress: 0, state: 'sending' };
      this.#items = [...this.#items, upload];
      void this.#run(upload);
    }
    this.changed();
  }

  retry(key: number): void {
    const upload = this.#items.find((one) => one.key === key);
    if (upload?.state !== 'failed') return;
    this.#change(key, { state: 'sending', progress: 0 });
    void this.#run(upload);
  }

  remove(key: number): void {
    this.#aborters.get(key)?.abort(new Error('removed'));
    this.#items = this.#items.filter((one) => one.key !== key);
    this.changed();
  }

  /** What has arrived, to be sent as entries; it is no longer here. */
  take(): (Uploaded & Partial<Size>)[] {
    const done = this.#items.flatMap(({ uploaded }) => uploaded ?? []);
    this.#items = this.#items.filter(({ state }) => state !== 'done');
    this.changed();
    return done;
  }

  async #run({ key, file }: Upload): Promise<void> {
    const aborter = new AbortController();
    this.#aborters.set(key, aborter);
    try {
      const most = this.#context.maxBytes();
      if (file.size > most) throw new Error(`It is larger than the hub takes (${Math.floor(most / 1024 / 1024)} MiB).`);
      const progress = (share: number): void => this.#change(key, { progress: share });
      const size = await this.#context.measure(file);
      const uploaded = await this.#context.send(file, { progress, signal: aborter.signal });
      this.#change(key, { state: 'done', progress: 1, uploaded: { ...uploaded, ...size } });
    } catch (error) {
      const reason = error instanceof TypeError ? 'The hub does not answer.' : (error as Error).message;
      this.#change(key, { state: 'failed', reason });
    } finally {
      this.#aborters.delete(key);
    }
  }

  #change(key: number, change: Partial<Upload>): void {
    this.#items = this.#items.map((one) => (one.key === key ? { ...one, ...change } : one));
    this.changed();
  }
}

/** Between tries, while the store has no room. */
const RETRY_MS = 1000;

/** Publishes as the hub; rejects when it could not be stored. */
type Keep = (topic: string, payload: Uint8Array) => Promise<void>;

interface Document {
  readonly payload: Uint8Array;
  failed: boolean;
}

/**
 * Retained documents of the hub that nothing else writes again: what could not be stored is tried again, the newest of each
 * topic only, until it is.
 */
export class KeptDocuments {
  readonly #keep: Keep;
  readonly #failed: (error: unknown, topic: string) => void;
  readonly #open = new Map<string, Document>(); // the newest, by topic, until it is stored
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(keep: Keep, failed: (error: unknown, topic: string) => void) {
    this.#keep = keep;
    this.#failed = failed;
  }

  readonly publish = (topic: string, payload: Uint8Array): void => {
    const document = { payload, failed: false };
    this.#open.set(topic, document);
    this.#keep(topic, payload).then(
      () => this.#open.get(topic) === document && this.#open.delete(topic),
      (error: unknown) => this.#refused(topic, document, error),
    );
  };

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #refused(topic: string, document: Document, error: unknown): void {
    this.#failed(error, topic);
    document.failed = true;
    if (!this.#stopped) this.#timer ??= setTimeout(() => this.#retry(), RETRY_MS);
  }

  #retry(): void {
    this.#timer = undefined;
    for (const [topic, { payload, failed }] of this.#open) if (failed) this.publish(topic, payload);
  }
}

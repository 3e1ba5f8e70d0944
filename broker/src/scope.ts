import type { EventEmitter } from 'node:events';

type Release = () => void | Promise<void>;

/** Whoever acquires, registers the release here. Closing is idempotent, last in first out, and collects failures. */
export class Scope {
  readonly #releases: Release[] = [];
  readonly #aborter = new AbortController();
  #closing: Promise<void> | undefined;

  /** Aborted when the scope begins to close. */
  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  defer(release: Release): void {
    this.#releases.push(release);
  }

  /** Listens until the scope closes. Emitters type their events themselves, so the listener's arguments are theirs. */
  on(emitter: EventEmitter, event: string, listener: (...args: never[]) => void): void {
    emitter.on(event, listener as (...args: unknown[]) => void);
    this.defer(() => void emitter.off(event, listener as (...args: unknown[]) => void));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#aborter.abort();
    const failures: unknown[] = [];
    for (let release = this.#releases.pop(); release; release = this.#releases.pop()) {
      try {
        await release();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'closing failed');
  }
}

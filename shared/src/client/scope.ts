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

  /** @param release run at once when the scope is already closing */
  defer(release: Release): void {
    if (this.#closing) void release();
    else this.#releases.push(release);
  }

  close(reason?: unknown): Promise<void> {
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  async #close(reason: unknown): Promise<void> {
    this.#aborter.abort(reason);
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

/** Something that changes and says so. It does not say what: whoever watches reads it again. */
export class Observable {
  readonly #listeners = new Set<() => void>();

  /** @returns the release of this listener; calling it twice is harmless */
  watch(listener: () => void): () => void {
    // A wrapper of its own, so that the same function may watch twice and be released once.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  protected changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

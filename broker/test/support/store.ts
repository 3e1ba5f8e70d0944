import { createData, MemoryStore } from '../../src/store/memory.ts';
import type { Data } from '../../src/store/memory.ts';
import type { Batch, Committed } from '../../src/store/store.ts';

interface Waiting {
  readonly batch: Batch;
  readonly committed: Committed;
}

/** A memory store whose commits wait until the test lets them through, or fail as a full disk makes them fail. */
export class SlowStore extends MemoryStore {
  /** Commits wait for {@link flush} or {@link fail}; without it they are immediate. */
  holding = false;
  readonly #waiting: Waiting[] = [];
  readonly #listeners = new Set<(error: Error) => void>();

  constructor(data: Data = createData()) {
    super(data);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  override batch(): Batch {
    const batch = super.batch();
    const commit = batch.commit.bind(batch);
    batch.commit = (committed) => {
      if (!this.holding && this.#waiting.length === 0) return commit(committed);
      this.#waiting.push({ batch: { ...batch, commit }, committed });
    };
    batch.persist = (committed) => {
      batch.commit((error) => {
        committed(error);
        if (error) batch.persist(committed);
      });
    };
    return batch;
  }

  override onFailed(listener: (error: Error) => void = () => {}): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Commits the oldest ones. */
  flush(count = Infinity): void {
    for (const { batch, committed } of this.#waiting.splice(0, count)) batch.commit(committed);
  }

  /** Everything that waits is lost. */
  fail(): void {
    const lost = this.#waiting.splice(0);
    const error = new Error('no room');
    for (const listener of this.#listeners) listener(error);
    for (const { committed } of lost) committed(error);
  }

  /** Lets everything through from now on. */
  release(): void {
    this.holding = false;
    this.flush();
  }
}

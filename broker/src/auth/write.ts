import { ParleyError } from '@parley/shared';
import type { Store } from '../store/store.ts';
import type { TableStage } from '../store/table.ts';

/** Commits rows that belong together. @throws ParleyError `not-stored` */
export function write(store: Store, stage: (stage: TableStage) => void): Promise<void> {
  const batch = store.batch();
  stage(batch);
  return new Promise((resolve, reject) => {
    batch.commit((cause) => {
      if (cause) reject(new ParleyError('not-stored', 'the change could not be stored', { cause }));
      else resolve();
    });
  });
}

/** Runs one change after another: each sees what those before it committed. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<Result>(change: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(change);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

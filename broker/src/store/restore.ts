import { FileWriter } from '../files/copies.ts';
import { decodeBackup } from './backup-format.ts';
import { StoreError } from './errors.ts';
import type { Key } from './keys.ts';
import type { StoreRecord } from './records.ts';
import { shareAlways } from './shared-messages.ts';
import type { Batch, Store, StoredMessage } from './store.ts';

/** Rows of the store itself. */
export const STORE_TABLE = 'store';
/** There while a restore is not finished: a store with it is not opened. */
export const RESTORING: Key = ['restoring'];

/** Records committed at once. */
const BATCH_RECORDS = 1000;

/**
 * Brings a backup back into an empty store. The whole file is checked before anything is written. Throws a StoreError:
 * `store-access`, `backup-damaged`, `backup-newer` or `restore-not-empty`. Returns the number of records.
 * @param files where attachments go
 */
export async function restore(store: Store, file: string, files: string): Promise<number> {
  refuseUnlessEmpty(store);
  let total = 0;
  for await (const _ of decodeBackup(file)) total++;
  const restorer = new Restorer(store);
  const writer = new FileWriter(files);
  await restorer.commit((batch) => batch.put(STORE_TABLE, RESTORING, { file }));
  let chunk: StoreRecord[] = [];
  for await (const record of decodeBackup(file)) {
    if (record.kind === 'file') {
      writer.write(record);
      continue;
    }
    if (chunk.push(record) < BATCH_RECORDS) continue;
    await restorer.write(chunk);
    chunk = [];
  }
  await restorer.write(chunk);
  writer.close();
  await restorer.commit((batch) => batch.remove(STORE_TABLE, RESTORING));
  return total;
}

function refuseUnlessEmpty(store: Store): void {
  const records = store.records();
  const { done } = records.next();
  records.return();
  if (!done) throw new StoreError('restore-not-empty', 'the store is not empty: restore into a new data directory');
}

class Restorer {
  readonly #store: Store;
  /** By their number in the backup. */
  readonly #messages = new Map<number, StoredMessage>();

  constructor(store: Store) {
    this.#store = store;
  }

  write(records: readonly StoreRecord[]): Promise<void> {
    return this.commit((batch) => {
      for (const record of records) this.#stage(batch, record);
    });
  }

  commit(stage: (batch: Batch) => void): Promise<void> {
    const batch = this.#store.batch();
    stage(batch);
    return new Promise((resolve, reject) => {
      batch.commit((error) => (error ? reject(error) : resolve()));
    });
  }

  #stage(batch: Batch, record: StoreRecord): void {
    switch (record.kind) {
      case 'message':
        shareAlways(record.message);
        this.#messages.set(record.number, record.message);
        break;
      case 'session':
        return batch.putSession(record.record);
      case 'subscription':
        return batch.putSubscription(record.session, record.subscription);
      case 'received':
        return batch.receive(record.session, record.packetId);
      case 'entry':
        return this.#stageEntry(batch, record);
      case 'will':
        return batch.putWill(record.record);
      case 'retained':
        return batch.retain(record.message);
      case 'row':
        return batch.put(record.table, record.key, record.value);
    }
  }

  #stageEntry(batch: Batch, { session, entry, mark }: StoreRecord & { kind: 'entry' }): void {
    const message = typeof entry.message === 'number' ? this.#messages.get(entry.message) : entry.message;
    if (!message) return;
    batch.enqueue(session, { ...entry, message });
    if (mark) batch.mark(session, entry.seq, mark);
  }
}

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Indexer } from '../../broker/src/chat/indexer.ts';
import { Logs } from '../../broker/src/chat/logs.ts';
import { table, type ChannelRow } from '../../broker/src/chat/tables.ts';
import { createLog } from '../../broker/src/log.ts';
import { openEmbeddedStore, STORE_FILE, type EmbeddedStore } from '../../broker/src/store/embedded.ts';
import type { Batch, StoredMessage } from '../../broker/src/store/store.ts';

const IN_ONE_COMMIT = 2000;
const VOCABULARY = 20_000;
const WORDS_PER_ENTRY = 10;

/** Fills the log of `general` in the data directory of a hub that ran once; gives the bytes an entry takes. */
export async function fillLog(dataDir: string, entries: number): Promise<number> {
  const store = openEmbeddedStore({ directory: dataDir });
  const { place } = store.get(table.channels, ['general']) as ChannelRow;
  const logs = new Logs({ store }, { historyMessages: entries * 2 });
  const log = logs.open('chat/general', place);
  const before = sizeOf(dataDir);
  for (let i = log.lastSeq; i < entries; i += IN_ONE_COMMIT) {
    await commit(store, (batch) => {
      for (let n = 0; n < IN_ONE_COMMIT; n++) {
        log.append({ kind: 'text', text: sentence() }, { from: 'ana', stage: batch, moderates: false });
      }
    });
  }
  const indexer = new Indexer({ store, logs, log: createLog('error') });
  indexer.note(log);
  await indexer.settled();
  await store.close();
  return (sizeOf(dataDir) - before) / entries;
}

/** Sessions that are away, each with messages of its own; gives the bytes a queued message takes. */
export async function fillQueues(dataDir: string, sessions: number, each: number): Promise<number> {
  const store = openEmbeddedStore({ directory: dataDir });
  const before = sizeOf(dataDir);
  for (let s = 0; s < sessions; s++) {
    const id = `session-${s}`;
    await commit(store, (batch) => {
      batch.putSession({ id, owner: '', expirySeconds: 86_400, expiresAt: Date.now() + 86_400_000 });
      for (let seq = 1; seq <= each; seq++) {
        const entry = {
          seq,
          message: message(),
          qos: 1,
          retain: false,
          identifiers: undefined,
          share: undefined,
        } as const;
        batch.enqueue(id, entry);
      }
    });
  }
  await store.close();
  return (sizeOf(dataDir) - before) / (sessions * each);
}

function sizeOf(dataDir: string): number {
  return statSync(join(dataDir, STORE_FILE)).size;
}

/** Words as people use them: few often, many rarely. */
function sentence(): string {
  return Array.from({ length: WORDS_PER_ENTRY }, () => `w${Math.floor(VOCABULARY * Math.random() ** 4)}`).join(' ');
}

function message(): StoredMessage {
  const payload = Buffer.alloc(200, 'x');
  return { topic: 'news/one', payload, qos: 1, retain: false, properties: undefined, expiresAt: 0, publisher: 'ana' };
}

function commit(store: EmbeddedStore, stage: (batch: Batch) => void): Promise<void> {
  const batch = store.batch();
  stage(batch);
  return new Promise((resolve, reject) => {
    batch.commit((error) => (error ? reject(error) : resolve()));
  });
}

import type { Draft } from '@parley/shared';
import { ulid } from 'ulid';
import { ChatLog } from '../../src/chat/log.ts';
import type { Appended } from '../../src/chat/log.ts';
import { createData } from '../../src/store/memory.ts';
import { SlowStore } from '../support/store.ts';

export interface OpenLog {
  readonly log: ChatLog;
  readonly store: SlowStore;
}

/** A log on a store of its own, or on what another one left. */
export function openLog(historyMessages: number, data = createData()): OpenLog {
  const store = new SlowStore(data);
  const row = { topic: 'chat/general', log: ulid(), createdAt: 0, first: 1 };
  const log = new ChatLog({ tables: store, historyMessages }, 1, row);
  store.onFailed(() => log.reload());
  return { log, store };
}

/** Appends as the hub does: everything in one commit. */
export function send(
  { log, store }: OpenLog,
  draft: Draft,
  from = 'ana',
  moderates = false,
  done: (error: Error | null) => void = () => {},
): Appended {
  const stage = store.batch();
  const appended = log.append(draft, { from, stage, moderates });
  stage.commit(done);
  return appended;
}

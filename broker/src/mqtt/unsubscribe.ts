import type { Connection } from './connection.ts';
import type { Core } from './core.ts';
import { emit } from './guard.ts';
import { isHeard, noteTopic } from './notes.ts';
import { Reason } from './reason.ts';

/** Takes filters away from a client, for it or for its embedder. What is queued already is still delivered (§3.10.4). */
export function unsubscribe(
  core: Core,
  connection: Connection,
  filters: readonly string[],
  answer: (reasonCodes: readonly number[]) => void,
): void {
  const { sessions, store } = core;
  const session = connection.session!;
  const batch = session.stored ? store.batch() : undefined;
  const reasonCodes = filters.map((filter) =>
    sessions.unsubscribe(session, filter, batch) ? Reason.success : Reason.noSubscriptionExisted,
  );
  let failed = false;
  // It holds from now on. That it holds after a restart is said when it is so: while the disk is full the answer waits.
  const done = (error: Error | null): void => {
    if (error && !failed) core.log('store-failed', { client: session.id, error: error.message });
    failed = error !== null;
    if (failed) return;
    answer(reasonCodes);
    announceUnsubscribed(core, connection, filters);
  };
  if (!batch || batch.empty) done(null);
  else batch.persist(done);
}

/** Aedes' `unsubscribe` event and its message below $SYS. */
function announceUnsubscribed(core: Core, connection: Connection, filters: readonly string[]): void {
  const { aedes, publications } = core;
  if (filters.length === 0) return;
  emit(core, 'unsubscribe', filters, connection);
  const topic = noteTopic(aedes, 'new/unsubscribes');
  if (!isHeard(core, topic)) return;
  publications.fromHub({ topic, payload: JSON.stringify({ clientId: connection.id, subs: filters }) }, null, () => {});
}

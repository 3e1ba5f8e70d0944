import { expect } from 'chai';
import type { Batch, Store } from '../../src/store/store.ts';
import { entry, message, session, subscription } from './samples.ts';

/** Sessions that all get every message, in one batch with its log entry. */
const SESSIONS = ['s0', 's1', 's2'];

/** Messages a queue holds before its oldest is taken out. */
const DEPTH = 40;

/**
 * Batch number `i`, for i from 1: what one publish causes. A whole batch can be told from half of one, and from the
 * number of the last batch follows all that must be in the store.
 */
export function stageBatch(batch: Batch, i: number): void {
  if (i === 1) {
    for (const id of SESSIONS) {
      batch.putSession(session(id));
      batch.putSubscription(id, subscription('#'));
    }
  }
  const shared = message('log/general', `message ${i} ${'x'.repeat(i % 300)}`);
  batch.put('log', ['general', i], { seq: i, text: 'x'.repeat(i % 500) });
  batch.put('index', [String(i)], i);
  batch.put('counter', [], i);
  for (const id of SESSIONS) {
    batch.enqueue(id, entry(i, shared));
    if (i % 5 === 0) batch.mark(id, i, { packetId: (i % 65_535) + 1, released: false });
    if (i > DEPTH) batch.dequeue(id, i - DEPTH);
  }
  batch.enqueue('s0', entry(i + 2 ** 40, message('own', String(i))));
  batch.dequeue('s0', i + 2 ** 40);
  batch.retain(message('last', String(i)));
  if (i % 50 === 0) batch.putSession(session(`short${i}`));
  if (i % 50 === 25 && i > 50) batch.deleteSession(`short${i - 25}`);
  if (i % 50 < 25 && i >= 50) batch.enqueue(`short${i - (i % 50)}`, entry(i, shared));
}

/** Checks that the store holds whole batches 1 … n and nothing else, and returns n. */
export async function checkBatches(store: Store): Promise<number> {
  const last = (store.get('counter', []) ?? 0) as number;
  if (last === 0) return 0;
  let next = 1;
  for (const { key, value } of store.range('log', { prefix: ['general'] })) {
    expect(key).to.deep.equal(['general', next]);
    expect(value).to.deep.equal({ seq: next, text: 'x'.repeat(next % 500) });
    next++;
  }
  expect(next - 1, 'log').to.equal(last);
  expect([...store.range('index')], 'index').to.have.length(last);
  expect(String(store.retained('last')?.payload), 'retained').to.equal(String(last));
  await checkQueues(store, last);
  return last;
}

async function checkQueues(store: Store, last: number): Promise<void> {
  const first = Math.max(1, last - DEPTH + 1);
  const wanted = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const { sessions } = await store.load();
  const short = `short${last - (last % 50)}`;
  const found: string[] = [];
  for (const { record, queue, subscriptions } of sessions) {
    found.push(record.id);
    if (record.id === short) continue;
    expect(subscriptions, record.id).to.have.length(1);
    expect(
      queue.map(({ seq }) => seq),
      record.id,
    ).to.deep.equal(wanted);
    for (const { seq, message: stored, mark } of queue) {
      expect(String(stored.payload)).to.equal(`message ${seq} ${'x'.repeat(seq % 300)}`);
      expect(mark !== undefined).to.equal(seq % 5 === 0);
    }
  }
  const isThere = last >= 50 && last % 50 < 25;
  expect(found).to.have.members(isThere ? [...SESSIONS, short] : SESSIONS);
}

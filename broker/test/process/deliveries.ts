import { expect } from 'chai';
import type { Entry } from '@parley/shared';
import type { ChatHistory } from './chat-history.ts';
import { AT_QOS_2, type Fleet } from './fleet.ts';
import type { Publisher } from './publisher.ts';

/** Whether every subscriber has had everything. */
export function isDelivered({ workers, subscribers, members }: Fleet, chat: readonly ChatHistory[]): boolean {
  const all = workers.every(({ options: { id }, sent }) => {
    const topic = `work/${id}`;
    const shared = members.flatMap(({ received }) => received.get(topic) ?? []);
    return subscribers.every(({ received }) => has(received.get(topic), sent)) && has(shared, sent);
  });
  const chatting = subscribers.filter(({ options }) => options.filters.includes('chat/+'));
  return (
    all &&
    chatting.every(({ received }) =>
      chat.every(({ channel, entries }) => has(received.get(`chat/${channel}`), entries.length)),
    )
  );
}

function has(list: readonly string[] | undefined, count: number): boolean {
  return (list?.length ?? 0) >= count && new Set(list).size >= count;
}

/** Compares what the subscribers got with what was sent: nothing missing, no QoS 2 double, in order. */
export function checkDeliveries({ workers, subscribers, members }: Fleet, chat: readonly ChatHistory[]): void {
  for (const worker of workers) {
    const topic = `work/${worker.options.id}`;
    for (const { options, received } of subscribers) {
      checkNumbers(`${options.id} ${topic}`, worker, received.get(topic) ?? [], true);
    }
    const shared = members.flatMap(({ received }) => received.get(topic) ?? []);
    checkNumbers(`members ${topic}`, worker, shared, false);
  }
  for (const { options, received } of subscribers) {
    if (!options.filters.includes('chat/+')) continue;
    for (const { channel, entries } of chat) {
      const seen = Array.from(new Set(received.get(`chat/${channel}`)), (text) => JSON.parse(text) as Entry);
      checkEntries(`${options.id} chat/${channel}`, seen, entries);
    }
  }
}

/** Order is promised at one QoS: an entry at QoS 1 may overtake one at QoS 2, and `seq` tells. */
function checkEntries(what: string, seen: readonly Entry[], log: readonly Entry[]): void {
  for (const isTwice of [true, false]) {
    const one = seen.filter(({ from }) => AT_QOS_2.has(from) === isTwice);
    const wrong = one.findIndex(({ seq }, i) => i > 0 && seq < one[i - 1]!.seq);
    expect(wrong, `${what}: the first entry out of order`).to.equal(-1);
  }
  const sorted = seen.toSorted((a, b) => a.seq - b.seq);
  expect(sorted.length, what).to.equal(log.length);
  const wrong = sorted.findIndex((entry, i) => JSON.stringify(entry) !== JSON.stringify(log[i]));
  expect(wrong, `${what}: the first entry that is another`).to.equal(-1);
}

function checkNumbers(
  what: string,
  { options, sent, acknowledged }: Publisher,
  list: string[],
  inOrder: boolean,
): void {
  const first = [...new Set(list)].map(Number);
  const ordered = inOrder ? first : first.toSorted((a, b) => a - b);
  for (let n = 1; n <= sent; n++) {
    if (ordered[n - 1] === n) continue;
    throw new Error(`${what}: ${ordered[n - 1]} in place of ${n} of ${sent}, acknowledged in round ${acknowledged[n]}`);
  }
  if (options.qos === 2) expect(list.length - first.length, `${what}: doubles at QoS 2`).to.equal(0);
}

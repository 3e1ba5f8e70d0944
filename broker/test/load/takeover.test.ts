import { expect } from 'chai';
import { startTestBroker } from '../engine/broker.ts';
import { RawClient } from '../engine/raw-client.ts';
import { eventually } from '../engine/wait.ts';

const CLIENTS = 300;
const KEPT = { clean: false, properties: { sessionExpiryInterval: 60 } };
const message = { cmd: 'publish' as const, topic: 't', qos: 1 as const, retain: false, dup: false };

describe('a takeover storm', () => {
  for (const version of [4, 5] as const) {
    it(`leaves one of ${CLIENTS} connections, its session, and every message, at version ${version}`, async () => {
      await using broker = await startTestBroker();
      using first = await RawClient.connect(broker.port, 'same', { ...KEPT, version });
      await first.subscribe('t', 1);
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => RawClient.open(broker.port, version)));

      for (const [at, client] of clients.entries()) {
        client.sendConnect('same', KEPT);
        broker.aedes.publish({ ...message, payload: String(at) }, () => {});
      }
      await eventually(() => clients.filter(({ closed }) => !closed).length === 1);
      using last = clients.find(({ closed }) => !closed)!;
      const { displaced, received } = await settle(clients, last);

      // A message in flight to one that was displaced goes to the next one again, with DUP: at least once, in order.
      expect(received).to.deep.equal(Array.from({ length: CLIENTS }, (_, at) => at));
      if (version === 5) expect(displaced).to.equal(CLIENTS - 1);
      expect(broker.engine.counters).to.include({ connections: 1, sessions: 1, queuedMessages: 0, subscriptions: 1 });
      expect(broker.engine.counters.refused).to.deep.equal({ takeover: CLIENTS });
    }).timeout(20_000);
  }
});

/** Reads everything; the last client acknowledges. Gives which numbers came, and how many were told of the takeover. */
async function settle(clients: readonly RawClient[], last: RawClient) {
  let displaced = 0;
  for (const client of clients) {
    if (client === last) continue;
    for (let packet = await client.next(); packet; packet = await client.next()) {
      if (packet.cmd === 'disconnect' && packet['reasonCode'] === 0x8e) displaced++;
    }
  }
  const received = new Set<number>();
  while (received.size < CLIENTS) {
    const packet = await last.next();
    if (!packet) break;
    if (packet.cmd !== 'publish') continue;
    received.add(Number(String(packet['payload'])));
    last.ack('puback', packet['messageId'] as number);
  }
  await last.isSilent();
  return { displaced, received: [...received] };
}

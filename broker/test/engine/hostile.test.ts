import { expect } from 'chai';
import fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { startTestBroker } from './broker.ts';
import { RawClient } from './raw-client.ts';
import { eventually } from './wait.ts';

const versions = fc.constantFrom(3 as const, 4 as const, 5 as const);
const id = fc.integer({ min: 1, max: 5 });
const topic = fc.constantFrom('a', 'a/b', '$share/g/a', '#', '$SYS/x', 'a/+');
const qos = fc.constantFrom(0 as const, 1 as const, 2 as const);

/** Well-formed packets in any order: what a confused or hostile client may say after CONNECT. */
const packets = fc.oneof(
  fc.record({ cmd: fc.constantFrom('puback', 'pubrec', 'pubrel', 'pubcomp'), messageId: id }),
  fc.record({
    cmd: fc.constant('publish'),
    topic: fc.constantFrom('a', 'a/b', '$SYS/x'),
    payload: fc.string({ maxLength: 20 }),
    qos,
    messageId: id,
    retain: fc.boolean(),
    dup: fc.constant(false),
  }),
  fc.record({
    cmd: fc.constant('subscribe'),
    messageId: id,
    subscriptions: fc.array(fc.record({ topic, qos }), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ cmd: fc.constant('unsubscribe'), messageId: id, unsubscriptions: fc.array(topic, { minLength: 1 }) }),
  fc.record({ cmd: fc.constantFrom('pingreq', 'disconnect') }),
);

describe('a hostile client', () => {
  it('does not stop the hub with packets in any order, nor with broken ones, nor leave anything behind', async () => {
    await using broker = await startTestBroker();

    await fc.assert(
      fc.asyncProperty(
        versions,
        fc.boolean(),
        fc.array(packets, { maxLength: 30 }),
        fc.option(fc.tuple(fc.nat(400), fc.nat(255))),
        async (version, clean, list, broken) => {
          using client = await RawClient.connect(broker.port, 'hostile', { version, clean });
          const bytes = Buffer.concat(list.map((packet) => generate(packet as Packet, { protocolVersion: version })));
          if (broken && bytes.length > 0) bytes[broken[0] % bytes.length] = broken[1];
          client.send(bytes);
          client.send({ cmd: 'pingreq' });
          // A broken length may leave the hub waiting for more: then nothing comes, which is an answer too.
          for (let packet = await client.next(20); packet && packet.cmd !== 'pingresp';) packet = await client.next(20);
        },
      ),
      { numRuns: 300, endOnFailure: true },
    );
    using last = await RawClient.connect(broker.port, 'hostile', { version: 4, clean: true });
    last.socket.destroy();
    await eventually(() => broker.engine.counters.sessions === 0);

    expect(broker.engine.counters).to.include({ connections: 0, subscriptions: 0, queuedMessages: 0, queuedBytes: 0 });
    expect(broker.log.filter(({ event }) => event.endsWith('-failed'))).to.deep.equal([]);
  }).timeout(40_000);
});

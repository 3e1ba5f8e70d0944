import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { startTestBroker } from '../engine/broker.ts';
import { FlakyReader } from './flaky-reader.ts';
import { FlakyWriter } from './flaky-writer.ts';

const MESSAGES = 3000;
const RECONNECTS = 20;

describe('a writer and a reader that lose their connections 20 times each under load', () => {
  for (const version of [4, 5] as const) {
    it(`lose and reorder nothing at QoS 1 and 2, and double nothing at QoS 2, at protocol version ${version}`, async () => {
      await using broker = await startTestBroker({ options: { maxInflight: 20 } });
      await using reader = new FlakyReader(broker.port, version);
      await reader.connect();
      await reader.subscribe(['q0', 'q1', 'q2']);
      await using writer = new FlakyWriter(broker.port, version);
      await writer.connect();

      const writing = writer.write(MESSAGES);
      for (let round = 0; round < RECONNECTS; round++) {
        await reader.after(MESSAGES / RECONNECTS / 2);
        await reader.reconnect();
        await pause(5);
        await writer.reconnect();
      }
      await writing;
      await reader.until(() => reader.got[1].length >= MESSAGES && reader.got[2].length >= MESSAGES);

      const all = Array.from({ length: MESSAGES }, (_, i) => i);
      expect(reader.got[2]).to.deep.equal(all);
      expect(reader.got[1]).to.deep.equal(all);
      // At QoS 0 what is sent while either is away is lost; nothing comes twice, and nothing out of order.
      expect(reader.got[0]).to.deep.equal([...new Set(reader.got[0])].toSorted((a, b) => a - b));
      expect(reader.got[0].length).to.be.within(MESSAGES / 10, MESSAGES);
      // What comes twice says so with DUP, unless it is the writer who sent it twice [MQTT-3.3.1-3].
      expect(reader.undeclared.filter((number) => !writer.resent.has(number))).to.deep.equal([]);
      expect([reader.sessionsLost, writer.sessionsLost]).to.deep.equal([0, 0]);
    }).timeout(60_000);
  }
});

import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { startTestBroker, type TestBroker } from '../engine/broker.ts';
import { RawClient } from '../engine/raw-client.ts';
import { eventually } from '../engine/wait.ts';
import { StalledReaders } from './stalled-readers.ts';

/** What is in the way of a stalled reader: each flood message fills a good part of a socket. */
const FLOOD = Buffer.alloc(128 * 1024);
const WINDOWS = 12;
const WINDOW_MS = 120;
const FLOOD_EVERY_MS = 20;

/** One publisher and one reader, and how long their messages take, in ms. */
async function measuringPair(port: number) {
  const [writer, reader] = await Promise.all([RawClient.connect(port, 'writer'), RawClient.connect(port, 'reader')]);
  await reader.subscribe('pair');
  const exchange = async (): Promise<number> => {
    const started = performance.now();
    writer.publish('pair', 'x');
    await reader.expect('publish');
    return performance.now() - started;
  };
  const close = (): void => [writer, reader].forEach(({ socket }) => socket.destroy());
  return { exchange, [Symbol.dispose]: close };
}

/** Exchanges messages for a while, with a flood beside them, and gives how long each took. */
async function window(broker: TestBroker, topic: string, exchange: () => Promise<number>): Promise<number[]> {
  const flood = setInterval(() => publish(broker, topic), FLOOD_EVERY_MS);
  const delays: number[] = [];
  for (const end = performance.now() + WINDOW_MS; performance.now() < end; await pause(1))
    delays.push(await exchange());
  clearInterval(flood);
  return delays;
}

function publish({ aedes }: TestBroker, topic: string): void {
  aedes.publish({ cmd: 'publish', topic, payload: FLOOD, qos: 0, retain: false, dup: false }, () => {});
}

/** Floods until every socket is full: from then on the hub drops for all of them. */
async function fill(broker: TestBroker, readers: number): Promise<void> {
  const { counters } = broker.engine;
  await eventually(() => counters.subscriptions >= readers + 1, 20_000);
  for (let last = -1; (counters.dropped.outboundBytes ?? 0) - last < readers;) {
    last = counters.dropped.outboundBytes ?? 0;
    publish(broker, 'flood');
    await pause(2);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

describe('readers that stop reading', () => {
  for (const readers of [1, 1000]) {
    // Not flaky: windows with and without stalled readers alternate within one run, so that whatever else the machine does
    // falls on both; the medians of a thousand exchanges each ignore its pauses (measured: 1.0 times); a tenth of a millisecond is allowed for.
    it(`do not change an unrelated pair's latency by more than 2 ×: ${readers}`, async () => {
      await using broker = await startTestBroker({ options: { maxOutboundBytes: 256 * 1024, stallSeconds: 600 } });
      using pair = await measuringPair(broker.port);
      using _stalled = await StalledReaders.open(broker.port, readers, 'flood');
      await fill(broker, readers);
      const alone: number[] = [];
      const beside: number[] = [];

      for (let i = 0; i < WINDOWS; i++) {
        alone.push(...(await window(broker, 'nobody', pair.exchange)));
        beside.push(...(await window(broker, 'flood', pair.exchange)));
      }

      expect(broker.engine.counters.dropped.outboundBytes).to.be.greaterThan(readers * WINDOWS);
      expect(median(beside)).to.be.lessThan(median(alone) * 2 + 0.1);
    }).timeout(60_000);
  }
});

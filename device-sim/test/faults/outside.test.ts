import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { topics } from '@parley/shared';
import * as z from 'zod';
import type { Fleet } from '../../src/fleet.ts';
import { parseScenario } from '../../src/scenario/load.ts';
import { startScenario } from '../support/fleet.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

/** A fleet of one group on a real hub; seen from another client of that hub. */
async function onHub(hub: TestHub, keys: string): Promise<Fleet & AsyncDisposable> {
  const scenario = parseScenario(`groups: [{behaviour: lamp, interval: 100ms, ${keys}}]`, 'x.yaml');
  const fleet = await startScenario('', { scenario, urlOf: hub.urlOf });
  return { ...fleet, [Symbol.asyncDispose]: () => fleet.stop() };
}

describe('faults, as others see them', function () {
  this.timeout(60_000);

  it('a drop is no DISCONNECT: the hub publishes the will, and the device is back', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.watch('devices/+/status');
    await using _fleet = await onHub(hub, 'name: d, faults: [{kind: drop, at: 1s}]');

    await watcher.on('devices/d/status', 'offline');
    await until('it is back', () => watcher.seen.at(-1)?.payload.toString() === 'online');

    const statuses = watcher.seen.map(({ payload }) => payload.toString());
    expect(statuses).to.deep.equal(['online', 'offline', 'online']);
  });

  it('a silent device is dead to the hub past its keep alive, and comes back when the silence ends', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.watch('devices/+/status');
    await using fleet = await onHub(hub, 'name: d, keepAlive: 1s, faults: [{kind: silence, at: 500ms, lasts: 4s}]');

    await watcher.on('devices/d/status', 'offline');
    await until('it is back', () => fleet.counts().up === 1 && watcher.seen.length >= 3);

    expect(fleet.tally.reconnect.count).to.equal(1);
  });

  it('a storm brings all devices back at the same moment', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.watch('devices/+/status');
    await using fleet = await onHub(hub, "name: 'd-{n}', count: 30, faults: [{kind: storm, at: 2s}]");
    await until('all are up', () => fleet.counts().up === 30);

    const offline = (): number => watcher.seen.filter(({ payload }) => payload.toString() === 'offline').length;
    await until('all were lost', () => offline() === 30);
    await until('all are back', () => fleet.counts().up === 30);

    expect(fleet.tally.reconnect.count).to.equal(30);
  });

  it('an oversized payload beyond what the hub takes costs the device its connection, and nobody else', async () => {
    await using hub = await startTestHub({ maxPacketBytes: 4096 });
    const watcher = await hub.watch('devices/+/telemetry');
    await using big = await onHub(hub, 'name: big, faults: [{kind: oversized, bytes: 8 KiB, at: 500ms, lasts: 1s}]');
    await using _small = await onHub(hub, 'name: small');

    await until('the big one lost its connection', () => big.tally.reconnect.count > 0);
    const before = watcher.seen.length;
    await until('the small one goes on', () =>
      watcher.seen.slice(before).some(({ topic }) => topic === 'devices/small/telemetry'),
    );
  });

  it('broken payloads are delivered as they are', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.watch('devices/+/telemetry');
    await using _fleet = await onHub(hub, 'name: d, faults: [{kind: corrupt}]');

    const { payload } = await watcher.on('devices/d/telemetry');

    expect(() => topics.telemetry.codec.decode(payload)).to.throw();
  });

  it('a slow reader lets what is sent to it pile up', async () => {
    await using broker = await floodingBroker();
    const scenario = parseScenario(
      'groups: [{name: d, behaviour: lamp, interval: 1h, faults: [{kind: slow-reader, at: 0s, lasts: 1h, pause: 1h}]}]',
      'x.yaml',
    );
    const fleet = await startScenario('', { scenario, urlOf: () => broker.url });
    await until('it is connected', () => broker.sockets.size === 1);

    await until('the broker cannot write any more', () => broker.isBlocked());

    await fleet.crash('d');
  });
});

/** Answers CONNECT, and then sends without end, until the reader no longer takes it. */
async function floodingBroker() {
  const sockets = new Set<Socket>();
  let blockedSince = Infinity;
  const publish = Buffer.concat([Uint8Array.of(0x30, 0xff, 0x7f, 0, 1, 0x61), Buffer.alloc(16_383 - 3)]);
  const flood = (socket: Socket): void => {
    while (!socket.destroyed && socket.write(publish));
    blockedSince = performance.now();
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('data', () => {
      socket.write(Uint8Array.of(0x20, 2, 0, 0));
      flood(socket);
    });
    socket.on('drain', () => {
      blockedSince = Infinity;
      setImmediate(() => flood(socket));
    });
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `mqtt://127.0.0.1:${port}`,
    sockets,
    /** For long enough that a reader would have taken something. */
    isBlocked: () => performance.now() - blockedSince > 500,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

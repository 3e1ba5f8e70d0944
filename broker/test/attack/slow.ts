import type { Socket } from 'node:net';
import { expect } from 'chai';
import { ended as gone } from '../support/accounts.ts';
import { inParallel, tally } from './attack.ts';
import type { Attack } from './attack.ts';
import { untilMetrics } from './target.ts';
import type { Target } from './target.ts';

const HALF_OPEN = 3000;
const SLOW = 100;
const DRIBBLE_MS = 250;
/** Node looks for late requests each 5 s, and headers have 15 s. */
const PATIENCE_MS = 60_000;

const upgrade = [
  'GET /mqtt HTTP/1.1',
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Protocol: mqtt',
];

/** Openings of a conversation that then goes on a byte at a time and is never finished. */
const slow: Readonly<Record<string, { port: 'mqtt' | 'http'; first: Buffer; more: Buffer }>> = {
  'MQTT over TCP': { port: 'mqtt', first: Buffer.from([0x10, 0xff, 0x7f]), more: Buffer.from([0]) },
  'HTTP headers': { port: 'http', first: Buffer.from('GET /api/hub HTTP/1.1\r\nX-A: '), more: Buffer.from('a') },
  'WebSocket handshakes': {
    port: 'http',
    first: Buffer.from(upgrade.join('\r\n')),
    more: Buffer.from('a'),
  },
  'MQTT over WebSocket': {
    port: 'http',
    // A masked frame of 64 KiB, of which one byte comes at a time.
    first: Buffer.concat([Buffer.from(`${upgrade.join('\r\n')}\r\n\r\n`), Buffer.from([0x82, 0xfe, 0xff, 0xff])]),
    more: Buffer.from([0]),
  },
};

/** Writes a byte now and then until the hub closes. */
async function dribble(socket: Socket, more: Buffer): Promise<void> {
  const timer = setInterval(() => socket.write(more), DRIBBLE_MS);
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    socket.destroy();
  }, PATIENCE_MS);
  await closed(socket);
  clearInterval(timer);
  clearTimeout(late);
  if (isLate) throw new Error(`the hub did not close within ${PATIENCE_MS} ms`);
}

/** Also by a reset: bytes may be on their way when the hub closes. */
function closed(socket: Socket): Promise<void> {
  return new Promise((done) => {
    socket.once('close', () => done());
  });
}

async function slowLoris(target: Target) {
  const ended = await Promise.all(
    Object.entries(slow).map(async ([what, { port, first, more }]) => {
      let count = 0;
      await inParallel(Array(SLOW), SLOW, async () => {
        const socket = await target.socket(port);
        socket.write(first);
        await dribble(socket, more);
        count++;
      });
      return Array.from({ length: count }, () => what);
    }),
  );
  return { attempts: ended.flat().length, outcome: `closed by the hub: ${tally(ended.flat())}` };
}

async function halfOpen(target: Target) {
  const sockets: Socket[] = [];
  const ends: Promise<unknown>[] = [];
  await inParallel(Array(HALF_OPEN).keys(), 100, async (index) => {
    const socket = await target.socket(index % 2 === 0 ? 'mqtt' : 'http');
    sockets.push(socket);
    if (index % 2 === 0) ends.push(closed(socket));
  });
  const alive = await target.api(undefined, 'GET', '/healthz');
  await Promise.all(ends);
  for (const socket of sockets) socket.destroy();
  expect(alive.status).to.equal(200);
  return { attempts: HALF_OPEN, outcome: `served meanwhile; ${ends.length} of MQTT closed at the time-out` };
}

async function vanish(target: Target) {
  const { eve } = target.tokens;
  await inParallel(Array(300).keys(), 50, async (index) => {
    const client = await target.client(eve, { clientId: `gone-${index}`, keepalive: 0 });
    const end = gone(client);
    client.stream.destroy();
    await end;
  });
  await untilMetrics(target, (metrics) => metrics.get('parley_mqtt_connections_open') === 2, 'the end of all');
  return { attempts: 300, outcome: 'no connection left' };
}

/** They wait for time-outs most of the time, so they come together. */
async function slowAndSilent(target: Target) {
  const [one, other] = await Promise.all([slowLoris(target), halfOpen(target)]);
  return { attempts: one.attempts + other.attempts, outcome: `${one.outcome}; half open: ${other.outcome}` };
}

export const slowAttacks: readonly Attack[] = [
  { name: 'slow-loris on TCP, HTTP and WebSocket beside thousands of half-open connections', run: slowAndSilent },
  { name: 'clients that vanish', run: vanish },
];

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { generate } from 'mqtt-packet';
import { WebSocket } from 'ws';

const CONNECTIONS = 10_000;
/** Of them over WebSocket, and open at a time. */
const EVERY = 10;
const PARALLEL = 100;

const LAST_BYTE = 'x'.charCodeAt(0);

interface Ports {
  readonly mqtt: number;
  readonly http: number;
}

interface Measured {
  readonly heap: number;
  readonly clients: number;
}

/** Connects, subscribes, publishes; every other session outlives its connection for a while. */
function conversation(at: number): Buffer {
  const protocolVersion = at % 2 === 0 ? 4 : 5;
  const options = { protocolVersion } as const;
  const name = { cmd: 'connect', protocolId: 'MQTT', protocolVersion, clientId: `Churn ${at}`, keepalive: 60 } as const;
  const kept = protocolVersion === 5 ? { properties: { sessionExpiryInterval: 1 } } : {};
  return Buffer.concat([
    generate({ ...name, clean: at % 3 > 0, ...kept }, options),
    generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: `own/${at}`, qos: 1 }] }, options),
    generate({ cmd: 'publish', topic: `own/${at}`, payload: 'x', qos: 0, retain: false, dup: false }, options),
  ]);
}

/** Half say DISCONNECT, half just go. */
function farewell(at: number): Buffer {
  return at % 4 < 2 ? Buffer.from([0xe0, 0]) : Buffer.alloc(0);
}

function overTcp(port: number, at: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(conversation(at)));
    socket.on('data', (chunk) => {
      // The message itself comes last: then it is all through.
      if (chunk.at(-1) === LAST_BYTE) socket.end(farewell(at));
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve());
  });
}

async function overWebSocket(port: number, at: number): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/mqtt`, 'mqtt');
  await once(socket, 'open');
  socket.send(conversation(at));
  await once(socket, 'message');
  socket.send(farewell(at));
  if (at % 20 === 0) socket.terminate();
  else socket.close();
  await once(socket, 'close');
}

async function churn({ mqtt, http }: Ports, count: number): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < count; at = next++) {
      await (at % EVERY === 0 ? overWebSocket(http, at) : overTcp(mqtt, at));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

async function measure(child: ChildProcess): Promise<Measured> {
  child.send('measure');
  const [measured] = (await once(child, 'message')) as [Measured];
  return measured;
}

describe('connections that come and go', () => {
  it(`leave the heap within 5 % of what it was: ${CONNECTIONS}`, async () => {
    const execArgv = ['--expose-gc', '--import=tsx', '--conditions=@parley/source'];
    const child = fork(fileURLToPath(new URL('churn-hub.ts', import.meta.url)), { execArgv });
    try {
      const [ports] = (await once(child, 'message')) as [Ports];
      // Code is compiled and caches fill once.
      await churn(ports, CONNECTIONS / 5);
      const before = await measure(child);

      await churn(ports, CONNECTIONS);
      const after = await measure(child);

      expect(after.clients).to.equal(0);
      expect(after.heap).to.be.lessThan(before.heap * 1.05);
    } finally {
      child.kill('SIGKILL');
    }
  }).timeout(60_000);
});

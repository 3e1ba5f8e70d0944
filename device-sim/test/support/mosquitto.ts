import { once } from 'node:events';
import { createServer } from 'node:net';
import { connect } from 'node:net';
import { runProgram } from './program.ts';
import { until } from './until.ts';

/** The real Mosquitto, on a free port of loopback. */
export async function startMosquitto(): Promise<AsyncDisposable & { readonly url: string }> {
  const port = await freePort();
  const program = runProgram('mosquitto', ['-p', String(port)]);
  let isOpen = false;
  await until('mosquitto listens', () => {
    const socket = connect(port, '127.0.0.1', () => {
      isOpen = true;
      socket.destroy();
    });
    socket.on('error', () => {});
    return isOpen;
  });
  return { url: `mqtt://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

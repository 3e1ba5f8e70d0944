import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { started } from './broker.ts';
import type { Broker } from './broker.ts';
import { makeDirectory, run } from './process.ts';

/**
 * Mosquitto with the hub's own bounds, logging nothing; with WebSocket if this build has it.
 * @param persistence its lines about persistence; nothing is written by default
 */
export async function startMosquitto(persistence: readonly string[] = ['persistence false']): Promise<Broker> {
  const start = (tcpPort: number, more: string): Promise<Started> => startWith(tcpPort, [...persistence, more]);
  const [tcpPort, wsPort] = await Promise.all([freePort(), freePort()]);
  const webSocket = `listener ${wsPort} 127.0.0.1\nprotocol websockets`;
  const withWebSocket = await start(tcpPort, webSocket).catch(() => undefined);
  if (withWebSocket) return { ...withWebSocket, wsPort };
  return { ...(await start(tcpPort, '')), wsPort: undefined };
}

type Started = Omit<Broker, 'wsPort'>;

async function startWith(tcpPort: number, more: readonly string[]): Promise<Started> {
  const file = join(makeDirectory(), 'mosquitto.conf');
  // TCP comes last: that it accepts says that all listeners are there.
  writeFileSync(file, `${[settings, ...more].join('\n')}\nlistener ${tcpPort} 127.0.0.1\n`);
  const running = run('mosquitto', ['-c', file]);
  await started('mosquitto', running, () => accepts(tcpPort));
  return { pid: running.child.pid!, tcpPort, stop: running.stop };
}

/** Bounds are the hub's defaults (docs/options.md): 100 unacknowledged messages to a client, 10,000 queued. */
const settings = [
  'log_dest none',
  'connection_messages false',
  'allow_anonymous true',
  'set_tcp_nodelay true',
  'max_inflight_messages 100',
  'max_queued_messages 10000',
].join('\n');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts(port: number): Promise<true | undefined> {
  const socket = connect(port, '127.0.0.1');
  const accepted = await once(socket, 'connect').then(
    () => true as const,
    () => undefined,
  );
  socket.destroy();
  return accepted;
}

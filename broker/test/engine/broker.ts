import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';
import { WebSocketServer } from 'ws';
import { type Engine, type EngineSetup, installEngine } from '../../src/mqtt/engine.ts';

export interface TestBroker extends AsyncDisposable {
  readonly aedes: Aedes;
  readonly engine: Engine;
  readonly port: number;
  readonly wsPort: number;
  /** Lines logged by the engine. */
  readonly log: { event: string; [field: string]: unknown }[];
}

interface Setup extends EngineSetup {
  readonly aedes?: AedesOptions;
}

/** The engine on a real Aedes, listening on free loopback ports for TCP and WebSocket. */
export async function startTestBroker(setup: Setup = {}): Promise<TestBroker> {
  const log: TestBroker['log'] = [];
  const aedes = await Aedes.createBroker(setup.aedes);
  const hooks = { log: (event: string, fields: object) => void log.push({ ...fields, event }), ...setup.hooks };
  const engine = await installEngine(aedes, { ...setup, hooks });
  const tcp = createServer((socket) => engine.handle(socket)).listen(0, '127.0.0.1');
  const http = createHttpServer().listen(0, '127.0.0.1');
  const wss = new WebSocketServer({ server: http, perMessageDeflate: false });
  wss.on('connection', (socket, req) => engine.handle(socket, req));
  await Promise.all([once(tcp, 'listening'), once(http, 'listening')]);
  return {
    aedes,
    engine,
    log,
    port: (tcp.address() as AddressInfo).port,
    wsPort: (http.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      tcp.close();
      wss.close();
      http.close();
      await new Promise<void>((resolve) => aedes.close(resolve));
      await engine.close();
      http.closeAllConnections();
    },
  };
}

import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { HubOptions } from '../options/table.ts';
import type { Scope } from '../scope.ts';
import type { Certificates, TlsSettings } from './certificate.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import { listen, stopListening } from './listen.ts';

/** What a listener does with each connection it accepts. */
export type Accept = (socket: Socket) => void;

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface TlsContext {
  readonly settings: TlsSettings;
  readonly certificates: Certificates;
  readonly gatekeeper: Gatekeeper;
}

/** Handshakes and connections that wait for their refusal, beyond those that may be open. */
const SURPLUS = 1000;

/** MQTT over TCP. Gives the port it got. */
export function listenTcp(
  { host, port }: Address,
  gatekeeper: Gatekeeper,
  accept: Accept,
  scope: Scope,
): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => gatekeeper.receive(socket, accept));
  gatekeeper.bound(server, SURPLUS);
  return open(server, host, port, 'mqttPort', scope);
}

/** MQTT over TLS. Gives the port it got. */
export function listenTls(
  { host, port }: Address,
  { settings, certificates, gatekeeper }: TlsContext,
  { connectTimeoutSeconds }: Pick<HubOptions, 'connectTimeoutSeconds'>,
  accept: Accept,
  scope: Scope,
): Promise<number> {
  const handshakeTimeout = connectTimeoutSeconds * 1000;
  // It never listens: connections are handed to it when a proxy's header is off.
  const handshakes = createTlsServer({ ...settings, handshakeTimeout, noDelay: true }, accept);
  handshakes.on('tlsClientError', (_error, socket) => socket.destroy());
  certificates.use(handshakes);
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    gatekeeper.receive(socket, (passed) => void handshakes.emit('connection', passed));
  });
  gatekeeper.bound(server, SURPLUS);
  return open(server, host, port, 'mqttsPort', scope);
}

function open(server: Server, host: string, port: number, option: string, scope: Scope): Promise<number> {
  scope.defer(() => stopListening(server));
  return listen(server, host, port, option);
}

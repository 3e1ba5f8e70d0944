import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Scope } from '../scope.ts';
import type { Certificate } from './certificate.ts';
import { listen, stopListening } from './listen.ts';

/** What a listener does with each connection it accepts. */
export type Accept = (socket: Socket) => void;

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** MQTT over TCP. Gives the port it got. */
export function listenTcp({ host, port }: Address, accept: Accept, scope: Scope): Promise<number> {
  return open(createServer({ noDelay: true }, accept), host, port, 'mqttPort', scope);
}

/** MQTT over TLS. Gives the port it got. */
export function listenTls(
  { host, port }: Address,
  certificate: Certificate,
  accept: Accept,
  scope: Scope,
): Promise<number> {
  return open(createTlsServer({ ...certificate, noDelay: true }, accept), host, port, 'mqttsPort', scope);
}

function open(server: Server, host: string, port: number, option: string, scope: Scope): Promise<number> {
  scope.defer(() => stopListening(server));
  return listen(server, host, port, option);
}

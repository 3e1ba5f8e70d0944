import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Log } from '../log.ts';
import type { Scope } from '../scope.ts';
import { originAllowed } from './origin.ts';
import type { OriginOptions } from './origin.ts';

/** MQTT 5.0 §6: `mqtt`; `mqttv3.1` is what 3.1 clients offer. */
const subprotocols = ['mqtt', 'mqttv3.1'];

export interface WebSocketOptions extends OriginOptions {
  readonly maxPacketBytes: number;
}

/** A refused socket may take this long to read why. */
const REFUSAL_MS = 1000;

/** MQTT over WebSocket at `/mqtt` of the HTTP server. */
export function acceptWebSockets(
  http: FastifyInstance,
  accept: (socket: WebSocket, request: IncomingMessage) => void,
  options: WebSocketOptions,
  log: Log,
  scope: Scope,
): void {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // A frame may carry several packets; each packet has its own limit behind this one.
    maxPayload: options.maxPacketBytes * 2,
    handleProtocols: (offered) => subprotocols.find((one) => offered.has(one)) ?? false,
  });
  // An HTTP server is not closed before its upgraded sockets are.
  http.addHook('preClose', async () => sockets.clients.forEach((socket) => socket.terminate()));
  scope.on(http.server, 'upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request, options);
    if (refusal) return refuse(socket, refusal, request, log);
    sockets.handleUpgrade(request, socket, head, (webSocket) => accept(webSocket, request));
  });
}

function refusalOf(request: IncomingMessage, options: OriginOptions): number | undefined {
  if (request.url?.split('?', 1)[0] !== '/mqtt') return 404;
  if (!originAllowed(request, options)) return 403;
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((one) => one.trim());
  return offered && !subprotocols.some((one) => offered.includes(one)) ? 400 : undefined;
}

function refuse(socket: Duplex, status: number, { url, headers }: IncomingMessage, log: Log): void {
  log.warn({ event: 'websocket.refused', status, url, origin: headers.origin }, 'WebSocket refused');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    socket.destroy(),
  );
  setTimeout(() => socket.destroy(), REFUSAL_MS).unref();
}

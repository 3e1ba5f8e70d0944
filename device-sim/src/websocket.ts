import type { Duplex } from 'node:stream';
import websocketStream from 'websocket-stream';
import type { TlsOptions } from './link/transport.ts';

/** How long a peer may take to answer the closing handshake (RFC 6455 §7.1.1); ws itself would wait 30 s. */
const closeTimeoutMs = 500;
const handshakeTimeout = 10_000;

/** MQTT over WebSocket by way of websocket-stream on ws 8: it writes what is ready as one frame. */
export function openWebSocket(url: string, tls: TlsOptions): Duplex {
  const stream = websocketStream(url, ['mqtt'], { handshakeTimeout, perMessageDeflate: false, ...tls });
  stream.once('close', () => setTimeout(() => stream.socket.terminate(), closeTimeoutMs).unref());
  return stream;
}

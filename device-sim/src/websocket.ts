import type { StreamBuilder } from 'mqtt';
import websocketStream from 'websocket-stream';

/** How long a peer may take to answer the closing handshake (RFC 6455 §7.1.1); ws itself would wait 30 s. */
const closeTimeoutMs = 500;
const handshakeTimeout = 10_000;

/**
 * MQTT over WebSocket by way of websocket-stream on ws 8: it writes what is ready as one frame, where MQTT.js's own
 * stream takes six frames a PUBLISH and twice the CPU.
 */
export function websocketBuilder(url: string): StreamBuilder {
  return () => {
    const stream = websocketStream(url, ['mqtt'], { handshakeTimeout, perMessageDeflate: false });
    stream.once('close', () => setTimeout(() => stream.socket.terminate(), closeTimeoutMs).unref());
    return stream;
  };
}

import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { frame } from './frame.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** Close codes (RFC 6455 §7.4.1). */
const NORMAL = 1000;
const UNSUPPORTED_DATA = 1003;

/** Where a socket keeps its connection: listeners are shared functions that find it there, as for TCP. */
const kEvents = Symbol('events');
const kEnded = Symbol('ended');
const kSent = Symbol('sent');

interface OwnedSocket extends WebSocket {
  [kEvents]?: TransportEvents | undefined;
  [kEnded]?: boolean;
  [kSent]?: () => void;
}

const BINARY = { binary: true, compress: false } as const;

/**
 * A WebSocket of `ws`, used directly: a stream wrapper around it writes several frames per packet and takes text frames
 * for MQTT. Frames and packets need not line up [MQTT-6.0.0-2]; each write is one binary frame.
 */
export class WebSocketTransport implements Transport {
  readonly kind = 'websocket';
  readonly socket: OwnedSocket;
  readonly remoteAddress: string | undefined;
  /** What the WebSocket itself writes to. */
  readonly #under: Duplex | undefined;

  /**
   * @param under the socket that was upgraded. With it, and without compression, frames are written here: `ws` hands header
   * and payload to it as two buffers, which costs a small message more than all else.
   */
  constructor(socket: WebSocket, under?: Duplex, remoteAddress?: string) {
    this.socket = socket;
    this.remoteAddress = remoteAddress;
    this.#under = socket.extensions === '' ? under : undefined;
  }

  get buffered(): number {
    return this.socket.bufferedAmount;
  }

  open(events: TransportEvents): void {
    const { socket } = this;
    socket[kEvents] = events;
    socket.on('message', onMessage);
    socket.on('error', onError);
    socket.on('close', onClose);
    if (socket.readyState > socket.OPEN) onClose.call(socket);
  }

  write(chunk: Buffer): void {
    const { socket } = this;
    if (!this.#under) return this.#send(chunk);
    if (socket.readyState === socket.OPEN) this.#under.write(frame(chunk), onSent(socket));
  }

  writeAll(chunks: readonly Buffer[]): void {
    this.#send(Buffer.concat(chunks));
  }

  #send(chunk: Buffer): void {
    const { socket } = this;
    if (socket.readyState === socket.OPEN) socket.send(chunk, BINARY, onSent(socket));
  }

  end(): void {
    this.socket.close(NORMAL);
  }

  destroy(): void {
    this.socket.terminate();
  }

  pause(): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }
}

/** Whether something was sent at once is known only later; the callback is one for all writes of a socket. */
function onSent(socket: OwnedSocket): () => void {
  return (socket[kSent] ??= () => drained(socket));
}

function onMessage(this: OwnedSocket, data: RawData, isBinary: boolean): void {
  if (this[kEnded]) return;
  const events = this[kEvents];
  if (!isBinary) refuseText(this);
  else if (Buffer.isBuffer(data)) events?.received(data);
  else if (Array.isArray(data)) for (const part of data) events?.received(part);
  else events?.received(Buffer.from(data));
}

/** [MQTT-6.0.0-1]: MQTT travels in binary frames; any other data frame closes the connection. */
function refuseText(socket: OwnedSocket): void {
  socket.close(UNSUPPORTED_DATA, 'MQTT needs binary frames');
  finish(socket, new Error('text frame'));
}

function onError(this: OwnedSocket, error: Error): void {
  finish(this, error);
}

function onClose(this: OwnedSocket): void {
  finish(this, undefined);
  this[kEvents]?.released();
  this[kEvents] = undefined;
}

function drained(socket: OwnedSocket): void {
  if (!socket[kEnded]) socket[kEvents]?.drained();
}

function finish(socket: OwnedSocket, error: Error | undefined): void {
  if (socket[kEnded]) return;
  socket[kEnded] = true;
  socket[kEvents]?.ended(error);
}

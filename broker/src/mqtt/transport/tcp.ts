import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Transport, TransportEvents } from './transport.ts';

/** Where a stream keeps its connection. Listeners are shared functions that find it there: a closure per event costs memory. */
const kEvents = Symbol('events');
const kEnded = Symbol('ended');

interface OwnedStream extends Duplex {
  [kEvents]?: TransportEvents | undefined;
  [kEnded]?: boolean;
}

/** A TCP or TLS socket, or any other Duplex an embedder hands to `aedes.handle`. */
export class StreamTransport implements Transport {
  readonly kind = 'tcp';
  readonly socket: OwnedStream;

  constructor(stream: Duplex) {
    this.socket = stream;
  }

  get remoteAddress(): string | undefined {
    return (this.socket as Partial<Socket>).remoteAddress;
  }

  get buffered(): number {
    return this.socket.writableLength;
  }

  open(events: TransportEvents): void {
    const { socket } = this;
    socket[kEvents] = events;
    // One write per turn leaves nothing for Nagle's algorithm to join, only the wait.
    (socket as Partial<Socket>).setNoDelay?.(true);
    socket.on('data', onData);
    socket.on('drain', onDrain);
    socket.on('end', onEnd);
    socket.on('error', onError);
    socket.on('close', onClose);
    if (socket.destroyed) onClose.call(socket);
  }

  write(chunk: Buffer): void {
    if (this.socket.writable) this.socket.write(chunk);
  }

  writeAll(chunks: readonly Buffer[]): void {
    const { socket } = this;
    if (!socket.writable) return;
    socket.cork();
    for (const chunk of chunks) socket.write(chunk);
    socket.uncork();
  }

  end(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }
}

function onData(this: OwnedStream, chunk: Buffer): void {
  if (!this[kEnded]) this[kEvents]?.received(chunk);
}

function onDrain(this: OwnedStream): void {
  if (!this[kEnded]) this[kEvents]?.drained();
}

function onEnd(this: OwnedStream): void {
  // Nothing is said to a peer that stopped talking; a Duplex that may stay half open would never close.
  if (!this.destroyed) this.end();
  finish(this, undefined);
}

function onError(this: OwnedStream, error: Error): void {
  finish(this, error);
}

/** The error listener stays: a socket may fail more than once, and an unheard error would end the process. */
function finish(stream: OwnedStream, error: Error | undefined): void {
  if (stream[kEnded]) return;
  stream[kEnded] = true;
  stream[kEvents]?.ended(error);
}

function onClose(this: OwnedStream): void {
  finish(this, undefined);
  this[kEvents]?.released();
  this[kEvents] = undefined;
}

import { Duplex } from 'node:stream';

/** A peer without a socket: what it says is given, what it hears is forgotten. Thousands a second are made of it. */
export class MemoryStream extends Duplex {
  /** Bytes heard. */
  heard = 0;

  constructor() {
    super({ autoDestroy: true, emitClose: true, allowHalfOpen: false });
  }

  say(bytes: Buffer): void {
    if (!this.destroyed && !this.readableEnded) this.push(bytes);
  }

  override _read(): void {
    // Nothing is waiting: all is pushed as it is said.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.heard += chunk.length;
    done();
  }
}

import type { Connection } from './connection.ts';
import type { Core } from './core.ts';
import { Decoder } from './decode.ts';
import { handle } from './handlers/handle.ts';
import type { ClientPacket, ProtocolVersion } from './packets.ts';
import type { ProtocolError } from './protocol-error.ts';
import type { Transport } from './transport/transport.ts';

/** A read this large is a full buffer: more is waiting, and other sockets come first. */
const FULL_READ_BYTES = 65_536;

/**
 * What the packets of one client may cause in a turn of the event loop (see `Router.work`): 65 536 bytes of it can be a
 * thousand messages to twenty thousand subscribers each.
 */
const TURN_WORK = 100_000;

/**
 * The specification counts packets as signs of life (§3.1.2.10), and a large one may take longer than a keep alive. So this
 * many bytes of one count too, and a byte now and then, which never becomes a packet, does not.
 */
const SIGN_OF_LIFE_BYTES = 1024;

/** From the bytes of one client to packets and their handlers, one after the other; and when not to read. */
export class Intake {
  readonly #core: Core;
  readonly #connection: Connection;
  readonly #transport: Transport;
  readonly #decoder: Decoder;
  #held = false;
  /** It is held and the socket paused for it: an answer within the turn needs no pause. */
  #waiting = false;
  #decoding = false;
  /** Of the router, when this turn's packets began. */
  #workBefore = 0;
  #pauses = 0;
  /** A packet became whole. */
  #progress = false;
  /** Bytes since then. */
  #partial = 0;

  constructor(core: Core, connection: Connection, transport: Transport) {
    this.#core = core;
    this.#connection = connection;
    this.#transport = transport;
    this.#decoder = new Decoder(core.options, core.inbound);
  }

  /** As CONNECT says, also when the rest of it is refused. */
  get version(): ProtocolVersion | undefined {
    return this.#decoder.version;
  }

  get held(): boolean {
    return this.#held;
  }

  /** Whether it is the hub that does not read: the client's silence means nothing then. */
  get paused(): boolean {
    return this.#pauses > 0;
  }

  /** Returns whether it was a sign of life. */
  received(chunk: Buffer): boolean {
    this.#progress = false;
    this.#decode(chunk);
    if (chunk.length >= FULL_READ_BYTES && !this.#connection.closed) this.#yield();
    this.#partial = this.#progress ? 0 : this.#partial + chunk.length;
    if (this.#partial < SIGN_OF_LIFE_BYTES) return this.#progress;
    this.#partial = 0;
    return true;
  }

  /** Stops handling packets until `release`: what follows depends on an answer that takes time. */
  hold(): void {
    this.#held = true;
    if (!this.#decoding) this.#wait();
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    if (this.#waiting) {
      this.#waiting = false;
      this.resume();
    }
    if (!this.#decoding && this.#decoder.stopped && !this.#connection.closed) this.#decode(undefined);
  }

  /** Nothing more is handled. */
  close(): void {
    this.#decoder.close();
  }

  /** Stops reading the socket; calls add up. */
  pause(): void {
    if (this.#pauses++ === 0) this.#transport.pause();
  }

  resume(): void {
    if (--this.#pauses > 0 || this.#connection.closed) return;
    // The silence was ours until now.
    this.#connection.watch.seen();
    this.#transport.resume();
  }

  readonly #sink = (packet: ClientPacket): boolean => {
    this.#progress = true;
    this.#core.counters.packetsReceived++;
    handle(this.#core, this.#connection, packet);
    if (this.#core.router.work - this.#workBefore > TURN_WORK) this.#rest();
    return !this.#held && !this.#connection.closed;
  };

  /** Handles what is whole in a chunk, or, without one, in what was kept while it was held. */
  #decode(chunk: Buffer | undefined): void {
    this.#decoding = true;
    this.#workBefore = this.#core.router.work;
    let error: ProtocolError | Error | undefined;
    try {
      error = chunk ? this.#decoder.push(chunk, this.#sink) : this.#decoder.resume(this.#sink);
    } catch (thrown) {
      error = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
    this.#decoding = false;
    if (this.#held) this.#wait();
    if (error) this.#connection.fail(error);
  }

  #wait(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.pause();
  }

  /** What was caused goes out, and others have their turn, before the next packet is handled. */
  #rest(): void {
    if (this.#held || this.#connection.closed) return;
    this.hold();
    setImmediate(() => this.release());
  }

  /** One buffer per turn of the event loop: a burst is flushed, and others are read, before the next one. */
  #yield(): void {
    this.pause();
    setImmediate(() => this.resume());
  }
}

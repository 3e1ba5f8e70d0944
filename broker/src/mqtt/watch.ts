import { steadyNow } from '../clock.ts';
import type { Connection } from './connection.ts';
import { refuse, type Core } from './core.ts';
import { emit } from './guard.ts';
import { ProtocolError } from './protocol-error.ts';
import { Reason } from './reason.ts';
import type { Deadline } from './timer-wheel.ts';
import type { Transport } from './transport/transport.ts';

/** How long a socket may take to send its last bytes. */
const LINGER_MS = 1000;

/** Everything one connection may not take forever with: CONNECT, the keep alive, reading what it is sent, and closing. */
export class Watch implements Deadline {
  deadline: number;
  keepAliveSeconds = 0;
  readonly #core: Core;
  readonly #connection: Connection;
  readonly #transport: Transport;
  #lastSeen = steadyNow();
  #lingering = false;

  constructor(core: Core, connection: Connection, transport: Transport) {
    this.#core = core;
    this.#connection = connection;
    this.#transport = transport;
    this.deadline = this.#lastSeen + core.options.connectTimeoutSeconds * 1000;
  }

  /** The client showed that it is there. */
  seen(): void {
    this.#lastSeen = steadyNow();
  }

  /** Sets the keep alive; a client is gone after one and a half of it in silence [MQTT-3.1.2-22]. */
  keepAlive(seconds: number): void {
    this.keepAliveSeconds = seconds;
    this.restart();
  }

  /** Looks again at when the next thing is due, which may be sooner than before. */
  restart(): void {
    if (this.#lingering) return;
    this.deadline = Math.min(this.#silenceEnds(), this.#stallEnds());
    this.#core.wheel.add(this);
  }

  /** The connection was ended from here: its socket is freed soon, whether or not the peer lets it. */
  linger(): void {
    this.#lingering = true;
    this.deadline = steadyNow() + LINGER_MS;
    this.#core.wheel.add(this);
  }

  /** The socket is gone. */
  stop(): void {
    this.#core.wheel.remove(this);
  }

  expire(now: number): void {
    if (this.#lingering) return this.#transport.destroy();
    const connection = this.#connection;
    if (!connection.connected) return this.#expireConnect(now);
    if (now >= this.#stallEnds()) return connection.overflowed();
    if (connection.intake.paused) this.seen();
    if (now < this.#silenceEnds()) return this.restart();
    emit(this.#core, 'keepaliveTimeout', connection);
    refuse(this.#core, 'keepAlive', { client: connection.id });
    connection.fail(new ProtocolError(Reason.keepAliveTimeout, 'MQTT-3.1.2-22', 'keep alive timeout'));
  }

  /** A hook may take its time to answer; a client may not. */
  #expireConnect(now: number): void {
    const connection = this.#connection;
    if (connection.intake.held) {
      this.deadline = now + this.#core.options.connectTimeoutSeconds * 1000;
      return this.#core.wheel.add(this);
    }
    refuse(this.#core, 'connectTimeout', { remote: connection.remoteAddress });
    connection.turnAway(new Error('connect did not arrive in time'));
    this.#transport.destroy();
  }

  #silenceEnds(): number {
    return this.keepAliveSeconds > 0 ? this.#lastSeen + this.keepAliveSeconds * 1500 : Infinity;
  }

  #stallEnds(): number {
    const { stalledSince, isStalled } = this.#connection.sender;
    if (!isStalled) return Infinity;
    return stalledSince > 0 ? stalledSince + this.#core.options.stallSeconds * 1000 : Infinity;
  }
}

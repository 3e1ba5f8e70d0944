import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Aedes, Client } from 'aedes';
import type { Grant } from '../auth/grant.ts';
import type { WillRecord } from '../store/store.ts';
import { InboundAliases } from './alias.ts';
import { causeOf } from './causes.ts';
import * as api from './client-api.ts';
import { refuse, type Core } from './core.ts';
import { emit, guarded } from './guard.ts';
import { Intake } from './intake.ts';
import { Lane } from './lane.ts';
import type { Publishable } from './message.ts';
import { PacketType } from './packets.ts';
import { ProtocolError } from './protocol-error.ts';
import { describeReason, Reason, toPermitted } from './reason.ts';
import { register, unregister } from './registry.ts';
import { because, Sender } from './sender.ts';
import type { Session } from './session.ts';
import { Throttle } from './throttle.ts';
import type { Transport, TransportEvents } from './transport/transport.ts';
import { Watch } from './watch.ts';

/**
 * One socket or WebSocket of one client, from its first byte to its last. It is also the client object of Aedes: hooks,
 * events and `aedes.clients` get it.
 */
export class Connection extends EventEmitter implements TransportEvents {
  /** Client id; null before CONNECT. */
  id: string = null as unknown as string;
  clean = true;
  /** 3, 4 or 5; null before CONNECT. */
  version: 3 | 4 | 5 | null = null;
  connecting = false;
  connected = false;
  connackSent = false;
  closed = false;
  errored = false;
  /** A bridge to another broker asked for retain flags as published and no echo. */
  bridge = false;
  /** The client sent no id and was given one (§3.1.3.1). */
  idAssigned = false;
  /** The name it acts under, set by `authenticate`. */
  user: string | undefined;
  /** What it was let in by, with accounts. */
  grant: Grant | undefined;
  /** The stored will, until it is published or deleted. */
  will: WillRecord | null = null;
  session: Session | null = null;
  /** Unacknowledged messages the client takes: min(its Receive Maximum, ours). */
  window = 0;
  requestProblemInformation = true;
  /** The method it authenticated with (§4.12). */
  authenticationMethod: string | undefined;
  /** Packet ids of QoS 1 and 2 messages received and not yet acknowledged to the end. */
  openIds: Set<number> | undefined;
  /** Reading waits for publishes on their way through the lane. */
  crowded = false;
  /** Reading waits for the publish rate. */
  throttled = false;
  /** Aedes asks for it; messages are not told apart by it here. */
  readonly duplicates: Record<string, number> = {};
  readonly broker: Aedes;
  /** The socket. */
  readonly conn: unknown;
  readonly req: IncomingMessage | undefined;
  readonly sender: Sender;
  readonly intake: Intake;
  readonly watch: Watch;
  readonly lane = new Lane();
  readonly inboundAliases: InboundAliases;
  readonly throttle: Throttle | undefined;
  /** More connections than allowed: it is told so when it sends CONNECT. */
  readonly surplus: boolean;
  readonly #core: Core;
  readonly #transport: Transport;
  #registered = false;

  constructor(core: Core, transport: Transport, req: IncomingMessage | undefined, surplus: boolean) {
    super();
    const { options, aedes } = core;
    this.#core = core;
    this.#transport = transport;
    this.broker = aedes;
    this.conn = transport.socket;
    this.req = req;
    this.surplus = surplus;
    this.sender = new Sender(core, this, transport);
    this.intake = new Intake(core, this, transport);
    this.watch = new Watch(core, this, transport);
    this.inboundAliases = new InboundAliases(options.topicAliasMaximum);
    const rate = options.maxPublishesPerSecond;
    this.throttle = rate > 0 ? new Throttle(rate) : undefined;
  }

  /** What a proxy in front told of the peer, where an embedder's listener put it on the request. */
  get connDetails(): unknown {
    return (this.req as { connDetails?: unknown } | undefined)?.connDetails ?? null;
  }

  /** Asked of the socket each time, as few ever want it. */
  get remoteAddress(): string | undefined {
    return this.#transport.remoteAddress;
  }

  open(): void {
    this.#core.connections.add(this);
    this.#core.wheel.add(this.watch);
    this.#transport.open(this);
  }

  // What the transport tells.

  received(chunk: Buffer): void {
    this.#core.counters.bytesReceived += chunk.length;
    if (!this.closed && this.intake.received(chunk)) this.watch.seen();
  }

  drained(): void {
    this.sender.drained();
    this.session?.pump();
  }

  ended(error: Error | undefined): void {
    this.sender.clear();
    if (error && !this.closed) this.#report(error);
    this.finish(true);
    // A peer that stopped sending may never take the rest, nor close.
    this.watch.linger();
  }

  released(): void {
    this.watch.stop();
    this.sender.release();
    this.#core.connections.delete(this);
  }

  /** The socket is over its outbound limit. */
  stalled(): void {
    this.#core.log('slow-client', { client: this.id, limit: this.#core.options.maxOutboundBytes });
    this.watch.restart();
  }

  // The end.

  /** Ends the connection for what the client did: the code is told on MQTT 5, the will is published. */
  fail(error: Error): void {
    if (this.closed) return;
    const known = error instanceof ProtocolError ? error : this.#internalError(error);
    this.#count(known);
    this.#report(error);
    if (this.connackSent) this.disconnect(known.reasonCode, known.message);
    else this.refuse(known.reasonCode, known);
  }

  /** Answers a CONNECT that cannot be accepted, as far as the version allows, and closes. */
  refuse(reasonCode: number, error: Error): void {
    api.sendRefusal(this.#core, this, this.intake.version, reasonCode, error);
    this.#close(false);
  }

  /** Closes without an answer, before CONNECT was accepted. */
  turnAway(error: Error): void {
    if (this.closed) return;
    this.#report(error);
    this.#close(false);
  }

  /** Another connection has the same client id now [MQTT-3.1.4-3]. */
  displace(): void {
    refuse(this.#core, 'takeover', { client: this.id });
    this.disconnect(Reason.sessionTakenOver);
  }

  /** Ends the connection from this side: MQTT 5 clients are told why (§3.14). */
  disconnect(reasonCode: number, reasonString = describeReason(reasonCode)): void {
    if (this.closed) return;
    if (this.version === 5 && this.connackSent) {
      const properties = because(reasonString, this.requestProblemInformation);
      const code = toPermitted(reasonCode, 'disconnect');
      this.sender.send({ type: PacketType.disconnect, reasonCode: code, properties });
    }
    this.#close(true);
  }

  /** The client left with DISCONNECT. */
  leave(publishWill: boolean): void {
    if (!this.closed) this.#close(publishWill);
  }

  /** The client does not take what it is sent. */
  overflowed(): void {
    if (this.closed) return;
    refuse(this.#core, 'outboundBytes', { client: this.id });
    this.#report(new Error('client does not read what it is sent'));
    this.sender.clear();
    this.disconnect(Reason.quotaExceeded);
  }

  /** Aedes and its embedders end a connection with this: an administrative action, or the hub stops. */
  close(done?: () => void): void {
    this.disconnect(this.#core.aedes.closed ? Reason.serverShuttingDown : Reason.administrativeAction);
    done?.();
  }

  /** Closes the socket, whatever is still in it. */
  destroy(): void {
    this.#transport.destroy();
  }

  /** The session's connection is over, by whatever way; only once. */
  finish(publishWill: boolean): void {
    if (this.closed) return;
    const { counters, sessions, wills } = this.#core;
    this.closed = true;
    this.connected = false;
    this.connecting = false;
    counters.connections--;
    this.intake.close();
    wills.connectionEnded(this, publishWill);
    sessions.detach(this);
    if (this.#registered) unregister(this.#core, this);
  }

  /** Announces the client to Aedes, its embedders and plug-ins. */
  register(): void {
    this.#registered = true;
    register(this.#core, this);
  }

  asClient(): Client {
    return this as unknown as Client;
  }

  #close(publishWill: boolean): void {
    this.sender.flush();
    this.finish(publishWill);
    this.watch.linger();
    this.#transport.end();
  }

  #report(error: Error): void {
    this.errored = true;
    emit(this.#core, this.id === null ? 'connectionError' : 'clientError', this, error);
    if (this.listenerCount('error') > 0) guarded(this.#core, 'error', () => this.emit('error', error), false);
  }

  /** We failed: the log gets it all, the client learns only that it was not its fault. */
  #internalError(error: Error): ProtocolError {
    this.#core.log('handler-failed', { client: this.id, error: error.message, stack: error.stack });
    return new ProtocolError(Reason.implementationSpecificError, '', 'the hub failed to handle a packet');
  }

  #count(error: ProtocolError): void {
    const { reasonCode, clause, message } = error;
    if (reasonCode === Reason.keepAliveTimeout) return;
    const fields = { client: this.id, remote: this.remoteAddress, reason: describeReason(reasonCode), clause };
    refuse(this.#core, causeOf(error), { ...fields, message });
  }

  // What hooks and embedders call on the client object (Aedes' Client).

  publish(packet: Publishable, done?: (error?: Error | null) => void): void {
    api.publishTo(this.#core, this, packet, done);
  }

  subscribe(subscriptions: api.Subscriptions, done?: (error?: Error | null) => void): void {
    api.subscribe(this.#core, this, subscriptions, done);
  }

  unsubscribe(filters: api.Unsubscriptions, done?: (error?: Error | null) => void): void {
    api.unsubscribe(this.#core, this, filters, done);
  }

  /** Queued messages are sent as the client takes them; there is nothing left to start. */
  emptyOutgoingQueue(done?: () => void): void {
    this.session?.pump();
    done?.();
  }
}

import type { AedesPublishPacket } from 'aedes';
import { steadyNow } from '../clock.ts';
import { PUBREL } from './acks.ts';
import { type FoundAlias, OutboundAliases } from './alias.ts';
import type { Connection } from './connection.ts';
import { forwardsAsIs, type Core } from './core.ts';
import { count } from './counters.ts';
import { encode } from './encode.ts';
import { guarded } from './guard.ts';
import { mayGet } from './may-get.ts';
import { Message } from './message.ts';
import { Outbound } from './outbound.ts';
import type { Outgoing } from './outgoing.ts';
import { DUP, pack, type Packed } from './packed.ts';
import type { ProtocolVersion, QoS, ServerPacket } from './packets.ts';
import type { Transport } from './transport/transport.ts';
import type { Holder } from './unsent.ts';

/** Past this many unsent bytes nothing more is pulled from queues and replays; well above any socket's high-water mark. */
const PULL_BYTES = 192 * 1024;

/** Acknowledgements and pings may pass the outbound limit by this much; a peer that lets them pile up is gone. */
const CONTROL_ALLOWANCE_BYTES = 64 * 1024;

/** A reason string is for people: what a hook puts in there may be of any length, a packet field may not (§1.5.4). */
const REASON_CHARACTERS = 500;

/** The properties that tell why, as far as the client wants to know [MQTT-3.1.2-29]. */
export function because(message: string, wanted: boolean): { reasonString: string } | undefined {
  return wanted && message !== '' ? { reasonString: message.slice(0, REASON_CHARACTERS) } : undefined;
}

/** Everything that goes out to one client, and what the client said it can take. */
export class Sender implements Holder {
  /** Unsent bytes, as counted last. */
  held = 0;
  readonly #core: Core;
  readonly #connection: Connection;
  readonly #outbound: Outbound;
  version: ProtocolVersion = 4;
  /** The client's Maximum Packet Size; Infinity for any. */
  maximumPacketSize = Infinity;
  #aliases: OutboundAliases | undefined;
  /** The alias in the packet packed last. */
  #alias: FoundAlias | undefined;
  /** Since when the outbound limit is passed and the socket has taken nothing; 0 for not. */
  stalledSince = 0;

  constructor(core: Core, connection: Connection, transport: Transport) {
    this.#core = core;
    this.#connection = connection;
    this.#outbound = new Outbound(transport, core, this);
  }

  /** Allows aliases as far as both sides want them [MQTT-3.1.2-26]. */
  set topicAliasMaximum(maximum: number) {
    if (maximum > 0) this.#aliases = new OutboundAliases(Math.min(maximum, this.#core.options.topicAliasMaximum));
  }

  /** Whether queues and replays have to wait for the socket. */
  isCongested(): boolean {
    return this.#outbound.pending >= (this.#core.unsent.isOver ? PULL_BYTES / 2 : PULL_BYTES);
  }

  get pending(): number {
    return this.#outbound.pending;
  }

  /** Whether what was unsent when it stalled is still unsent: one large message may have been dropped without a stall. */
  get isStalled(): boolean {
    return this.#outbound.pending > 0;
  }

  /** The socket took something. */
  drained(): void {
    this.#outbound.count();
    if (this.stalledSince === 0) return;
    const over = this.#outbound.pending > this.#core.options.maxOutboundBytes;
    this.stalledSince = over ? steadyNow() : 0;
  }

  /** Anything but PUBLISH. */
  send(packet: ServerPacket): void {
    this.sendPacked(pack(encode(packet, this.version, this.maximumPacketSize)));
  }

  sendPacked(packed: Packed, idAndDup = 0): void {
    // [MQTT-3.1.2-24]: never more than the client's Maximum Packet Size.
    if (packed.length > this.maximumPacketSize) return;
    const limit = this.#core.options.maxOutboundBytes + CONTROL_ALLOWANCE_BYTES;
    if (this.#outbound.pending > Math.max(limit, PULL_BYTES * 2)) return this.#connection.overflowed();
    this.#outbound.push(packed, idAndDup);
  }

  /** A live message at QoS 0: dropped when the client does not read fast enough. */
  sendQoS0(original: Message, retain: boolean, identifiers: readonly number[] | undefined, now: number): void {
    const message = this.#check(original);
    if (!message) return;
    const { counters, options } = this.#core;
    const packed = this.#pack(message, 0, retain, identifiers, now);
    if (packed.length > this.maximumPacketSize) return count(counters.dropped, 'tooLargeForClient');
    // One that is larger than the limit by itself is let through when nothing is before it.
    const { pending } = this.#outbound;
    const isFull = pending > 0 && pending + packed.length > options.maxOutboundBytes;
    if (isFull || (this.held > 0 && this.#isToBlame())) return this.#drop();
    this.#publish(message, packed, 0);
  }

  /** A retained message at QoS 0: pulled as the socket drains, so it never finds it full. */
  sendReplayed(original: Message, identifiers: readonly number[] | undefined): void {
    const message = this.#check(original);
    if (!message) return;
    const packed = this.#pack(message, 0, true, identifiers, steadyNow());
    if (packed.length > this.maximumPacketSize) count(this.#core.counters.dropped, 'tooLargeForClient');
    else this.#publish(message, packed, 0);
  }

  /** Whether a queued message is still to be sent; if not, it is treated as delivered. */
  admits(out: Outgoing): boolean {
    const now = steadyNow();
    const { dropped } = this.#core.counters;
    // [MQTT-3.3.2-5]: a message that expired before its delivery began is deleted.
    if (out.message.isExpired(now)) {
      count(dropped, 'expired');
      return false;
    }
    const message = this.#check(out.message);
    if (!message) return false;
    const packed = this.#pack(message, out.qos, out.retain, out.identifiers, now);
    if (packed.length <= this.maximumPacketSize) return true;
    // [MQTT-3.1.2-25]: one too large for this client counts as sent.
    count(dropped, 'tooLargeForClient');
    return false;
  }

  /** Sends a message in flight, with DUP when it was on the wire before [MQTT-3.3.1-1]. */
  sendOutgoing(out: Outgoing): void {
    const message = this.#forward(out.message);
    if (!message) return;
    const packed = this.#pack(message, out.qos, out.retain, out.identifiers, steadyNow());
    this.#publish(message, packed, out.packetId | (out.sent ? DUP : 0));
    out.sent = true;
  }

  /** PUBREL of an outgoing QoS 2 message (§4.3.3). */
  sendRelease(packetId: number): void {
    this.sendPacked(PUBREL, packetId);
  }

  flush(): void {
    this.#outbound.flush();
  }

  clear(): void {
    this.#outbound.clear();
  }

  release(): void {
    this.#outbound.release();
  }

  /** Its bytes are needed now: nothing waits for a socket that may never take them. */
  evict(): void {
    this.#connection.overflowed();
    this.#connection.destroy();
  }

  /** What all clients have unsent is too much, and this one has the most, also by a fresh look. */
  #isToBlame(): boolean {
    const { unsent } = this.#core;
    if (!unsent.isToBlame(this)) return false;
    this.#outbound.count();
    return unsent.isToBlame(this);
  }

  #publish(message: Message, packed: Packed, idAndDup: number): void {
    const alias = this.#alias;
    if (alias && !alias.known) this.#aliases?.introduce(message.topic, alias.alias);
    const { counters } = this.#core;
    counters.publishesSent++;
    counters.publishBytesSent += message.payload.length;
    this.#outbound.push(packed, idAndDup);
  }

  #pack(message: Message, qos: QoS, retain: boolean, identifiers: readonly number[] | undefined, now: number): Packed {
    const { version } = this;
    const alias = this.#aliases?.find(message.topic);
    this.#alias = alias;
    if (version !== 5 || (!identifiers && !alias)) return message.bytes.get(version, qos, retain, now);
    const variant = { version, qos, retain, identifiers, alias: alias?.alias ?? 0, withTopic: !alias?.known };
    const packed = message.bytes.getVariant(variant, now);
    if (!alias || packed.length <= this.maximumPacketSize) return packed;
    // Introducing an alias takes three bytes, which may be the three that are too many.
    this.#alias = undefined;
    return message.bytes.getVariant({ ...variant, alias: 0, withTopic: true }, now);
  }

  /** The message as this client may see it; undefined, and counted, when it may not. */
  #check(message: Message): Message | undefined {
    const forwarded = mayGet(this.#core, this.#connection, message) ? this.#forward(message) : undefined;
    if (!forwarded) count(this.#core.counters.dropped, 'authorization');
    return forwarded;
  }

  /** Aedes' `authorizeForward`: it may change its copy or return nothing to withhold the message. */
  #forward(message: Message): Message | undefined {
    const { aedes } = this.#core;
    if (forwardsAsIs(aedes)) return message;
    const copy = message.clone();
    const client = this.#connection.asClient();
    const forward = () => aedes.authorizeForward(client, copy as unknown as AedesPublishPacket);
    const result = guarded(this.#core, 'authorizeForward', forward, null);
    if (!result) return undefined;
    return message.isSame(result as unknown as Message) ? message : copy.replace(result as unknown as Message);
  }

  #drop(): void {
    count(this.#core.counters.dropped, 'outboundBytes');
    if (this.stalledSince > 0) return;
    this.stalledSince = steadyNow();
    this.#connection.stalled();
  }
}

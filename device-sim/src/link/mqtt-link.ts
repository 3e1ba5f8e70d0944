import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Packet } from 'mqtt-packet';
import { systemClock } from '../clock.ts';
import type { Link, LinkHandlers, LinkOptions, Message, Outcome, ProtocolVersion, Qos } from '../link.ts';
import { decodePacket } from './decode.ts';
import { ack, ackPacket, connectPacket, disconnectReq, pingReq, publishPacket, subscribePacket } from './encode.ts';
import { Outbox } from './outbox.ts';
import { ConnectionRefused } from './refusals.ts';
import { PacketSplitter } from './splitter.ts';
import { openStream } from './transport.ts';

/** From the first byte to CONNACK. */
const connectTimeoutMs = 15_000;
/** How long a clean end may take before the socket is dropped. */
const closeTimeoutMs = 1000;
/** Without MQTT 5's Receive Maximum. */
const defaultWindow = 100;

type Phase = 'waiting' | 'opening' | 'up' | 'closed';

/**
 * An MQTT client that costs a fleet little: no promise and no event emitter per message, some 2 KB beside its socket.
 * It can also do on purpose what a client should not: vanish, hang and read slowly.
 */
export class MqttLink implements Link {
  readonly #options: LinkOptions;
  readonly #handlers: LinkHandlers;
  readonly #version: ProtocolVersion;
  readonly #outbox: Outbox;
  readonly #asked = new Map<number, (granted: boolean) => void>(); // subscriptions, by packet identifier
  readonly #received = new Set<number>(); // QoS 2 to us, until PUBREL
  #stream: Duplex | undefined;
  #splitter = new PacketSplitter();
  #phase: Phase = 'waiting';
  #attempt = 0;
  #problem: Error | undefined;
  #isBlocked = false;
  #isSilent = false;
  #reads = true;
  #isHasty = false;
  #cancel: () => void = () => {};
  #deadline: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;
  #keepAliveMs: number;
  #wroteAt = 0;
  #pingedAt = 0;

  constructor(options: LinkOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#version = options.version ?? 4;
    this.#outbox = new Outbox(options.maxWaiting ?? 10_000);
    this.#keepAliveMs = (options.keepAliveSeconds ?? 60) * 1000;
    this.#open();
  }

  get connected(): boolean {
    return this.#phase === 'up';
  }

  get unacknowledged(): number {
    return this.#outbox.size;
  }

  send(message: Message, done?: (outcome: Outcome) => void): void {
    if (this.#phase === 'closed') return done?.('lost');
    if (message.qos > 0) {
      this.#outbox.wait(message, done);
      this.#release();
      return this.#outbox.trim();
    }
    if (this.#phase !== 'up' || this.#isSilent) return done?.('lost');
    this.#write(publishPacket(message, this.#version, 0, false));
    done?.('sent');
  }

  publish(message: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      this.send(message, (outcome) => {
        if (outcome === 'sent') resolve();
        else reject(new Error(outcome === 'refused' ? 'the broker refused the message' : 'the link is down'));
      });
    });
  }

  subscribe(filters: readonly string[], qos: Qos): Promise<void> {
    if (this.#phase !== 'up') return Promise.reject(new Error('the link is down'));
    let id = this.#outbox.nextId();
    while (this.#asked.has(id)) id = this.#outbox.nextId();
    this.#write(subscribePacket(id, filters, qos, this.#version));
    return new Promise((resolve, reject) => {
      this.#asked.set(id, (granted) => {
        if (granted) resolve();
        else reject(new Error(`not subscribed to ${filters.join(', ')}`));
      });
    });
  }

  async close(): Promise<void> {
    const stream = this.#stream;
    if (this.#phase === 'up' && stream) {
      const end = performance.now() + closeTimeoutMs;
      while (this.#outbox.size > 0 && this.connected && performance.now() < end) await pause(5);
      if (this.connected && !this.#isSilent) this.#write(disconnectReq);
      this.#finish();
      const closed = stream.destroyed ? Promise.resolve() : once(stream, 'close').catch(() => {});
      stream.resume();
      stream.end();
      await Promise.race([closed, pause(Math.max(50, end - performance.now()))]);
    } else this.#finish();
    stream?.destroy();
  }

  drop(): Promise<void> {
    const stream = this.#stream;
    this.#finish();
    stream?.destroy();
    return Promise.resolve();
  }

  cut(isHasty = false): void {
    this.#isHasty = isHasty;
    this.#stream?.destroy();
  }

  silence(isOn: boolean): void {
    this.#isSilent = isOn;
    this.#flow();
    if (!isOn) this.#release();
  }

  stopReading(isOn: boolean): void {
    this.#reads = !isOn;
    this.#flow();
  }

  /** Before CONNACK it reads whatever it is told: a device that hangs had connected before. */
  #flow(): void {
    if (this.#phase !== 'up') return;
    if (this.#reads && !this.#isSilent) this.#stream?.resume();
    else this.#stream?.pause();
  }

  #open(): void {
    this.#phase = 'opening';
    this.#count('opening', 1);
    this.#problem = undefined;
    this.#splitter = new PacketSplitter();
    this.#received.clear();
    const { url, tls = {} } = this.#options;
    const stream = openStream(url, tls, (bytes) => this.#read(stream, bytes));
    this.#stream = stream;
    stream.on('error', (error) => (this.#problem ??= error));
    stream.once('close', () => this.#lost(stream));
    this.#write(connectPacket(this.#options, this.#version, this.#keepAliveMs / 1000));
    this.#deadline = setTimeout(() => this.#fail(new Error('no CONNACK in time')), connectTimeoutMs);
  }

  /** Ends the connection; the close of its stream does the rest. */
  #fail(problem: Error): void {
    this.#problem ??= problem;
    this.#stream?.destroy();
  }

  #read(stream: Duplex, bytes: Buffer): void {
    if (stream !== this.#stream) return;
    try {
      this.#splitter.push(bytes, (packet) => this.#take(packet));
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #take(bytes: Buffer): void {
    // PUBACK is what a fleet at QoS 1 reads: two bytes, an identifier, and in MQTT 5 perhaps more.
    if (bytes[0] === ack.puback) return this.#acknowledged((bytes[2]! << 8) | bytes[3]!, bytes[4] ?? 0);
    this.#handle(decodePacket(bytes, this.#version));
  }

  #handle(packet: Packet): void {
    const id = packet.messageId ?? 0;
    switch (packet.cmd) {
      case 'connack':
        return this.#answered(packet);
      case 'publish':
        return this.#delivered(packet, id);
      case 'pubrec':
        return this.#half(id, packet.reasonCode ?? 0);
      case 'pubcomp':
        return this.#acknowledged(id, 0);
      case 'pubrel':
        this.#received.delete(id);
        return this.#write(ackPacket(ack.pubcomp, id));
      case 'suback':
        this.#asked.get(id)?.(packet.granted.every((code) => Number(code) < 0x80));
        this.#asked.delete(id);
        return;
      case 'pingresp':
        this.#pingedAt = 0;
        return;
      case 'connect':
        // Of a port that nobody listens on, the system may make both ends of one connection.
        return this.#fail(new Error('the connection met itself'));
      case 'disconnect':
        return this.#fail(new Error(`the broker disconnected, reason code ${packet.reasonCode ?? 0}`));
      default:
    }
  }

  #answered(packet: Packet & { cmd: 'connack' }): void {
    const code = packet.returnCode ?? packet.reasonCode ?? 0;
    if (code !== 0) {
      const refusal = new ConnectionRefused(code, this.#version);
      if (refusal.isPassing) return this.#fail(refusal);
      const stream = this.#stream;
      this.#finish();
      stream?.destroy();
      return this.#handlers.refused(refusal);
    }
    const { receiveMaximum = defaultWindow, serverKeepAlive } = packet.properties ?? {};
    this.#outbox.window = Math.min(receiveMaximum, 1000);
    if (serverKeepAlive !== undefined) this.#keepAliveMs = serverKeepAlive * 1000;
    this.#connected(packet.sessionPresent);
  }

  #connected(isResumed: boolean): void {
    clearTimeout(this.#deadline);
    this.#count('opening', -1);
    this.#phase = 'up';
    this.#attempt = 0;
    this.#isHasty = false;
    this.#pingedAt = 0;
    this.#count('unacknowledged', this.#outbox.flying);
    if (this.#keepAliveMs > 0) this.#beat = setInterval(() => this.#keepAlive(), this.#keepAliveMs / 4).unref();
    // Before anything that is newer.
    this.#repeat(isResumed);
    this.#handlers.up(isResumed);
    this.#release();
    this.#flow();
  }

  /** §4.4: what was not acknowledged is sent again; the release alone when the broker still knows the message. */
  #repeat(isResumed: boolean): void {
    const repeated = this.#outbox.repeated();
    for (const [id, { message, isReceived }] of repeated) {
      if (!isReceived) this.#write(publishPacket(message, this.#version, id, isResumed));
      else if (isResumed) this.#write(ackPacket(ack.pubrel, id));
    }
    // The broker has these; that they are released went with the session.
    if (!isResumed) for (const [id, { isReceived }] of repeated) if (isReceived) this.#acknowledged(id, 0);
  }

  #release(): void {
    if (this.#phase !== 'up' || this.#isSilent) return;
    for (const [id, { message }] of this.#outbox.release()) {
      this.#count('unacknowledged', 1);
      this.#write(publishPacket(message, this.#version, id, false));
    }
  }

  #acknowledged(id: number, reason: number): void {
    if (!this.#outbox.get(id)) return;
    this.#count('unacknowledged', -1);
    this.#outbox.settle(id, reason < 0x80 ? 'sent' : 'refused');
    this.#release();
  }

  #half(id: number, reason: number): void {
    const outgoing = this.#outbox.get(id);
    if (reason >= 0x80) return this.#acknowledged(id, reason);
    if (outgoing) outgoing.isReceived = true;
    this.#write(ackPacket(ack.pubrel, id));
  }

  #delivered(packet: Packet & { cmd: 'publish' }, id: number): void {
    const { topic, qos, retain, properties } = packet;
    const isNew = qos < 2 || !this.#received.has(id);
    if (qos === 2) this.#received.add(id);
    if (qos > 0) this.#write(ackPacket(qos === 1 ? ack.puback : ack.pubrec, id));
    const expirySeconds = properties?.messageExpiryInterval;
    const incoming = { retained: retain, ...(expirySeconds !== undefined && { expirySeconds }) };
    // A copy: the bytes are those of the next read.
    if (isNew) this.#handlers.message(topic, Uint8Array.from(Buffer.from(packet.payload)), retain, incoming);
  }

  #keepAlive(): void {
    const now = performance.now();
    if (this.#isSilent || !this.#reads) return;
    if (this.#pingedAt > 0 && now - this.#pingedAt > this.#keepAliveMs) {
      return this.#fail(new Error('the broker answers no ping'));
    }
    if (this.#pingedAt > 0 || now - this.#wroteAt < this.#keepAliveMs / 2) return;
    this.#pingedAt = now;
    this.#write(pingReq);
  }

  #write(packet: Uint8Array): void {
    const stream = this.#stream;
    // A device that hangs does not acknowledge either.
    if (!stream || stream.destroyed || (this.#isSilent && this.#phase === 'up')) return;
    this.#wroteAt = performance.now();
    const { traffic } = this.#options;
    if (traffic) traffic.bytes += packet.length;
    if (stream.write(packet) || this.#isBlocked) return;
    this.#isBlocked = true;
    this.#count('blocked', 1);
    stream.once('drain', () => this.#unblock());
  }

  #unblock(): void {
    if (!this.#isBlocked) return;
    this.#isBlocked = false;
    this.#count('blocked', -1);
  }

  #lost(stream: Duplex): void {
    if (stream !== this.#stream) return;
    const problem = this.#problem;
    this.#leave();
    const { random, clock = systemClock, firstRetryMs = 500, longestRetryMs = 15_000 } = this.#options;
    // Full jitter: uniform between nothing and a bound that doubles.
    const bound = Math.min(longestRetryMs, firstRetryMs * 2 ** this.#attempt++);
    const wait = this.#isHasty ? 0 : 1 + Math.floor(random() * bound);
    this.#isHasty = false;
    this.#cancel = clock.after(wait, () => this.#open());
    this.#handlers.down(problem);
  }

  #finish(): void {
    this.#leave();
    this.#phase = 'closed';
    this.#cancel();
    this.#outbox.abandon();
  }

  /** Whatever belonged to the connection is over. */
  #leave(): void {
    if (this.#phase === 'opening') this.#count('opening', -1);
    if (this.#phase === 'up') this.#count('unacknowledged', -this.#outbox.flying);
    this.#unblock();
    this.#phase = 'waiting';
    this.#stream = undefined;
    clearTimeout(this.#deadline);
    clearInterval(this.#beat);
    for (const answer of this.#asked.values()) answer(false);
    this.#asked.clear();
  }

  #count(what: 'opening' | 'unacknowledged' | 'blocked', by: number): void {
    const { traffic } = this.#options;
    if (traffic) traffic[what] += by;
  }
}

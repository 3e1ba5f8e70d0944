import type { EngineCounters } from './counters.ts';
import { copyPacked, type Packed } from './packed.ts';
import type { Transport } from './transport/transport.ts';
import type { Holder, Unsent } from './unsent.ts';

/** Past this many bytes a queue is written within the turn: a burst must reach the socket before anything is dropped. */
const EARLY_FLUSH_BYTES = 128 * 1024;

/** Larger packets are written as they are rather than copied into one chunk. */
const COPY_BYTES = 16 * 1024;

/** The bytes last written to some connection: in a fan-out the next one gets exactly the same. */
interface Written {
  packets: readonly Packed[];
  bytes: Buffer;
}

/** Connections with something to send, written together at the end of the turn: one write each. */
export class Flusher {
  #dirty: Outbound[] = [];
  #last: Written | undefined;

  add(outbound: Outbound): void {
    if (this.#dirty.push(outbound) === 1) setImmediate(this.flush);
  }

  readonly flush = (): void => {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const outbound of dirty) outbound.flush();
    this.#last = undefined;
  };

  /** The bytes of packets without ids, joined once for all connections that send the same ones. */
  join(packets: readonly Packed[], length: number): Buffer {
    const last = this.#last;
    if (last && last.bytes.length === length && isSame(last.packets, packets)) return last.bytes;
    const bytes = Buffer.allocUnsafe(length);
    let at = 0;
    for (const packet of packets) at = copyPacked(packet, 0, bytes, at);
    this.#last = { packets, bytes };
    return bytes;
  }
}

function isSame(a: readonly Packed[], b: readonly Packed[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export interface OutboundContext {
  readonly flusher: Flusher;
  readonly counters: EngineCounters;
  readonly unsent: Unsent;
}

/** What one connection has yet to send. It never waits and never refuses: its owner asks `pending` first. */
export class Outbound {
  readonly #transport: Transport;
  readonly #context: OutboundContext;
  readonly #owner: Holder;
  /** Most turns send one packet to a connection: it needs no list. */
  #first: Packed | undefined;
  #firstId = 0;
  /** All packets, the first one too, once there are two. */
  #packets: Packed[] | undefined;
  /** Packet ids, with DUP, in step with the packets; undefined while there is none. */
  #ids: number[] | undefined;
  #bytes = 0;
  #large = false;
  #scheduled = false;
  /** The last write was not taken whole. */
  #backlog = false;
  #released = false;

  /** @param owner the one for whom unsent bytes are counted */
  constructor(transport: Transport, context: OutboundContext, owner: Holder) {
    this.#transport = transport;
    this.#context = context;
    this.#owner = owner;
  }

  /** Bytes accepted and not yet taken by the operating system. */
  get pending(): number {
    // A socket that took its last write whole need not be asked again: asking is a cache miss or three per delivery.
    return this.#backlog ? this.#bytes + this.#transport.buffered : this.#bytes;
  }

  push(packet: Packed, idAndDup = 0): void {
    if (this.#first) this.#pushMore(packet, idAndDup);
    else {
      this.#first = packet;
      this.#firstId = idAndDup;
    }
    this.#bytes += packet.length;
    if (packet.length > COPY_BYTES || packet.tail) this.#large = true;
    if (this.#bytes >= EARLY_FLUSH_BYTES) return this.flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#context.flusher.add(this);
  }

  #pushMore(packet: Packed, idAndDup: number): void {
    if (!this.#packets) {
      const first = this.#first!;
      this.#packets = [first];
      if (first.idAt > 0) this.#ids = [this.#firstId];
    }
    const packets = this.#packets;
    if (packet.idAt > 0) (this.#ids ??= [])[packets.length] = idAndDup;
    packets.push(packet);
  }

  flush(): void {
    this.#scheduled = false;
    const first = this.#first;
    if (!first) return;
    const packets = this.#packets;
    const ids = this.#ids;
    const length = this.#bytes;
    const large = this.#large;
    this.#first = undefined;
    this.#bytes = 0;
    const { counters } = this.#context;
    counters.packetsSent += packets ? packets.length : 1;
    counters.bytesSent += length;
    if (packets) {
      this.#packets = undefined;
      this.#ids = undefined;
    }
    this.#large = false;
    this.#write(first, packets, ids, length, large);
    this.count();
  }

  /** Looks at what the socket has not taken. */
  count(): void {
    if (this.#released) return;
    const { buffered } = this.#transport;
    this.#backlog = buffered > 0;
    if (buffered !== this.#owner.held) this.#context.unsent.set(this.#owner, buffered);
  }

  /** The socket is closed, and what was in it is gone. */
  release(): void {
    this.clear();
    this.#released = true;
    this.#backlog = false;
    this.#context.unsent.set(this.#owner, 0);
  }

  #write(
    first: Packed,
    packets: readonly Packed[] | undefined,
    ids: readonly number[] | undefined,
    length: number,
    large: boolean,
  ): void {
    if (large) this.#writeLarge(packets ?? [first], ids ?? [this.#firstId]);
    else if (!packets) this.#transport.write(first.idAt > 0 ? patch([first], [this.#firstId], length) : first.head);
    else if (ids) this.#transport.write(patch(packets, ids, length));
    else this.#transport.write(this.#context.flusher.join(packets, length));
  }

  /** Forgets what was not written. */
  clear(): void {
    this.#first = undefined;
    this.#packets = undefined;
    this.#ids = undefined;
    this.#bytes = 0;
  }

  #writeLarge(packets: readonly Packed[], ids: readonly number[] | undefined): void {
    const chunks: Buffer[] = [];
    for (const [i, packet] of packets.entries()) {
      if (packet.idAt > 0) chunks.push(patch([packet], [ids?.[i] ?? 0], packet.head.length));
      else chunks.push(packet.head);
      if (packet.tail) chunks.push(packet.tail);
    }
    this.#transport.writeAll(chunks);
  }
}

function patch(packets: readonly Packed[], ids: readonly number[], length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (let i = 0; i < packets.length; i++) at = copyPacked(packets[i]!, ids[i] ?? 0, bytes, at);
  return bytes;
}

import { readConnect, readProtocol } from './decode-connect.ts';
import { checkFlags, checkHeader, readPacket } from './decode-packet.ts';
import { type ClientPacket, PacketType, type ProtocolVersion } from './packets.ts';
import { LimitError, malformed, ProtocolError, protocolError } from './protocol-error.ts';
import { Reader } from './reader.ts';
import { Reason } from './reason.ts';

/** Takes each packet in turn; false stops the decoder, which keeps the bytes left until `resume()`. */
export type PacketSink = (packet: ClientPacket) => boolean;

export interface DecoderOptions {
  /** Of a whole packet with its fixed header, as Maximum Packet Size counts (v5 §3.1.2.11.4). */
  readonly maxPacketBytes: number;
  /** Of CONNECT; larger than `maxPacketBytes` it means nothing. @default maxPacketBytes */
  readonly maxConnectBytes?: number;
  /** Refuse control characters and noncharacters in texts, as Mosquitto does and both versions allow (§1.5.3, §1.5.4). */
  readonly refuseControlCharacters?: boolean;
}

const FIRST_BODY_BYTES = 4096;

/** A packet of this size may be gathered whatever others have taken: a small one that spans two chunks disturbs nobody. */
const ALWAYS_BYTES = 16 * 1024;

/** Memory for packets that are not whole yet; all connections of a hub take theirs from one. */
export interface Room {
  /** Takes bytes, or gives back a negative number of them; false when there are no more. */
  take(bytes: number): boolean;
}

const ENDLESS: Room = { take: () => true };

// Parsing is synchronous and calls no one, so all connections share one cursor.
const reader = new Reader();

/**
 * Strict incremental decoder of what an MQTT 3.1, 3.1.1 or 5 client sends. CONNECT gives the version. A packet inside one
 * chunk is read in place; one that spans chunks is gathered in a buffer that doubles, so it costs O(n) and holds at most
 * twice what was received.
 */
export class Decoder {
  /** Known from the protocol level of CONNECT on, also when the rest of that packet is refused. */
  version: ProtocolVersion | undefined;
  readonly #options: DecoderOptions;
  readonly #room: Room;
  #connected = false;
  #failure: ProtocolError | undefined;

  // The fixed header as far as it was read.
  #first = 0;
  #length = 0;
  #headerBytes = 0;
  #headerDone = false;

  // The body, while it spans chunks.
  #body: Buffer | undefined;
  #filled = 0;

  // What came after the sink stopped.
  #stopped = false;
  #waiting: Buffer[] | undefined;

  constructor(options: DecoderOptions, room: Room = ENDLESS) {
    this.#options = options;
    this.#room = room;
  }

  /** Lets go of what it has; nothing more is decoded. */
  close(): void {
    this.#dropBody();
    this.#waiting = undefined;
  }

  /** Whether a sink said stop and `resume()` was not called since. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Gives the sink every packet that is whole; what it returns ends the connection, and is returned ever after. */
  push(chunk: Buffer, sink: PacketSink): ProtocolError | undefined {
    if (this.#failure || chunk.length === 0) return this.#failure;
    if (this.#stopped) {
      (this.#waiting ??= []).push(chunk);
      return undefined;
    }
    return this.#run(chunk, sink);
  }

  /** Goes on after a stop, with the bytes kept since. */
  resume(sink: PacketSink): ProtocolError | undefined {
    this.#stopped = false;
    while (this.#waiting && !this.#stopped && !this.#failure) {
      const chunk = this.#waiting.shift();
      if (!chunk) this.#waiting = undefined;
      else this.#run(chunk, sink);
    }
    return this.#failure;
  }

  #run(chunk: Buffer, sink: PacketSink): ProtocolError | undefined {
    let at = 0;
    while (at < chunk.length) {
      let packet: ClientPacket | undefined;
      try {
        if (!this.#headerDone) at = this.#readHeader(chunk, at);
        if (!this.#headerDone) return undefined;
        const end = at + this.#length - this.#filled;
        packet = end > chunk.length ? this.#gather(chunk, at) : this.#read(chunk, at, end);
        at = end;
      } catch (error) {
        return this.#fail(error);
      }
      if (packet && !sink(packet)) return this.#stop(chunk, at);
    }
    return undefined;
  }

  #stop(chunk: Buffer, at: number): undefined {
    this.#stopped = true;
    if (at < chunk.length) (this.#waiting ??= []).unshift(chunk.subarray(at));
  }

  #fail(error: unknown): ProtocolError {
    if (!(error instanceof ProtocolError)) throw error;
    this.#failure = error;
    this.close();
    return error;
  }

  /** Reads what there is of the fixed header (v3.1.1 §2.2, v5 §2.1); returns where it stopped. */
  #readHeader(chunk: Buffer, from: number): number {
    let at = from;
    if (this.#headerBytes === 0) {
      this.#first = chunk[at++]!;
      this.#headerBytes = 1;
      this.#length = 0;
      this.#checkFirst();
    }
    while (at < chunk.length) {
      const byte = chunk[at++]!;
      this.#length |= (byte & 0x7f) << (7 * (this.#headerBytes - 1));
      this.#headerBytes++;
      if (byte < 0x80) {
        this.#headerDone = true;
        this.#checkLength(byte);
        return at;
      }
      if (this.#headerBytes === 5) throw malformed('v3.1.1 §2.2.3, v5 §1.5.5', 'a remaining length of five bytes');
    }
    return at;
  }

  #checkFirst(): void {
    if (this.#connected) checkHeader(this.#first, this.version!);
    // v3.1.1 [MQTT-3.1.0-1], v5 [MQTT-3.1.0-1]
    else if (this.#first >> 4 !== PacketType.connect)
      throw protocolError('MQTT-3.1.0-1', 'the first packet is no CONNECT');
  }

  #checkLength(last: number): void {
    const { maxPacketBytes, maxConnectBytes = maxPacketBytes } = this.#options;
    const most = this.#connected ? maxPacketBytes : Math.min(maxConnectBytes, maxPacketBytes);
    if (this.#length + this.#headerBytes > most) {
      // v5 [MQTT-3.2.2-15] forbids it once it was announced; before that, and in 3.x, it is the hub's own limit.
      const message = `a packet of ${this.#length + this.#headerBytes} bytes, more than ${most}`;
      throw new ProtocolError(Reason.packetTooLarge, 'v5 MQTT-3.2.2-15', message);
    }
    if (last === 0 && this.#headerBytes > 2 && this.version === 5) throw longLength();
  }

  /** Keeps the part of a body that `chunk` ends with. */
  #gather(chunk: Buffer, at: number): undefined {
    if (at === chunk.length) return;
    const filled = this.#filled + chunk.length - at;
    const room = this.#body?.length ?? 0;
    if (filled > room) this.#grow(Math.min(this.#length, Math.max(filled, 2 * room, FIRST_BODY_BYTES)));
    chunk.copy(this.#body!, this.#filled, at);
    this.#filled = filled;
  }

  #grow(size: number): void {
    const room = this.#body?.length ?? 0;
    if (!this.#room.take(size - room) && size > ALWAYS_BYTES) {
      this.#room.take(room - size);
      throw new LimitError('inbound', 'too many packets are under way to the hub');
    }
    const grown = Buffer.allocUnsafeSlow(size);
    this.#body?.copy(grown, 0, 0, this.#filled);
    this.#body = grown;
  }

  #dropBody(): void {
    if (this.#body) this.#room.take(-this.#body.length);
    this.#body = undefined;
    this.#filled = 0;
  }

  /** Reads the body that ends at `end` of `chunk`. */
  #read(chunk: Buffer, at: number, end: number): ClientPacket {
    reader.refuseDiscouraged = this.#options.refuseControlCharacters ?? false;
    if (this.#filled > 0) {
      if (at < end) this.#gather(end === chunk.length ? chunk : chunk.subarray(0, end), at);
      reader.reset(this.#body!, 0, this.#length);
      this.#dropBody();
    } else {
      reader.reset(chunk, at, end);
    }
    this.#headerDone = false;
    const headerBytes = this.#headerBytes;
    this.#headerBytes = 0;
    return this.#connected ? readPacket(reader, this.#first, this.version!) : this.#readConnect(headerBytes);
  }

  #readConnect(headerBytes: number): ClientPacket {
    const protocol = readProtocol(reader);
    this.version = protocol.version;
    checkFlags(this.#first, protocol.version);
    // The length came before the version that wants it short.
    if (protocol.version === 5 && this.#length < 2 ** (7 * (headerBytes - 2)) && headerBytes > 2) throw longLength();
    const packet = readConnect(reader, protocol);
    this.#connected = true;
    return packet;
  }
}

function longLength(): ProtocolError {
  return malformed('v5 MQTT-1.5.5-1', 'a remaining length is longer than needed');
}

import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { frame, FrameReader, upgradeRequest } from './frames.ts';
import type { Target } from './job.ts';
import { PacketReader } from './packet-reader.ts';
import { connectPacket, disconnectPacket, subscribePacket, Type } from './packets.ts';

/** All sockets read into the same memory: each chunk is consumed before the next read. */
const chunk = Buffer.allocUnsafeSlow(64 * 1024);

/** Acknowledgements of the chunk being read, which leave in one write. A PUBREL is no longer than the PUBCOMP it causes. */
const acks = Buffer.allocUnsafeSlow(64 * 1024);
let ackBytes = 0;

/** Local ports are spread over several loopback addresses: each has some 28,000. */
const LOCAL_ADDRESSES = 8;
let opened = 0;

/** One MQTT 3.1.1 client, as cheap as can be. */
export class Client {
  readonly packets = new PacketReader();
  /** When the connection ends before `close()`. */
  onLost: (reason: Error) => void = () => undefined;
  readonly #socket: Socket;
  readonly #port: number;
  readonly #webSocket: boolean;
  #read: (bytes: Buffer, from: number, to: number) => void;
  #closing = false;

  constructor({ port, transport }: Target) {
    this.#port = port;
    this.#webSocket = transport === 'ws';
    this.#read = (bytes, from, to) => this.packets.push(bytes, from, to);
    const localAddress = `127.0.0.${1 + (opened++ % LOCAL_ADDRESSES)}`;
    const callback = (length: number): boolean => this.#consume(length);
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      localAddress,
      noDelay: true,
      onread: { buffer: chunk, callback },
    });
    this.#socket.on('error', (error) => this.#lose(error));
    this.#socket.on('close', () => this.#lose(new Error('the broker closed a connection')));
  }

  /** Opens the connection up to CONNACK. */
  async open(id: string): Promise<void> {
    if (this.#webSocket) await this.#upgrade();
    await this.#ask(connectPacket(id), Type.connack);
  }

  async subscribe(filter: string, qos: number): Promise<void> {
    await this.#ask(subscribePacket(filter, qos), Type.suback);
  }

  /** @param packets one or more; over WebSocket they share a frame */
  write(packets: Buffer): void {
    this.#socket.write(this.#webSocket ? frame(packets) : packets);
  }

  /** Queues an acknowledgement of the packet whose identifier is at `idAt`; to be called while a packet is handled. */
  ack(first: number, bytes: Buffer, idAt: number): void {
    acks[ackBytes] = first;
    acks[ackBytes + 1] = 2;
    acks[ackBytes + 2] = bytes[idAt]!;
    acks[ackBytes + 3] = bytes[idAt + 1]!;
    ackBytes += 4;
  }

  close(): void {
    this.#closing = true;
    this.write(disconnectPacket);
    this.#socket.destroySoon();
  }

  #consume(length: number): boolean {
    this.#read(chunk, 0, length);
    if (ackBytes > 0) {
      this.write(Buffer.from(acks.subarray(0, ackBytes)));
      ackBytes = 0;
    }
    return true;
  }

  #ask(packet: Buffer, answer: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.onLost = reject;
      this.packets.onPacket = (first, bytes, start) => {
        const refused = first >> 4 === Type.suback ? bytes[start + 2]! > 2 : bytes[start + 1] !== 0;
        if (first >> 4 !== answer || refused) reject(new Error(`packet ${first} in place of ${answer}, or a refusal`));
        else resolve();
      };
      this.write(packet);
    });
  }

  #upgrade(): Promise<void> {
    return new Promise((resolve, reject) => {
      let answer = '';
      this.onLost = reject;
      this.#read = (bytes, from, to) => {
        answer += bytes.toString('latin1', from, to);
        if (!answer.endsWith('\r\n\r\n')) return;
        const frames = new FrameReader(this.packets);
        this.#read = (more, start, end) => frames.push(more, start, end);
        if (answer.startsWith('HTTP/1.1 101')) resolve();
        else reject(new Error(`no WebSocket: ${answer.slice(0, 60)}`));
      };
      this.#socket.write(upgradeRequest(this.#port));
    });
  }

  #lose(reason: Error): void {
    if (!this.#closing) this.onLost(reason);
    this.#closing = true;
  }
}

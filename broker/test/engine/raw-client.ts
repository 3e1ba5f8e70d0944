import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet';

type Version = 3 | 4 | 5;

/** Anything of a packet; the parser's own types differ per command. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Received = Record<string, any> & { cmd: string };

/** `bridgeMode` is known to the encoder, but not to its types. */
type ConnectOptions = Partial<IConnectPacket> & { bridgeMode?: boolean };

const TIMEOUT_MS = 8000;

/** One socket that speaks MQTT packet by packet, with another codec than the hub's, and never acts by itself. */
export class RawClient implements Disposable {
  readonly socket: Socket;
  readonly version: Version;
  closed = false;
  readonly #packets: Received[] = [];
  readonly #waiting: ((packet: Received | undefined) => void)[] = [];

  constructor(socket: Socket, version: Version) {
    this.socket = socket;
    this.version = version;
    const decoder = parser({ protocolVersion: version });
    decoder.on('packet', (packet) => this.#push(packet as Received));
    decoder.on('error', (error) => socket.destroy(error));
    socket.on('data', (chunk) => decoder.parse(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      for (const wake of this.#waiting.splice(0)) wake(undefined);
    });
  }

  static async open(port: number, version: Version = 5): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket, version);
  }

  /** Opens, connects and returns the client with its CONNACK. */
  static async connect(
    port: number,
    clientId: string,
    options: ConnectOptions & { version?: Version } = {},
  ): Promise<RawClient & { connack: Received }> {
    const { version = 5, ...rest } = options;
    const client = await RawClient.open(port, version);
    client.sendConnect(clientId, rest);
    const connack = await client.expect('connack');
    return Object.assign(client, { connack });
  }

  sendConnect(clientId: string, options: ConnectOptions = {}): void {
    this.send({
      cmd: 'connect',
      protocolId: this.version === 3 ? 'MQIsdp' : 'MQTT',
      protocolVersion: this.version,
      clientId,
      clean: true,
      keepalive: 0,
      ...options,
    });
  }

  send(packet: Packet | Buffer): void {
    this.socket.write(Buffer.isBuffer(packet) ? packet : generate(packet, { protocolVersion: this.version }));
  }

  publish(topic: string, payload: string | Buffer, options: Record<string, unknown> = {}): void {
    this.send({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false, ...options });
  }

  ack(cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp', messageId: number, reasonCode = 0): void {
    this.send({ cmd, messageId, ...(this.version === 5 ? { reasonCode } : {}) });
  }

  async subscribe(topic: string, qos: 0 | 1 | 2 = 0, options: Record<string, unknown> = {}): Promise<number[]> {
    const { properties, ...subscription } = options;
    const subscriptions = [{ topic, qos, ...subscription }];
    this.send({ cmd: 'subscribe', messageId: 1, subscriptions, ...(properties ? { properties } : {}) });
    return (await this.expect('suback'))['granted'] as number[];
  }

  /** The next packet, which must be of this kind. */
  async expect(cmd: string): Promise<Received> {
    const packet = await this.next();
    if (packet?.cmd !== cmd) throw new Error(`expected ${cmd}, got ${packet ? JSON.stringify(packet) : 'nothing'}`);
    return packet;
  }

  /** The next packet; undefined when the socket closes or nothing comes in time. */
  next(timeoutMs = TIMEOUT_MS): Promise<Received | undefined> {
    const packet = this.#packets.shift();
    if (packet || this.closed) return Promise.resolve(packet);
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(undefined), timeoutMs);
      const finish = (received: Received | undefined): void => {
        clearTimeout(timer);
        const at = this.#waiting.indexOf(finish);
        if (at !== -1) this.#waiting.splice(at, 1);
        resolve(received);
      };
      this.#waiting.push(finish);
    });
  }

  /** Whether nothing comes for a while. A PINGREQ makes the hub's silence certain without a wait. */
  async isSilent(): Promise<boolean> {
    this.send({ cmd: 'pingreq' });
    return (await this.next())?.cmd === 'pingresp';
  }

  /** Waits until the hub has closed; returns whether it did in time. */
  async whenClosed(timeoutMs = TIMEOUT_MS): Promise<boolean> {
    if (this.closed) return true;
    await Promise.race([once(this.socket, 'close'), new Promise((resolve) => setTimeout(resolve, timeoutMs))]);
    return this.closed;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #push(packet: Received): void {
    const wake = this.#waiting.shift();
    if (wake) wake(packet);
    else this.#packets.push(packet);
  }
}

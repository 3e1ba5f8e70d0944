import { connect, type Socket } from 'node:net';
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet';

export interface LinkOptions {
  readonly id: string;
  /** @default its id */
  readonly user?: string | undefined;
  readonly version: 4 | 5;
  /** Whether its session outlives the connection. */
  readonly kept: boolean;
}

/** Gets each packet but CONNACK; some come with it. */
export type OnPacket = (packet: Packet, link: Link) => void;

const EXPIRY_SECONDS = 3600;

/** One MQTT connection, packet by packet, with another codec than the hub's. It ends when the hub is killed. */
export class Link {
  readonly #socket: Socket;
  readonly #version: 4 | 5;
  #corked = false;

  private constructor(socket: Socket, version: 4 | 5) {
    this.#socket = socket;
    this.#version = version;
  }

  /** Resolves with CONNACK; undefined when the connection ended before it came. */
  static open(
    port: number,
    { id, user = id, version, kept }: LinkOptions,
    onPacket: OnPacket,
  ): Promise<{ link: Link; sessionPresent: boolean } | undefined> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const link = new Link(socket, version);
    const decoder = parser({ protocolVersion: version });
    return new Promise((resolve, reject) => {
      decoder.on('packet', (packet: Packet) => {
        if (packet.cmd !== 'connack') return onPacket(packet, link);
        const { returnCode, reasonCode, sessionPresent } = packet;
        const refused = (version === 5 ? reasonCode : returnCode) ?? 0;
        if (refused > 0) return reject(new Error(`${id} was refused with ${refused}`));
        return resolve({ link, sessionPresent });
      });
      decoder.on('error', reject);
      socket.on('data', (chunk) => decoder.parse(chunk));
      socket.on('error', () => resolve(undefined));
      socket.on('close', () => resolve(undefined));
      link.send(connectPacket(id, user, version, kept));
    });
  }

  /** What is sent in one turn leaves in one write. */
  send(packet: Packet): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(generate(packet, { protocolVersion: this.#version }));
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

function connectPacket(clientId: string, username: string, protocolVersion: 4 | 5, kept: boolean): IConnectPacket {
  const packet: IConnectPacket = {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion,
    clientId,
    username,
    clean: !kept,
    keepalive: 0,
  };
  if (protocolVersion === 5 && kept) packet.properties = { sessionExpiryInterval: EXPIRY_SECONDS };
  return packet;
}

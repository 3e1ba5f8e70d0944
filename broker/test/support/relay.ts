import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** One port that leads to wherever a hub listens now; while it listens nowhere, connections end as they are made. */
export class Relay implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(portOf: () => number | undefined) {
    this.#server = createServer((socket) => this.#join(socket, portOf()));
  }

  static async open(portOf: () => number | undefined): Promise<Relay> {
    const relay = new Relay(portOf);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #join(socket: Socket, port: number | undefined): void {
    socket.on('error', () => undefined);
    if (port === undefined) return void socket.destroy();
    const hub = connect(port, '127.0.0.1');
    hub.on('error', () => undefined);
    for (const [from, to] of [
      [socket, hub],
      [hub, socket],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      from.once('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}

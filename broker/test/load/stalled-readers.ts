import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';

/** Clients that subscribe to a filter and then never read again: their sockets fill up, at both ends. */
export class StalledReaders implements Disposable {
  readonly #sockets: Socket[];

  private constructor(sockets: Socket[]) {
    this.#sockets = sockets;
  }

  static async open(port: number, count: number, filter: string): Promise<StalledReaders> {
    const sockets = Array.from({ length: count }, (_, at) => open(port, `stalled-${filter}-${at}-${count}`, filter));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    return new StalledReaders(sockets);
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Nobody listens for `data`, so nothing is read beyond the first buffer. */
function open(port: number, clientId: string, filter: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clientId, clean: true, keepalive: 0 }),
  );
  socket.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos: 0 }] }));
  return socket;
}

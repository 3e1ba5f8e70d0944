/** Opens so many readers of one kind and holds them until it is killed: `idle-readers-process.ts KIND COUNT PORT`. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { generate } from 'mqtt-packet';

const [kind, count, port] = [process.argv[2]!, Number(process.argv[3]), Number(process.argv[4])];
/** So many at once: a listening socket has a queue of few hundred. */
const AT_ONCE = 100;

function get(path: string, headers = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic ${btoa('ben:')}\r\n${headers}\r\n`;
}

/** A binary frame of a client (RFC 6455 §5.2), under a mask of zeros. */
function frame(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x82, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);
}

const upgrade =
  'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
  `Sec-WebSocket-Key: ${btoa('0123456789abcdef')}\r\nSec-WebSocket-Protocol: mqtt\r\n`;

const requests: Readonly<Record<string, string>> = {
  websocket: get('/mqtt', upgrade),
  events: get('/api/channels/general/events'),
  subscribe: get('/api/subscribe?filter=chat/general'),
  poll: get('/api/channels/general/messages?after=1&wait=60'),
};

async function session(socket: Socket, index: number): Promise<void> {
  const clientId = `reader-${index}`;
  socket.write(
    frame(generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clientId, clean: true, keepalive: 0 })),
  );
  await once(socket, 'data');
  socket.write(frame(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'chat/general', qos: 0 }] })));
  await once(socket, 'data');
}

async function open(index: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(requests[kind]!);
  // A long poll says nothing yet: the hub's own count tells that it waits.
  if (kind !== 'poll') await once(socket, 'data');
  if (kind === 'websocket') await session(socket, index);
  socket.resume();
}

for (let first = 0; first < count; first += AT_ONCE) {
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - first) }, (_none, index) => open(first + index)));
}
process.stdout.write('open\n');

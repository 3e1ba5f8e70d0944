import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { PacketReader } from '../load/packet-reader.ts';
import { connectPacket, Type } from '../load/packets.ts';

export interface Acknowledged {
  readonly perSecond: number;
  /** From PUBLISH to PUBACK, ms. */
  readonly p50: number;
  readonly p99: number;
}

const CLEAN_AT = 9;
const PAYLOAD = 'forty characters or so that somebody says';

/** One publisher at QoS 1 that keeps a window full for some seconds. */
export async function measureAcknowledged(
  port: number,
  topic: string,
  window: number,
  seconds: number,
): Promise<Acknowledged> {
  const socket = await open(port, connectPacket(`publisher-${window}`));
  const publish = publishPacket(topic, PAYLOAD);
  const sent: number[] = []; // in the order of the acknowledgements
  const times: number[] = [];
  const started = performance.now();
  let next = 1;
  const send = (count: number): void => {
    const packets = Buffer.alloc(publish.bytes.length * count);
    for (let i = 0; i < count; i++) {
      publish.bytes.writeUInt16BE(next, publish.idAt);
      next = next === 0xffff ? 1 : next + 1;
      publish.bytes.copy(packets, i * publish.bytes.length);
      sent.push(performance.now());
    }
    socket.write(packets);
  };
  let at = 0;
  const reader = new PacketReader();
  const done = new Promise<void>((resolve) => {
    let due = 0;
    reader.onPacket = (first) => {
      if (first >> 4 !== Type.puback) return;
      times.push(performance.now() - sent[at++]!);
      due++;
    };
    socket.on('data', (chunk) => {
      reader.push(chunk, 0, chunk.length);
      const isOver = performance.now() - started > seconds * 1000;
      if (isOver && at === sent.length) resolve();
      else if (!isOver && due > 0) send(due);
      due = 0;
    });
  });
  send(window);
  await done;
  const took = (performance.now() - started) / 1000;
  socket.destroy();
  times.sort((a, b) => a - b);
  const share = (part: number): number => times[Math.floor(times.length * part)]!;
  return { perSecond: times.length / took, p50: share(0.5), p99: share(0.99) };
}

/** A session that is kept and away, so that what is published has to be kept for it. */
export async function leaveSession(port: number, filter: string): Promise<void> {
  const packet = connectPacket('away');
  packet[CLEAN_AT] = 0;
  const socket = await open(port, packet);
  const text = Buffer.from(filter);
  socket.write(Buffer.concat([Buffer.from([0x82, text.length + 5, 0, 1, 0, text.length]), text, Buffer.from([1])]));
  await once(socket, 'data');
  socket.destroy();
}

async function open(port: number, packet: Buffer): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.write(packet);
  const [connack] = (await once(socket, 'data')) as [Buffer];
  if (connack[3] !== 0) throw new Error(`refused with ${connack[3]}`);
  return socket;
}

function publishPacket(topic: string, payload: string): { bytes: Buffer; idAt: number } {
  const name = Buffer.from(topic);
  const rest = Buffer.concat([Buffer.from([0, name.length]), name, Buffer.alloc(2), Buffer.from(payload)]);
  return { bytes: Buffer.concat([Buffer.from([0x32, rest.length]), rest]), idAt: 4 + name.length };
}

import { once } from 'node:events';
import { expect } from 'chai';
import { generate, parser } from 'mqtt-packet';
import { WebSocket } from 'ws';
import { startTestBroker, type TestBroker } from './broker.ts';
import type { Received } from './raw-client.ts';

const CONNECT = connectAs('ws');

function connectAs(clientId: string): Buffer {
  return generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clientId, clean: true, keepalive: 0 });
}

function publish(payload: string): Buffer {
  return generate({ cmd: 'publish', topic: 't', payload, qos: 0, retain: false, dup: false });
}

async function open({ wsPort }: TestBroker) {
  const socket = new WebSocket(`ws://127.0.0.1:${wsPort}/mqtt`, 'mqtt');
  const packets: Received[] = [];
  const frames: Buffer[] = [];
  const decoder = parser({ protocolVersion: 4 }).on('packet', (packet) => packets.push(packet as Received));
  socket.on('message', (data) => {
    frames.push(data as Buffer);
    decoder.parse(data as Buffer);
  });
  await once(socket, 'open');
  return { socket, packets, frames, [Symbol.dispose]: () => socket.terminate() };
}

async function arrived(packets: unknown[], count: number): Promise<void> {
  for (let i = 0; packets.length < count && i < 300; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(packets).to.have.length(count);
}

describe('MQTT over WebSocket', () => {
  it('takes packets over several frames and several packets in one [MQTT-6.0.0-2]', async () => {
    await using broker = await startTestBroker();
    using client = await open(broker);
    const subscribe = generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0 }] });
    const bytes = Buffer.concat([CONNECT, subscribe, publish('1'), publish('2')]);

    for (const byte of bytes.subarray(0, 20)) client.socket.send(Buffer.from([byte]));
    client.socket.send(bytes.subarray(20));
    await arrived(client.packets, 4);

    expect(client.packets.map(({ cmd }) => cmd)).to.deep.equal(['connack', 'suback', 'publish', 'publish']);
  });

  it('takes fragmented frames', async () => {
    await using broker = await startTestBroker();
    using client = await open(broker);

    client.socket.send(CONNECT.subarray(0, 5), { fin: false });
    client.socket.send(CONNECT.subarray(5), { fin: true });

    await arrived(client.packets, 1);
  });

  it('frames packets of every length, alone and joined, for all who read, and keeps their order', async () => {
    await using broker = await startTestBroker({ options: { maxOutboundBytes: 16 * 1024 ** 2 } });
    using one = await open(broker);
    using other = await open(broker);
    const payloads = [0, 118, 119, 120, 121, 122, 123, 16_000, 17_000, 65_528, 65_529, 65_530, 65_531, 70_000, 1]
      .concat(Array.from({ length: 3000 }, (_, i) => i % 50))
      .map((length) => 'x'.repeat(length));
    for (const [i, { socket, packets }] of [one, other].entries()) {
      socket.send(connectAs(`ws${i}`));
      socket.send(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0 }] }));
      await arrived(packets, 2);
    }

    for (const [i, payload] of payloads.entries()) {
      broker.aedes.publish({ cmd: 'publish', topic: 't', payload, qos: 0, retain: false, dup: false }, () => {});
      // The first go out one by one, the rest as one burst.
      if (i < 15) await arrived(one.packets, i + 3);
    }

    for (const { packets } of [one, other]) {
      await arrived(packets, payloads.length + 2);
      expect(packets.slice(2).map(({ payload }) => String(payload))).to.deep.equal(payloads);
    }
  });

  it('sends what one turn brings in one frame', async () => {
    await using broker = await startTestBroker();
    using client = await open(broker);
    client.socket.send(CONNECT);
    client.socket.send(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0 }] }));
    await arrived(client.packets, 2);
    const before = client.frames.length;

    for (let i = 0; i < 100; i++) {
      broker.aedes.publish({ cmd: 'publish', topic: 't', payload: 'x', qos: 0, retain: false, dup: false }, () => {});
    }
    await arrived(client.packets, 102);

    expect(client.frames.length - before).to.equal(1);
  });

  it('closes with 1003 on a text frame [MQTT-6.0.0-1]', async () => {
    await using broker = await startTestBroker();
    using client = await open(broker);

    client.socket.send(CONNECT.toString('latin1'));
    const [code] = (await once(client.socket, 'close')) as [number];

    expect(code).to.equal(1003);
    expect(broker.engine.counters.connections).to.equal(0);
  });

  it('answers pings and frees a client that is kicked at once', async () => {
    await using broker = await startTestBroker();
    using client = await open(broker);
    client.socket.send(CONNECT);
    await arrived(client.packets, 1);

    client.socket.ping();
    await once(client.socket, 'pong');
    (broker.aedes as unknown as { clients: Record<string, { close(): void }> }).clients['ws']!.close();
    const [code] = (await once(client.socket, 'close')) as [number];

    expect(code).to.equal(1000);
  });
});

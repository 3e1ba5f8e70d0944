import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import * as z from 'zod';
import { openLink } from '../src/link.ts';
import type { LinkHandlers, LinkOptions } from '../src/link.ts';
import { until } from './support/until.ts';

/** A broker of raw bytes: it answers CONNECT with a CONNACK of that code, and then nothing. */
async function silentBroker(returnCode = 0) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('data', () => socket.write(Uint8Array.of(0x20, 2, 0, returnCode)));
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `mqtt://127.0.0.1:${port}`,
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function open(options: Pick<LinkOptions, 'url'> & Partial<LinkOptions>, handlers: Partial<LinkHandlers> = {}) {
  const events: string[] = [];
  const link = openLink(
    { clientId: 'x', username: 'x', random: Math.random, ...options },
    {
      up: () => void events.push('up'),
      down: () => void events.push('down'),
      refused: () => void events.push('refused'),
      message: () => void events.push('message'),
      ...handlers,
    },
  );
  return { link, events };
}

describe('a link', function () {
  this.timeout(60_000);

  it('closes within a second and a half although the broker acknowledges nothing', async () => {
    await using broker = await silentBroker();
    const { link, events } = open(broker);
    await until('it is up', () => events.includes('up'));
    void link.publish({ topic: 'a', payload: Buffer.from('b'), qos: 1, retain: false }).catch(() => {});

    const start = Date.now();
    await link.close();

    expect(Date.now() - start).to.be.below(1500);
    await until('its socket is gone', () => broker.sockets.size === 0);
    expect(events).to.deep.equal(['up']);
  });

  it('closes at once while there is no broker', async () => {
    const { link, events } = open({ url: 'mqtt://127.0.0.1:9' });
    await until('it is down', () => events.includes('down'));

    const start = Date.now();
    await link.close();

    expect(Date.now() - start).to.be.below(500);
  });

  it('draws how long it waits before each attempt to come back', async () => {
    let draws = 0;
    const random = (): number => {
      draws++;
      return 0;
    };

    const { link, events } = open({ url: 'mqtt://127.0.0.1:9', random });
    await until('ten attempts', () => events.length >= 10);
    await link.close();

    expect(draws).to.be.at.least(10);
    expect(new Set(events)).to.deep.equal(new Set(['down']));
  });

  it('stays closed when the broker refuses it, and says why', async () => {
    await using broker = await silentBroker(5);
    const reasons: string[] = [];

    const { link, events } = open(broker, { refused: ({ message }) => void reasons.push(message) });
    await until('it is refused', () => reasons.length > 0);
    await link.close();

    expect(reasons).to.deep.equal(['Connection refused: Not authorized']);
    expect(events).to.deep.equal([]);
  });

  it('comes back when the broker was only not available yet', async () => {
    await using broker = await silentBroker(3);

    const { link, events } = open({ ...broker, random: () => 0 });
    await until('three attempts', () => events.filter((event) => event === 'down').length >= 3);
    await link.close();

    expect(events).not.to.include('refused');
  });

  it('refuses QoS 0 while it is down', async () => {
    const { link, events } = open({ url: 'mqtt://127.0.0.1:9' });
    await until('it is down', () => events.includes('down'));

    const outcome: unknown = await link
      .publish({ topic: 'a', payload: Buffer.from('b'), qos: 0, retain: false })
      .catch((error: unknown) => error);

    await link.close();
    expect(outcome).to.be.instanceOf(Error);
  });
});

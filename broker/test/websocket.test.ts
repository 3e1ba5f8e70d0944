import { once } from 'node:events';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { startTestHub } from './support/hub.ts';
import type { TestHub } from './support/hub.ts';
import { until } from './support/until.ts';

/** CONNECT of MQTT 3.1.1 with the client id `a`, clean session. */
const connect = Buffer.from('100d00044d5154540402003c000161', 'hex');

/** The status of a handshake that is refused, or the subprotocol of one that is not. */
async function handshake(hub: TestHub, protocols: string[], headers: Record<string, string> = {}, path = '/mqtt') {
  const socket = new WebSocket(`ws://127.0.0.1:${hub.ports.http}${path}`, protocols, { headers });
  socket.on('error', () => {});
  const opened = once(socket, 'open').then(() => socket.protocol);
  const refused = once(socket, 'unexpected-response').then(
    (answer) => (answer[1] as { statusCode: number }).statusCode,
  );
  const result = await Promise.race([opened, refused]);
  socket.terminate();
  return result;
}

describe('MQTT over WebSocket', () => {
  it('agrees on mqtt or mqttv3.1 among what is offered, and refuses the rest', async () => {
    await using hub = await startTestHub();

    expect(await handshake(hub, ['foo', 'mqtt'])).to.equal('mqtt');
    expect(await handshake(hub, ['mqttv3.1'])).to.equal('mqttv3.1');
    expect(await handshake(hub, ['foo'])).to.equal(400);
    expect(await handshake(hub, ['mqtt'], {}, '/elsewhere')).to.equal(404);
  });

  it('is for pages of the hub itself and of origins that are named', async () => {
    await using hub = await startTestHub({ allowedOrigins: ['https://friend.example'] });

    expect(await handshake(hub, ['mqtt'], { Origin: hub.httpUrl })).to.equal('mqtt');
    expect(await handshake(hub, ['mqtt'], { Origin: 'https://friend.example' })).to.equal('mqtt');
    expect(await handshake(hub, ['mqtt'], { Origin: 'https://evil.example' })).to.equal(403);
    expect(await handshake(hub, ['mqtt'], { Origin: 'null' })).to.equal(403);
  });

  it('takes one packet over several frames and answers in binary', async () => {
    await using hub = await startTestHub();
    const socket = new WebSocket(hub.wsUrl, 'mqtt');
    await once(socket, 'open');
    const frames: Buffer[] = [];
    const kinds: string[] = [];
    socket.on('message', (data: Buffer, isBinary) => {
      frames.push(data);
      kinds.push(isBinary ? 'binary' : 'text');
    });

    for (const byte of connect) socket.send(Buffer.of(byte));

    await until(() => Buffer.concat(frames).length >= 4, 'CONNACK');
    expect(Buffer.concat(frames).toString('hex')).to.equal('20020000');
    expect(kinds).not.to.include('text');
    socket.terminate();
  });

  it('refuses text frames', async () => {
    await using hub = await startTestHub();
    const socket = new WebSocket(hub.wsUrl, 'mqtt');
    await once(socket, 'open');
    const messages: unknown[] = [];
    socket.on('message', (data) => messages.push(data));

    socket.send(connect.toString('latin1'));

    await once(socket, 'close');
    expect(messages).to.deep.equal([]);
  });
});

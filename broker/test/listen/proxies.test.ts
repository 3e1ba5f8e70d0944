import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import fc from 'fast-check';
import { Gatekeeper } from '../../src/listen/gatekeeper.ts';
import { readProxyHeader } from '../../src/listen/proxy-header.ts';
import { createLog } from '../../src/log.ts';
import { startAccountsHub } from '../support/accounts.ts';
import type { AccountsHub } from '../support/accounts.ts';
import { selfSigned } from '../support/certificates.ts';
import { ask, post } from '../support/http.ts';
import { startTestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const signature = '0d0a0d0a000d0a515549540a';
/** CONNECT of MQTT 3.1.1 with client id `a`, user `ana` and a wrong password. */
const guess = Buffer.from('101b00044d51545404c2003c0001610003616e61000777726f6e677077', 'hex');
guess[1] = guess.length - 2;
/** CONNECT of 3.1.1 with the client id `a` and nobody's name. */
const plain = Buffer.from('100d00044d5154540402003c000161', 'hex');

function v2(address: string, command = '21', family = '11'): Buffer {
  const ends = `${address}7f0000011234075b`;
  return Buffer.from(`${signature}${command}${family}${(ends.length / 2).toString(16).padStart(4, '0')}${ends}`, 'hex');
}

/** Sends bytes, each chunk alone, and gives what came back before the hub closed or answered. */
async function send(port: number, ...chunks: Buffer[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined);
  const answer = new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(data.toString('hex')));
    socket.once('close', () => resolve('closed'));
  });
  for (const chunk of chunks) {
    if (!socket.destroyed) await new Promise((sent) => socket.write(chunk, sent));
  }
  const got = await answer;
  socket.destroy();
  return got;
}

/** Addresses of failed sign-ins, newest first. */
async function failures(hub: AccountsHub, count: number): Promise<(string | undefined)[]> {
  return until(async () => {
    const { body } = await hub.api(hub.root, 'GET', '/api/audit');
    const entries = (body.entries as { event: string; address?: string }[]).filter(
      ({ event }) => event === 'sign-in.failed',
    );
    return entries.length >= count ? entries.map(({ address }) => address) : undefined;
  }, `${count} failures`);
}

describe('proxies in front', () => {
  it('say over MQTT whom they speak for, in version 1 and 2 of the PROXY protocol, whole or in pieces', async () => {
    await using hub = await startAccountsHub({ trustedProxies: ['127.0.0.0/8'], proxyProtocol: 'on' });
    const { mqtt } = hub.ports;
    const line = Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 4000 1883\r\n');

    expect(await send(mqtt, Buffer.concat([line, guess]))).to.equal('20020004');
    expect(await send(mqtt, line.subarray(0, 9), line.subarray(9), guess)).to.equal('20020004');
    expect(await send(mqtt, v2('c6336407'), guess)).to.equal('20020004');
    expect(await send(mqtt, ...Array.from(Buffer.concat([v2('c6336407'), guess]), (byte) => Buffer.of(byte)))).to.equal(
      '20020004',
    );
    expect(await send(mqtt, Buffer.from('PROXY UNKNOWN\r\n'), guess)).to.equal('20020004');

    expect(await failures(hub, 5)).to.have.members([
      '192.0.2.1',
      '192.0.2.1',
      '198.51.100.7',
      '198.51.100.7',
      '127.0.0.1',
    ]);
    expect(await send(mqtt, guess)).to.equal('closed');
    expect(await send(mqtt, Buffer.from('PROXY TCP4 999.0.2.1 192.0.2.2 4000 1883\r\n'), guess)).to.equal('closed');
  });

  it('say it before the handshake of TLS', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-proxy-'));
    await using hub = await startTestHub({
      ...selfSigned(folder, 'localhost'),
      mqttsPort: 0,
      trustedProxies: ['loopback'],
      proxyProtocol: 'on',
    });
    rmSync(folder, { recursive: true });
    const socket = connect({ port: hub.ports.mqtts!, host: '127.0.0.1' });
    await once(socket, 'connect');
    socket.write(v2('c6336407'));
    const secure = connectTls({ socket, rejectUnauthorized: false });
    await once(secure, 'secureConnect');
    secure.write(plain);

    expect(((await once(secure, 'data')) as [Buffer])[0].toString('hex')).to.equal('20020000');
    secure.destroy();
  });

  it('that are not named are not believed, neither their header nor X-Forwarded-For', async () => {
    await using hub = await startAccountsHub({ trustedProxies: ['192.0.2.77'], proxyProtocol: 'on' });
    const forwarded = { 'X-Forwarded-For': '198.51.100.9', 'X-Forwarded-Proto': 'https' };

    expect(await send(hub.ports.mqtt, v2('c6336407'), guess)).to.equal('closed');
    expect(await send(hub.ports.mqtt, guess)).to.equal('20020004');
    await ask(hub, '/api/login', post({ user: 'ana', password: 'a wrong password' }, undefined, forwarded));

    expect(await failures(hub, 2)).to.deep.equal(['127.0.0.1', '127.0.0.1']);
  });

  it('that are named say in X-Forwarded-For whom they speak for; what a client wrote before them does not count', async () => {
    await using hub = await startAccountsHub({ trustedProxies: ['loopback'] });
    const forwarded = { 'X-Forwarded-For': '203.0.113.1, 198.51.100.9' };

    await ask(hub, '/api/login', post({ user: 'ana', password: 'a wrong password' }, undefined, forwarded));

    expect(await failures(hub, 1)).to.deep.equal(['198.51.100.9']);
  });

  it('cannot stop the hub with any bytes, and no header is read past its end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), fc.boolean(), (bytes, isV1, isV2) => {
        const start = isV1 ? Buffer.from('PROXY TCP4 ') : isV2 ? Buffer.from(`${signature}21`, 'hex') : Buffer.alloc(0);
        const all = Buffer.concat([start, bytes]);
        const header = readProxyHeader(all);
        if (header) expect(header.length).to.be.at.most(all.length);
      }),
    );
    expect(readProxyHeader(v2('c6336407', '20'))).to.deep.include({ address: undefined });
    expect(readProxyHeader(v2('c6336407', '31'))).to.equal(undefined);
  });
});

describe('connections from one address', () => {
  const options = {
    trustedProxies: [],
    proxyProtocol: 'off',
    connectTimeoutSeconds: 10,
    maxConnectsPerSecond: 10,
    maxConnections: 10,
  } as const;

  it('are closed when they are too many a second', async () => {
    await using hub = await startTestHub({ maxConnectsPerSecond: 1 });

    const answers = await Promise.all(Array.from({ length: 30 }, () => send(hub.ports.mqtt, plain)));
    const asked = await Promise.allSettled(Array.from({ length: 10 }, () => send(hub.ports.http, Buffer.from('GET'))));

    expect(answers.filter((answer) => answer === '20020000').length).to.be.within(1, 20);
    expect(answers).to.include('closed');
    expect(asked.map((one) => (one as { value: string }).value)).to.include('closed');
  });

  it('are counted by network for IPv6, refilled by the second, and forgotten in time', () => {
    const clock = { now: 0 };
    const gate = new Gatekeeper(options, createLog('silent'), () => clock.now);
    const open = (address: string): number =>
      Array.from({ length: 100 }, () => gate.admits(address)).filter(Boolean).length;

    expect(open('2001:db8::1')).to.equal(20);
    expect(open('2001:db8::2')).to.equal(0);
    expect(open('2001:db8:0:1::2')).to.equal(20);
    expect(open('192.0.2.1')).to.equal(20);
    clock.now = 500;
    expect(open('::ffff:192.0.2.1')).to.equal(5);
    for (let i = 0; i < 30_000; i++) gate.admits(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    expect(open('192.0.2.1')).to.equal(20);
  });

  it('are not limited for proxies that are named', () => {
    const gate = new Gatekeeper({ ...options, trustedProxies: ['10.0.0.0/8'] }, createLog('silent'), () => 0);

    expect(Array.from({ length: 100 }, () => gate.admits('10.1.2.3'))).not.to.include(false);
  });
});

import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get, request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { expect } from 'chai';
import mqtt from 'mqtt';
import { selfSigned, signedBy } from '../support/certificates.ts';
import { startTestHub } from '../support/hub.ts';
import { run } from '../support/process.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'correct horse battery';

function handshake(port: number, options: ConnectionOptions = {}): Promise<{ name: string; protocol: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      const { subject } = socket.getPeerCertificate();
      resolve({ name: String(subject.CN), protocol: socket.getProtocol() ?? '' });
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

function headersOf(url: string): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.headers);
    }).on('error', reject);
  });
}

describe('TLS', function () {
  this.timeout(60_000);
  let folder: string;
  let first: { tlsCert: string; tlsKey: string };
  let second: { tlsCert: string; tlsKey: string };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-tls-'));
    first = selfSigned(folder, 'first');
    second = selfSigned(folder, 'second');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is at least 1.2, with forward secrecy, on every listener', async () => {
    await using hub = await startTestHub({ ...first, mqttsPort: 0 });

    for (const port of [hub.ports.mqtts!, hub.ports.http]) {
      expect((await handshake(port)).protocol).to.equal('TLSv1.3');
      expect((await handshake(port, { maxVersion: 'TLSv1.2' })).protocol).to.equal('TLSv1.2');
      const old = [
        { minVersion: 'TLSv1' as const, maxVersion: 'TLSv1.1' as const, ciphers: 'DEFAULT:@SECLEVEL=0' },
        { maxVersion: 'TLSv1.2' as const, ciphers: 'AES128-SHA:AES256-SHA:AES128-GCM-SHA256' },
        { maxVersion: 'TLSv1.2' as const, ciphers: 'ECDHE-ECDSA-AES128-SHA' },
      ];
      for (const options of old) {
        const refusal = await handshake(port, options).catch((error: Error) => error);
        expect(refusal, JSON.stringify(options)).to.be.instanceOf(Error);
      }
    }
  });

  it('takes a new certificate when told to, and keeps the connections that are open', async () => {
    const [tlsCert, tlsKey] = [join(folder, 'now.pem'), join(folder, 'now.key')];
    copyFileSync(first.tlsCert, tlsCert);
    copyFileSync(first.tlsKey, tlsKey);
    await using hub = run(
      process.execPath,
      ['broker/bin/parley.js', '--mqtt-port', '0', '--http-port', '0', '--mqtts-port', '0'],
      { PARLEY_STORE: 'memory', PARLEY_TLS_CERT: tlsCert, PARLEY_TLS_KEY: tlsKey },
    );
    const port = Number((await hub.prints(/mqtts:\/\/127\.0\.0\.1:(\d+)/, 60_000))[1]);
    const https = Number((await hub.prints(/https:\/\/127\.0\.0\.1:(\d+)/))[1]);
    const url = `mqtts://127.0.0.1:${port}`;
    const client = await mqtt.connectAsync(url, { rejectUnauthorized: false, reconnectPeriod: 0, username: 'ana' });
    expect((await handshake(port)).name).to.equal('first');

    copyFileSync(second.tlsCert, tlsCert);
    copyFileSync(second.tlsKey, tlsKey);
    hub.child.kill('SIGHUP');
    await until(async () => (await handshake(port)).name === 'second', 'the new certificate', 30_000);

    expect((await handshake(https)).name).to.equal('second');
    await client.publishAsync('chat/general', 'still here', { qos: 1 });
    expect(client.connected).to.equal(true);

    // A certificate that does not fit its key is not taken.
    copyFileSync(first.tlsCert, tlsCert);
    hub.child.kill('SIGHUP');
    await until(() => hub.stderr().includes('certificate-unreadable'), 'the refusal', 30_000);
    expect((await handshake(port)).name).to.equal('second');
    await client.endAsync();
  });

  it('lets a device in by its certificate, under its own name alone', async () => {
    const lamp = signedBy(folder, first, 'lamp-1');
    const forged = signedBy(folder, second, 'lamp-1');
    await using hub = await startTestHub({ ...first, tlsCa: first.tlsCert, mqttsPort: 0, auth: 'accounts' });
    const code = hub.invite!.split('#')[1];
    const call = (path: string, body: object, token?: string) =>
      new Promise<string>((resolve, reject) => {
        const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
        const url = `https://127.0.0.1:${hub.ports.http}${path}`;
        const sent = request(url, { method: 'POST', rejectUnauthorized: false, headers }, (answer) => {
          let text = '';
          answer.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text));
        });
        sent.on('error', reject).end(JSON.stringify(body));
      });
    const { token } = JSON.parse(await call('/api/invites/accept', { code, user: 'root', password: PASSWORD })) as {
      token: string;
    };
    await call('/api/accounts', { name: 'lamp-1', kind: 'device' }, token);
    const ca = readFileSync(first.tlsCert);
    const enter = async (files: { cert: string; key: string } | undefined, username?: string) => {
      const certificate = files ? { cert: readFileSync(files.cert), key: readFileSync(files.key) } : {};
      const options = {
        ...certificate,
        ca,
        reconnectPeriod: 0,
        protocolVersion: 5 as const,
        ...(username && { username }),
      };
      try {
        const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${hub.ports.mqtts}`, options);
        await client.publishAsync('devices/lamp-1/state', '{}', { qos: 1 });
        await client.endAsync();
        return 'in';
      } catch (error) {
        return (error as { code?: number }).code;
      }
    };

    expect(await enter(lamp)).to.equal('in');
    expect(await enter(lamp, 'lamp-1')).to.equal('in');
    expect(await enter(lamp, 'root')).to.equal(0x86);
    expect(await enter(forged)).to.equal(0x86);
    expect(await enter(undefined, 'lamp-1')).to.equal(0x86);
    expect(await enter(signedBy(folder, first, 'nobody'))).to.equal(0x86);
  });

  it('is refused to an address that connects too often, and nobody is disturbed by it', async () => {
    await using hub = await startTestHub({ ...first, mqttsPort: 0, maxConnectsPerSecond: 1 });
    const tries = [hub.ports.http, hub.ports.mqtts!].flatMap((port) =>
      Array.from({ length: 15 }, () =>
        handshake(port).then(
          () => 'open',
          () => 'closed',
        ),
      ),
    );

    const ends = await Promise.all(tries);

    expect(ends).to.include('closed').and.to.include('open');
    expect(await until(() => handshake(hub.ports.http).catch(() => undefined), 'another handshake', 20_000)).to.include(
      {
        name: 'first',
      },
    );
  });

  it('is where plain HTTP sends a browser, which then remembers it', async () => {
    await using hub = await startTestHub({ ...first, httpRedirectPort: 0 });
    const plain = `http://127.0.0.1:${hub.ports.redirect}`;
    const asked = await fetch(`${plain}/c/general?x=1`, { redirect: 'manual' });
    const evil = await fetch(`${plain}//evil.example/`, { redirect: 'manual' });
    const headers = await headersOf(`https://127.0.0.1:${hub.ports.http}/`);

    expect(asked.status).to.equal(308);
    expect(asked.headers.get('location')).to.equal(`https://127.0.0.1:${hub.ports.http}/c/general?x=1`);
    expect(evil.headers.get('location')).to.equal(`https://127.0.0.1:${hub.ports.http}//evil.example/`);
    expect(headers['strict-transport-security']).to.equal('max-age=15552000');
    expect(headers['x-content-type-options']).to.equal('nosniff');
    expect(headers['content-security-policy']).to.include("frame-ancestors 'none'");
  });
});

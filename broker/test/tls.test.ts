import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startTestHub } from './support/hub.ts';
import { follow } from './support/messages.ts';

describe('with a certificate', () => {
  let folder: string;
  let tlsCert: string;
  let tlsKey: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-tls-'));
    [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    execFileSync('openssl', [...request, '-keyout', tlsKey, '-out', tlsCert, ...subject], { stdio: 'ignore' });
  });
  after(() => rmSync(folder, { recursive: true }));

  it('MQTT over TLS and over wss, and https, work on the same rules', async () => {
    await using hub = await startTestHub({ tlsCert, tlsKey, mqttsPort: 0 });
    const ca = readFileSync(tlsCert);
    const [overTls, overWss] = await Promise.all([
      hub.client('ana', { url: `mqtts://127.0.0.1:${hub.ports.mqtts}`, ca }),
      hub.client('ben', { url: `wss://127.0.0.1:${hub.ports.http}/mqtt`, wsOptions: { ca } }),
    ]);
    const entries = await follow(overWss, 'chat/general');

    await overTls.publishAsync('chat/general', 'sealed', { qos: 1 });
    const status = await new Promise((resolve, reject) => {
      get(`https://127.0.0.1:${hub.ports.http}/readyz`, { ca }, ({ statusCode }) => resolve(statusCode)).on(
        'error',
        reject,
      );
    });

    expect((await entries.next()).json()).to.include({ from: 'ana', text: 'sealed' });
    expect(status).to.equal(200);
  });
});

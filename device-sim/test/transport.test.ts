import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseScenario } from '../src/scenario/load.ts';
import { startScenario } from './support/fleet.ts';
import { startTestHub } from './support/hub.ts';
import { parleySim } from './support/program.ts';
import { until } from './support/until.ts';

/** Every transport in both versions. */
const scenario = parseScenario(
  `groups:
  - {name: tls-3, behaviour: lamp, interval: 100ms, transport: tls, qos: 1}
  - {name: tls-5, behaviour: lamp, interval: 100ms, transport: tls, qos: 2, protocol: 5}
  - {name: wss-3, behaviour: lamp, interval: 100ms, transport: wss, qos: 1}
  - {name: wss-5, behaviour: lamp, interval: 100ms, transport: wss, qos: 2, protocol: 5}`,
  'tls.yaml',
);

describe('devices over TLS', function () {
  this.timeout(30_000);
  let folder: string;
  let options: { tlsCert: string; tlsKey: string; mqttsPort: number };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-sim-tls-'));
    options = { tlsCert: join(folder, 'cert.pem'), tlsKey: join(folder, 'key.pem'), mqttsPort: 0 };
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    execFileSync('openssl', [...request, '-keyout', options.tlsKey, '-out', options.tlsCert, ...subject], {
      stdio: 'ignore',
    });
  });
  after(() => rmSync(folder, { recursive: true }));

  it('speak MQTT 3.1.1 and 5 over TCP and WebSocket with the authority they are given', async () => {
    await using hub = await startTestHub(options);
    const urlOf = (transport: string): string =>
      transport === 'tls' ? `mqtts://localhost:${hub.ports.mqttsPort}` : `wss://127.0.0.1:${hub.ports.httpPort}/mqtt`;
    const watcher = await hub.watch('devices/+/telemetry');

    const fleet = await startScenario('', { scenario, urlOf, tls: { ca: readFileSync(options.tlsCert, 'utf8') } });

    await Promise.all(['tls-3', 'tls-5', 'wss-3', 'wss-5'].map((name) => watcher.on(`devices/${name}/telemetry`)));
    await fleet.stop();
  });

  it('do not connect to a broker that they do not know, and say why', async () => {
    await using hub = await startTestHub(options);

    const fleet = await startScenario('', { scenario, urlOf: () => `mqtts://127.0.0.1:${hub.ports.mqttsPort}` });
    await until('it has failed', () => fleet.tally.errors.size > 0);
    await fleet.stop();

    expect([...fleet.tally.errors.keys()]).to.deep.equal(['DEPTH_ZERO_SELF_SIGNED_CERT']);
    expect(fleet.counts().mostUp).to.equal(0);
  });

  it('connect with --ca, and with --insecure, from the command line', async () => {
    await using hub = await startTestHub(options);
    const url = `mqtts://127.0.0.1:${hub.ports.mqttsPort}`;
    await using known = parleySim('run', 'home', '--url', url, '--ca', options.tlsCert);
    await using insecure = parleySim('run', 'home', '--url', url, '--insecure');

    await Promise.all([known, insecure].map((program) => program.prints(/up: .*of 12/)));
  });
});

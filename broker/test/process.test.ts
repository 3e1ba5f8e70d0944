import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import mqtt from 'mqtt';
import { run, runHub } from './support/process.ts';

const anyPorts = ['--mqtt-port', '0', '--http-port', '0'];

describe('the hub as a process', function () {
  this.timeout(20_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'parley-process-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('says where it listens and how to join, and stops cleanly when asked', async () => {
    await using hub = runHub(anyPorts);
    const [, port] = await hub.prints(/mqtt:\/\/127\.0\.0\.1:(\d+)/);
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });

    hub.child.kill('SIGTERM');

    expect(await hub.exit).to.equal(0);
    expect(hub.stdout())
      .to.match(/App +http:\/\//)
      .and.match(/WebSocket +ws:\/\/.*\/mqtt/);
    expect(hub.stdout()).to.include(`mosquitto_sub -h 127.0.0.1 -p ${port}`).and.include('mosquitto_pub');
    expect(
      hub
        .stderr()
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event),
    ).to.include.members(['hub.started', 'hub.stopping', 'hub.stopped']);
    await client.endAsync(true);
  });

  it('is there as npx parley right after npm ci', async () => {
    await using parley = run('npx', ['--no-install', 'parley', '--help']);

    expect(await parley.exit).to.equal(0);
    expect(parley.stdout()).to.include('start').and.include('config');
  });

  it('prints its options without starting', async () => {
    await using parley = runHub(['config', 'print', '--mqtt-port', '7'], { PARLEY_HTTP_PORT: '9' });

    await parley.exit;

    expect(JSON.parse(parley.stdout())).to.include({ mqttPort: 7, httpPort: 9 });
  });

  it('shows of a command what belongs to it, not every option of the hub', async () => {
    await using help = runHub(['user', 'add', '--help']);
    await help.exit;

    expect(help.stdout()).to.include('--data-dir').and.include('--password-stdin').and.not.include('--mqtt-port');
  });

  it('says which port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;

    await using hub = runHub(['--mqtt-port', String(port), '--http-port', '0']);

    expect(await hub.exit).to.equal(1);
    expect(hub.stderr()).to.equal(
      `parley: port ${port} on 127.0.0.1 (option mqttPort) is already in use [listen-failed]\n`,
    );
    taken.close();
  });

  for (const [what, args, env, said] of [
    ['an unknown flag', ['--mqttport', '1'], {}, 'unknown option'],
    ['an unknown command', ['begin'], {}, 'begin'],
    ['a value that is none', ['--http-port', 'x'], {}, 'option httpPort (--http-port) takes 0 to 65535'],
    ['an unknown variable', [], { PARLEY_HTPP_PORT: '1' }, 'PARLEY_HTPP_PORT'],
    ['a config file that is missing', ['--config', '/nonexistent.yaml'], {}, '/nonexistent.yaml'],
    ['a certificate that is missing', ['--tls-cert', '/none.pem', '--tls-key', '/none.pem'], {}, 'tlsCert /none.pem'],
    [
      'a host of another machine',
      ['--host', '192.0.2.1', ...anyPorts],
      {},
      'parley: 192.0.2.1 (option host) is not an',
    ],
    ['to restore a file that is missing', ['restore', '/nonexistent.gz'], {}, 'cannot read the backup /nonexistent.gz'],
  ] as const) {
    it(`refuses ${what} with one line and exit code 1`, async () => {
      await using hub = runHub(args, env);

      expect(await hub.exit).to.equal(1);
      expect(hub.stderr()).to.include(said);
      expect(hub.stderr().trim().split('\n')).to.have.length(1);
      expect(hub.stderr()).not.to.match(/\n\s+at /);
    });
  }

  it('refuses a certificate that is no PEM with one line', async () => {
    const file = join(folder, 'cert.pem');
    writeFileSync(file, 'not a certificate');

    await using hub = runHub(['--tls-cert', file, '--tls-key', file, ...anyPorts]);

    expect(await hub.exit).to.equal(1);
    expect(hub.stderr()).to.match(/^parley: tlsCert .*\[certificate-unreadable\]\n$/);
  });
});

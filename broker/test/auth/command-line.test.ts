import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import mqtt from 'mqtt';
import { run, runHub } from '../support/process.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'correct horse battery';
const program = 'broker/bin/parley.js';

/** Whatever the machine is doing: each command starts a process. */
const PATIENCE_MS = 120_000;

async function connect(port: string, username: string, password: string): Promise<boolean> {
  try {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { username, password, reconnectPeriod: 0 });
    await client.endAsync();
    return true;
  } catch {
    return false;
  }
}

describe('accounts from the command line', function () {
  this.timeout(PATIENCE_MS);
  let dataDir: string;
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'parley-cli-'))));
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const parley = async (...args: string[]) => {
    await using command = run(process.execPath, [program, ...args, '--data-dir', dataDir]);
    command.child.stdin!.end();
    const code = await command.exit;
    return { code, out: command.stdout().trim(), said: command.stderr().trim() };
  };
  const hub = () =>
    runHub(['--mqtt-port', '0', '--http-port', '0', '--data-dir', dataDir, '--auth', 'accounts'], {
      PARLEY_STORE: 'embedded',
    });
  it('are made while no hub runs, and are there when one does', async () => {
    expect(await parley('user', 'add', 'ana', '--password', PASSWORD, '--role', 'admin')).to.include({
      code: 0,
      out: 'person ana added.',
    });
    const device = await parley('device', 'add', 'lamp-1');
    const token = await parley('token', 'add', '--user', 'ci', '--channels', 'builds');
    const list = await parley('user', 'list');
    await using running = hub();
    const [, port] = await running.prints(/mqtt:\/\/127\.0\.0\.1:(\d+)/, PATIENCE_MS);

    expect(list.out.split('\n')).to.deep.equal(['ana\tadmin\tpassword', 'ci\tmember\tno password']);
    expect(running.stdout()).not.to.include('/invite#');
    expect(await connect(port!, 'ana', PASSWORD)).to.equal(true);
    expect(await connect(port!, 'lamp-1', device.out)).to.equal(true);
    expect(await connect(port!, 'ci', token.out)).to.equal(true);
    expect(await connect(port!, 'lamp-1', token.out)).to.equal(false);
  });

  it('are made and removed while a hub runs, which goes by it at once', async () => {
    await using running = hub();
    const [, port] = await running.prints(/mqtt:\/\/127\.0\.0\.1:(\d+)/, PATIENCE_MS);
    await running.prints(/\/invite#\S+/, PATIENCE_MS);
    const socket = join(dataDir, 'admin.sock');
    await until(() => statSync(socket, { throwIfNoEntry: false }), 'the socket', PATIENCE_MS);

    expect(statSync(socket).mode & 0o777).to.equal(0o600);
    expect(statSync(join(dataDir, 'store.mdb')).mode & 0o777).to.equal(0o600);
    expect(await parley('user', 'add', 'ana', '--password', PASSWORD)).to.include({ code: 0 });
    expect(await parley('user', 'add', 'ana', '--password', PASSWORD)).to.include({
      code: 1,
      said: 'parley: there is an account ana already [account-exists]',
    });
    expect(await connect(port!, 'ana', PASSWORD)).to.equal(true);
    await parley('user', 'password', 'ana', '--password', 'another password');
    expect(await connect(port!, 'ana', PASSWORD)).to.equal(false);
    expect(await connect(port!, 'ana', 'another password')).to.equal(true);
    expect((await parley('user', 'remove', 'ana')).code).to.equal(0);
    expect(await connect(port!, 'ana', 'another password')).to.equal(false);
    expect((await parley('user', 'add', 'ben')).out).to.match(/^http:\/\/127\.0\.0\.1:\d+\/invite#\S{20,}$/);
  });

  it('are explained: which rule decided', async () => {
    const file = join(dataDir, 'rights.yaml');
    writeFileSync(
      file,
      'roles:\n  member:\n    - { deny: publish, topics: [home/door] }\n    - { allow: publish, topics: "home/+" }\n',
    );
    await parley('user', 'add', 'ana', '--password', PASSWORD);
    const explain = (...args: string[]) =>
      parley('rights', 'explain', ...args, '--auth', 'accounts', '--rights-file', file);

    expect(await explain('ana', 'publish', 'home/door')).to.include({
      code: 2,
      out: 'denied: role member, rule 1: deny publish home/door',
    });
    expect(await explain('ana', 'publish', 'home/lamp')).to.include({
      code: 0,
      out: 'allowed: role member, rule 2: allow publish home/+',
    });
    expect((await explain('ana', 'publish', 'presence/ana')).out)
      .to.include('fixed rule')
      .and.include('the hub alone');
    expect((await explain('ana', 'subscribe', 'home/lamp')).out).to.equal('denied: no rule of member allows it');
    expect((await explain('nobody', 'publish', 'home/lamp')).out).to.include('no account');
  });

  it('refuse what is wrong in one line', async () => {
    const attempts = [
      ['user', 'add', 'Ana Maria', '--password', PASSWORD],
      ['user', 'add', 'hub', '--password', PASSWORD],
      ['user', 'add', 'ana', '--password', 'short'],
      ['user', 'add', 'ana', '--password', PASSWORD, '--role', 'emperor'],
      ['user', 'remove', 'nobody'],
      ['token', 'add'],
      ['token', 'add', '--user', 'ci', '--days', 'many'],
      ['rights', 'explain', 'ana', 'eat', 'chat/general'],
    ];
    for (const args of attempts) {
      const { code, said } = await parley(...args);
      expect(code, args.join(' ')).to.equal(1);
      expect(said, args.join(' ')).to.match(/^parley: [^\n]+$/);
    }
  });
});

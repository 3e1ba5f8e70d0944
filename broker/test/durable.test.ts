import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import { follow } from './support/messages.ts';
import { runHub } from './support/process.ts';
import type { Running } from './support/process.ts';
import { until } from './support/until.ts';

/** A start takes more than ten seconds where others keep the cores. */
const START_MS = 60_000;

describe('the embedded store under the hub', function () {
  this.timeout(180_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'parley-durable-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const start = (dataDir = join(folder, 'data')): Running =>
    runHub(['--mqtt-port', '0', '--http-port', '0', '--data-dir', dataDir], { PARLEY_STORE: 'embedded' });

  it('keeps what was acknowledged through kill -9: retained, sessions and their queues', async () => {
    const session = { clientId: 'sleeper', clean: false };
    await using first = start();
    const sleeper = await connect(first, session);
    await sleeper.subscribeAsync('work/#', { qos: 2 });
    await sleeper.endAsync();
    const publisher = await connect(first, { protocolVersion: 5 });
    await publisher.publishAsync('work/1', 'one', { qos: 1 });
    await publisher.publishAsync('work/2', 'two', { qos: 2 });
    await publisher.publishAsync('state', 'kept', { qos: 1, retain: true });

    first.child.kill('SIGKILL');
    await first.exit;
    await using second = start();
    const texts: string[] = [];
    const back = await connect(second, session, (client) =>
      client.on('message', (_topic, payload) => texts.push(payload.toString())),
    );
    const retained = await follow(await connect(second), 'state');

    expect((await retained.next()).text()).to.equal('kept');
    await follow(back, 'done');
    await (await connect(second)).publishAsync('done', 'done', { qos: 1 });
    await until(() => texts.includes('done'), 'the last message');
    expect(texts).to.deep.equal(['one', 'two', 'done']);
  });

  it('is backed up while the hub runs, and restored into another directory', async () => {
    const file = join(folder, 'backup');
    await using hub = start();
    await (await connect(hub)).publishAsync('state', 'kept', { qos: 1, retain: true });
    const attachments = [Buffer.from('short'), randomBytes(600_000)];
    const urls = await Promise.all(attachments.map((bytes) => attach(hub, bytes)));

    await using backup = runHub(['backup', file, '--data-dir', join(folder, 'data')]);
    expect(await backup.exit).to.equal(0);
    await using restore = runHub(['restore', file, '--data-dir', join(folder, 'other')]);
    expect(await restore.exit).to.equal(0);
    await using other = start(join(folder, 'other'));
    const retained = await follow(await connect(other), 'state');

    expect((await retained.next()).text()).to.equal('kept');
    expect(existsSync(file)).to.equal(true);
    for (const [i, url] of urls.entries()) {
      const kept = Buffer.from(await (await fetch((await httpOf(other)) + url)).arrayBuffer());
      expect(kept.equals(attachments[i]!), `attachment ${i}`).to.equal(true);
    }
  });

  for (const [what, args, said] of [
    ['a second hub on its directory', ['start', '--mqtt-port', '0', '--http-port', '0'], 'in use by process'],
    ['a restore over it', ['restore', '/dev/null'], 'in use by process'],
  ] as const) {
    it(`refuses ${what} with one line`, async () => {
      await using hub = start();
      await hub.prints(/mqtt:\/\//, START_MS);

      await using other = runHub([...args, '--data-dir', join(folder, 'data')], { PARLEY_STORE: 'embedded' });

      expect(await other.exit).to.equal(1);
      expect(other.stderr()).to.include(said);
      expect(other.stderr().trim().split('\n')).to.have.length(1);
    });
  }
});

async function httpOf(hub: Running): Promise<string> {
  return (await hub.prints(/http:\/\/127\.0\.0\.1:\d+/, START_MS))[0];
}

/** Uploads a file and gives where it is. */
async function attach(hub: Running, body: Buffer): Promise<string> {
  const response = await fetch(`${await httpOf(hub)}/api/files`, { method: 'POST', body: new Uint8Array(body) });
  return ((await response.json()) as { url: string }).url;
}

/** What a kept session receives comes right behind its CONNACK, so `listen` is called before it connects. */
async function connect(
  hub: Running,
  options: IClientOptions = {},
  listen: (client: MqttClient) => void = () => undefined,
): Promise<MqttClient> {
  const [, port] = await hub.prints(/mqtt:\/\/127\.0\.0\.1:(\d+)/, START_MS);
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, ...options });
  listen(client);
  await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject));
  return client;
}

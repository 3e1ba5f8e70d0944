import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import { run, type Running } from '../support/process.ts';
import { until } from '../support/until.ts';
import { temporaryDirectory } from '../store/temporary.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

const PARLEY = fileURLToPath(new URL('../../bin/parley.js', import.meta.url));
const DISK_MIB = 16;
const session = { protocolVersion: 5, clean: false, properties: { sessionExpiryInterval: 3600 } } as const;

describe('a hub whose disk is full', function () {
  this.timeout(60_000);

  it('refuses what it cannot keep, and goes on when there is room without having lost or doubled anything', async () => {
    await using place = await temporaryDirectory();
    await using disk = await mountSmallDisk(place.path, DISK_MIB);
    const received: string[] = [];
    const kept: string[] = [];
    let open = Infinity;
    const listen = (client: MqttClient): void => {
      client.on('message', (_topic, payload) => received.push(String(payload)));
      // Acknowledgements of some messages come only when the disk is full.
      client.handleMessage = (_packet, done) => {
        const timer = setInterval(() => {
          if (received.length > open) return;
          clearInterval(timer);
          done();
        }, 10);
      };
    };
    {
      await using hub = start(disk, place.path);
      const publisher = await connect(hub, { protocolVersion: 5 });
      const reader = await connect(hub, { ...session, clientId: 'reader' }, listen);
      await reader.subscribeAsync('work', { qos: 1 });
      const sleeper = await connect(hub, { ...session, clientId: 'sleeper' });
      await sleeper.subscribeAsync('work', { qos: 2 });
      await sleeper.endAsync();
      open = 10;
      for (let i = 0; i < 20; i++) await publish(publisher, `before ${i}`, kept);

      disk.fill();
      const refusals = [await publish(publisher, 'full 1', kept, 1), await publish(publisher, 'full 2', kept, 2)];
      const old = await connect(hub, { protocolVersion: 4 });
      const hungUp = new Promise((resolve) => old.once('close', () => resolve('closed')));
      old.publish('work', 'full 3', { qos: 1 });
      const draft = await post(hub, 'full');
      open = Infinity;
      await until(() => received.length === 20, 'all that was published before');
      const late = await connect(hub, { ...session, clientId: 'late' }).catch((error: Error) => error.message);
      await publish(publisher, 'at QoS 0', [], 0);

      expect(refusals).to.deep.equal([0x97, 0x97]);
      expect(await hungUp).to.equal('closed');
      expect(draft).to.equal(507);
      expect(late).to.match(/unavailable/i);
      disk.free();
      await until(async () => (await post(hub, 'room')) === 201, 'an entry that is kept');
      for (let i = 0; i < 5; i++) await publish(publisher, `after ${i}`, kept);
      await until(() => received.includes('after 4'), 'what was published after it');
      hub.child.kill('SIGKILL');
      await hub.exit;
      for (const client of [publisher, reader]) client.end(true);
    }

    await using again = start(disk, place.path);
    const slept: string[] = [];
    const repeated = received.length;
    await connect(again, { ...session, clientId: 'sleeper' }, (client) =>
      client.on('message', (_topic, payload) => slept.push(String(payload))),
    );
    await connect(again, { ...session, clientId: 'reader' }, listen);
    await until(() => slept.length >= kept.length, 'the messages of the one that was away');

    expect(slept).to.deep.equal(kept);
    // What was acknowledged while there was no room is not sent again: at QoS 1 only the last might be.
    expect([...new Set(received)].filter((text) => text !== 'at QoS 0')).to.deep.equal(kept);
    expect(received.slice(repeated).filter((text) => !text.startsWith('after'))).to.deep.equal([]);
  });

  it('answers UNSUBSCRIBE when it is kept, and shows who came and went as soon as there is room', async () => {
    await using place = await temporaryDirectory();
    await using disk = await mountSmallDisk(place.path, DISK_MIB);
    await using hub = start(disk, place.path);
    const publisher = await connect(hub, { protocolVersion: 5, username: 'publisher' });
    const reader = await connect(hub, { ...session, clientId: 'reader' });
    await reader.subscribeAsync(['work', 'rest'], { qos: 1 });
    const received: string[] = [];
    reader.on('message', (_topic, payload) => received.push(String(payload)));
    const seen = new Map<string, string>();
    const watcher = await connect(hub, { username: 'watcher' }, (client) =>
      client.on('message', (topic, payload) => seen.set(topic, String(payload))),
    );
    await watcher.subscribeAsync('presence/+', { qos: 1 });
    await until(() => seen.has('presence/publisher'), 'the publisher shown');

    disk.fill();
    await until(async () => (await publish(publisher, 'full', [], 1)) === 0x97, 'a full disk');
    let answered = false;
    const unsubscribed = reader.unsubscribeAsync('work').then(() => (answered = true));
    const late = await connect(hub, { username: 'late' });
    await late.subscribeAsync('nothing', { qos: 0 });
    await publish(publisher, 'at QoS 0', [], 0);
    await until(async () => (await post(hub, 'full')) === 507, 'an entry refused');
    const early = { answered, shown: seen.has('presence/late') };
    disk.free();
    await unsubscribed;
    await until(() => seen.has('presence/late'), 'the late one shown');

    expect(early).to.deep.equal({ answered: false, shown: false });
    expect(received).to.deep.equal([]);
    for (const client of [publisher, reader, watcher, late]) client.end(true);
  });
});

function start(disk: SmallDisk, dataDir: string): Running {
  const flags = ['--mqtt-port', '0', '--http-port', '0', '--data-dir', dataDir, '--store', 'embedded'];
  return run(...disk.inside(process.execPath, PARLEY, ...flags));
}

async function connect(
  hub: Running,
  options: IClientOptions,
  listen: (client: MqttClient) => void = () => undefined,
): Promise<MqttClient> {
  const [, port] = await hub.prints(/mqtt:\/\/127\.0\.0\.1:(\d+)/, 30_000);
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, ...options });
  listen(client);
  await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject));
  return client;
}

/** Publishes, notes what was acknowledged, and gives the reason code of a refusal. */
async function publish(client: MqttClient, text: string, kept: string[], qos: 0 | 1 | 2 = 2): Promise<number> {
  try {
    await client.publishAsync('work', text, { qos });
    kept.push(text);
    return 0;
  } catch (error) {
    return (error as { code: number }).code;
  }
}

async function post(hub: Running, text: string): Promise<number> {
  const [, port] = await hub.prints(/http:\/\/127\.0\.0\.1:(\d+)/);
  const headers = { 'Content-Type': 'text/plain' };
  const url = `http://127.0.0.1:${port}/api/channels/general/messages`;
  return (await fetch(url, { method: 'POST', body: text, headers })).status;
}

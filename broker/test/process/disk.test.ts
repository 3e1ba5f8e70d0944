import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import { run, runHub, type Running } from '../support/process.ts';
import { until } from '../support/until.ts';
import { temporaryDirectory } from '../store/temporary.ts';
import { mountSmallDisk } from './small-disk.ts';

const PARLEY = fileURLToPath(new URL('../../bin/parley.js', import.meta.url));
/** What each sync of the store's file takes longer, in microseconds. */
const DELAY_US = 1_500_000;

function flags(dataDir: string): string[] {
  return ['--mqtt-port', '0', '--http-port', '0', '--data-dir', dataDir, '--store', 'embedded'];
}

describe('a hub on a disk that is not as it should be', function () {
  this.timeout(60_000);

  it('acknowledges late on a slow one, and delays nobody whose messages are not kept', async () => {
    await using place = await temporaryDirectory();
    await using hub = runHub(flags(place.path));
    await hub.prints(/mqtt:\/\//, 30_000);
    await using _ = await slowDown(hub);
    const events: string[] = [];
    const reader = await connect(hub);
    await reader.subscribeAsync('live', { qos: 0 });
    const heard = new Promise<void>((resolve) => {
      reader.on('message', () => {
        events.push('heard');
        resolve();
      });
    });
    const [keeper, writer] = await Promise.all([connect(hub), connect(hub)]);
    const started = performance.now();

    const kept = keeper.publishAsync('kept', 'late', { qos: 1, retain: true }).then(() => events.push('acknowledged'));
    await writer.publishAsync('live', 'now', { qos: 0 });
    await Promise.all([heard, kept]);

    expect(performance.now() - started).to.be.above(DELAY_US / 1000 - 50);
    expect(events).to.deep.equal(['heard', 'acknowledged']);
    await Promise.all([reader, keeper, writer].map((client) => client.endAsync(true)));
  });

  it('does not start on one that is read-only, and says why in one line', async () => {
    await using place = await temporaryDirectory();
    await using disk = await mountSmallDisk(place.path, 4);
    disk.remountReadOnly();

    await using hub = run(...disk.inside(process.execPath, PARLEY, ...flags(place.path)));

    expect(await hub.exit).to.equal(1);
    expect(hub.stderr()).to.match(/^parley: cannot use the data directory .*\[store-access\]\n$/);
  });

  it('does not start on a damaged file, and says how to go on', async () => {
    await using place = await temporaryDirectory();
    {
      await using hub = runHub(flags(place.path));
      await hub.prints(/mqtt:\/\//, 30_000);
    }
    await truncate(join(place.path, 'store.mdb'), 5000);

    await using hub = runHub(flags(place.path));

    expect(await hub.exit).to.equal(1);
    expect(hub.stderr()).to.match(/^parley: the store .* is damaged .*parley restore FILE \[store-corrupt\]\n$/);
  });
});

/** Every sync of the hub takes longer from here on; ends by itself with the hub. */
async function slowDown({ child }: Running): Promise<Running> {
  const inject = `inject=fdatasync:delay_enter=${DELAY_US}`;
  const args = ['-f', '-o', '/dev/null', '-e', 'trace=fdatasync', '-e', inject, '-p', `${child.pid}`];
  const strace = run('strace', args);
  await until(() => strace.stderr().includes('attached'), 'strace to attach', 30_000);
  return strace;
}

async function connect(hub: Running, options: IClientOptions = {}): Promise<MqttClient> {
  const [, port] = await hub.prints(/mqtt:\/\/127\.0\.0\.1:(\d+)/, 30_000);
  return mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, connectTimeout: 30_000, ...options });
}

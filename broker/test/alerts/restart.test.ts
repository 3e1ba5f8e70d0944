import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import mqtt from 'mqtt';
import type { Page } from '@parley/shared';
import { post } from '../support/http.ts';
import { runHub } from '../support/process.ts';
import { until } from '../support/until.ts';

const hot = { device: 'oven', metric: 'heat', condition: 'above', threshold: 30, forSeconds: 0, channel: 'home' };

async function states(httpUrl: string): Promise<string[]> {
  const response = await fetch(`${httpUrl}/api/channels/home/messages?limit=1000`);
  if (response.status === 404) return [];
  const { entries } = (await response.json()) as Page;
  return entries.map(({ data }) => (data as { alert: { state: string } }).alert.state);
}

describe('alerts through kill -9', function () {
  this.timeout(120_000);
  let dataDir: string;
  before(async () => (dataDir = await mkdtemp(join(tmpdir(), 'parley-alerts-'))));
  after(() => rm(dataDir, { recursive: true }));

  async function start() {
    const hub = runHub(['--mqtt-port', '0', '--http-port', '0', '--data-dir', dataDir], { PARLEY_STORE: 'embedded' });
    const [, httpUrl] = await hub.prints(/(http:\/\/127\.0\.0\.1:\d+)/, 30_000);
    const [, mqttUrl] = await hub.prints(/(mqtt:\/\/127\.0\.0\.1:\d+)/, 30_000);
    return { hub, httpUrl: httpUrl!, mqttUrl: mqttUrl! };
  }

  it('are raised and cleared in turn, and end as the last reading says', async () => {
    for (let kill = 0; kill < 8; kill++) {
      const { hub, httpUrl, mqttUrl } = await start();
      if (kill === 0) await fetch(`${httpUrl}/api/alerts`, post({ ...hot, name: 'hot' }, 'ana'));
      const oven = await mqtt.connectAsync(mqttUrl, { username: 'oven', reconnectPeriod: 0 });
      oven.on('error', () => undefined);
      // Readings go on until the kill cuts them off, somewhere in the middle of a notice.
      const many = 5 + kill * 7;
      let sent = 0;
      const sending = (async () => {
        for (; ; sent++)
          await oven.publishAsync('devices/oven/telemetry', `{"heat":${sent % 2 ? 40 : 20}}`, { qos: 1 });
      })().catch(() => undefined);
      await until(() => sent >= many, 'readings', 30_000);
      hub.child.kill('SIGKILL');
      await hub.exit;
      oven.end(true);
      await sending;
    }

    const { hub, httpUrl, mqttUrl } = await start();
    const oven = await mqtt.connectAsync(mqttUrl, { username: 'oven', reconnectPeriod: 0 });
    await oven.publishAsync('devices/oven/telemetry', '{"heat":20}', { qos: 1 });
    const said = await until(
      async () => {
        const all = await states(httpUrl);
        return all.at(-1) === 'cleared' ? all : undefined;
      },
      'the alert being cleared',
      30_000,
    );

    expect(said.length).to.be.greaterThan(8);
    expect(said).to.deep.equal(said.map((_, index) => (index % 2 === 0 ? 'raised' : 'cleared')));
    await oven.endAsync(true);
    hub.child.kill('SIGTERM');
    expect(await hub.exit).to.equal(0);
  });
});

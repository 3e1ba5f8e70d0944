import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { History } from '../../src/devices/history.ts';
import type { Job } from '../../src/devices/job.ts';
import { startTestHub } from '../support/hub.ts';
import { as, ask, post } from '../support/http.ts';
import { follow } from '../support/messages.ts';

describe('on the embedded store', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parley-test-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('devices, telemetry, jobs, files and unfinished uploads outlive a restart', async () => {
    const tus = { 'Tus-Resumable': '1.0.0', ...as('ana') };
    const part = { ...tus, 'Content-Type': 'application/offset+octet-stream' };
    let job: Job;
    let file: string;
    let upload: string;
    {
      await using hub = await startTestHub({ store: 'embedded', dataDir });
      const oven = await hub.client('oven');
      await oven.publishAsync('devices/oven/status', 'online', { qos: 1, retain: true });
      await oven.publishAsync('devices/oven/telemetry', '{"heat":21}', { qos: 0 });
      job = (await ask<Job>(hub, '/api/devices/oven/commands/heat', post({}))).body;
      await oven.publishAsync(`devices/oven/replies/${job.id}`, '{"progress":0.5}', { qos: 1 });
      file = (await ask<{ url: string }>(hub, '/api/files', { method: 'POST', body: 'kept' })).body.url;
      const begun = await ask(hub, '/api/files', {
        method: 'POST',
        headers: { ...part, 'Upload-Length': '4' },
        body: 'ha',
      });
      upload = begun.headers.get('location')!;
    }

    await using hub = await startTestHub({ store: 'embedded', dataDir });
    const { body: device } = await ask(hub, '/api/devices/oven');
    const { body: history } = await ask<History>(hub, '/api/devices/oven/telemetry?metric=heat&points=1');
    const { body: running } = await ask<Job>(hub, `/api/jobs/${job.id}`);
    await ask(hub, upload, { method: 'PATCH', headers: { ...part, 'Upload-Offset': '2' }, body: 'lf' });

    expect(device).to.include({ status: 'online' });
    expect(history.points[0]).to.include({ avg: 21, count: 1 });
    expect(running).to.include({ state: 'running', progress: 0.5 });
    expect(await (await fetch(hub.httpUrl + file)).text()).to.equal('kept');
    expect(await (await fetch(hub.httpUrl + upload)).text()).to.equal('half');
  });

  it('a second last reply goes to nobody, however soon it follows', async () => {
    await using hub = await startTestHub({ store: 'embedded', dataDir });
    const [ana, lamp] = await Promise.all([hub.client('ana', { protocolVersion: 5 }), hub.client('lamp-1')]);
    const answers = await follow(ana, 'ana/answers');
    const properties = { responseTopic: 'ana/answers' };
    const command = (id: string) =>
      ana.publishAsync('devices/lamp-1/commands/set', `{"id":"${id}","args":{}}`, { qos: 1, properties });
    const reply = (id: string, body: string) => lamp.publishAsync(`devices/lamp-1/replies/${id}`, body, { qos: 1 });
    await Promise.all([command('c1'), command('c2')]);

    const last = ['{"ok":true}', '{"ok":true,"result":2}', '{"ok":true,"result":3}'].map((body) => reply('c1', body));
    await Promise.all([...last, reply('c2', '{"ok":true,"result":"end"}')]);

    // Answers keep the order of their replies: once the last is here, no other can come.
    await answers.next((one) => one.text() === '{"ok":true,"result":"end"}');
    expect(answers.queue.map((one) => one.text())).to.deep.equal(['{"ok":true}']);
  });
});

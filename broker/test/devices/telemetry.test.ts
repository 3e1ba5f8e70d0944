import { senmlCbor } from '@parley/shared';
import { expect } from 'chai';
import type { History } from '../../src/devices/history.ts';
import { startTestHub } from '../support/hub.ts';
import { ask } from '../support/http.ts';
import { follow } from '../support/messages.ts';

describe('telemetry', () => {
  it('is recorded from flat JSON, SenML JSON and SenML CBOR, and thinned', async () => {
    await using hub = await startTestHub();
    const meter = await hub.client('meter');
    const now = Date.now();
    const at = (ms: number): number => (now - ms) / 1000;

    await meter.publishAsync('devices/meter/telemetry', '{"power":10}', { qos: 1 });
    await meter.publishAsync('devices/meter/telemetry', JSON.stringify([{ n: 'power', v: 20, t: at(2000) }]), {
      qos: 1,
    });
    const pack = Buffer.from(senmlCbor.encode([{ n: 'power', v: 60, u: 'W', t: at(4000) }]));
    await meter.publishAsync('devices/meter/telemetry/cbor', pack, { qos: 1 });

    const { body } = await ask<History>(hub, `/api/devices/meter/telemetry?metric=power&from=${now - 30_000}&points=1`);
    expect(body).to.deep.include({ device: 'meter', metric: 'power', unit: 'W', from: now - 30_000 });
    expect(body.points).to.deep.equal([{ at: now - 30_000, min: 10, avg: 30, max: 60, last: 10, count: 3 }]);
  });

  it('counts booleans as 0 and 1, and gives of text what came last', async () => {
    await using hub = await startTestHub();
    const door = await hub.client('door');

    for (const payload of ['{"open":true,"mode":"auto"}', '{"open":false,"mode":"manual"}']) {
      await door.publishAsync('devices/door/telemetry', payload, { qos: 1 });
    }

    const open = await ask<History>(hub, '/api/devices/door/telemetry?metric=open&points=1');
    const mode = await ask<History>(hub, '/api/devices/door/telemetry?metric=mode&points=1');
    expect(open.body.points[0]).to.include({ min: 0, avg: 0.5, max: 1, last: false, count: 2 });
    expect(mode.body.points[0]).to.include({ last: 'manual', count: 2 }).and.not.have.property('avg');
  });

  it('routes untouched what it cannot read, and counts it', async () => {
    await using hub = await startTestHub();
    const [meter, reader] = await Promise.all([hub.client('meter'), hub.client('ben')]);
    const messages = await follow(reader, 'devices/meter/telemetry');

    await meter.publishAsync('devices/meter/telemetry', '{"nested":{}}', { qos: 1 });

    expect((await messages.next()).text()).to.equal('{"nested":{}}');
    expect((await ask(hub, '/api/devices/meter')).status).to.equal(404);
    expect(await (await fetch(`${hub.httpUrl}/metrics`)).text()).to.match(/^parley_telemetry_unreadable_total 1$/m);
  });

  it('records no more metrics of a device than a disk can bear', async () => {
    await using hub = await startTestHub();
    const noisy = await hub.client('noisy');
    const flat = Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`m${index}`, index]));

    await noisy.publishAsync('devices/noisy/telemetry', JSON.stringify(flat), { qos: 1 });

    const { body } = await ask<{ latest: object }>(hub, '/api/devices/noisy');
    expect(Object.keys(body.latest)).to.have.length(1000);
  });

  it('stamps on arrival what a wrong clock dates into the future, and drops what is past its time', async () => {
    await using hub = await startTestHub({ telemetryHours: 1 });
    const meter = await hub.client('meter');
    const now = Math.floor(Date.now() / 1000);
    const pack = [
      { n: 'ahead', v: 1, t: now + 100_000 },
      { n: 'behind', v: 1, t: now - 7200 },
    ];

    await meter.publishAsync('devices/meter/telemetry', JSON.stringify(pack), { qos: 1 });

    const { body } = await ask<History>(hub, '/api/devices/meter/telemetry?metric=ahead&points=1');
    expect(body.points).to.have.length(1);
    expect((await ask(hub, '/api/devices/meter/telemetry?metric=behind')).status).to.equal(404);
  });
});

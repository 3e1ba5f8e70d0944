import { expect } from 'chai';
import type { Device } from '../../src/devices/registry.ts';
import { startTestHub } from '../support/hub.ts';
import { ask } from '../support/http.ts';

const about = {
  model: 'lamp',
  metrics: { power: { unit: 'W', min: 0, max: 60 } },
  commands: { set: { args: { type: 'object' } } },
};

describe('GET /api/devices', () => {
  it('knows a device by what it says of itself and what it measured', async () => {
    await using hub = await startTestHub();
    const lamp = await hub.client('lamp-1');
    const started = Date.now();

    await lamp.publishAsync('devices/lamp-1/status', 'online', { qos: 1, retain: true });
    await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), { qos: 1, retain: true });
    await lamp.publishAsync('devices/lamp-1/state', '{"on":true}', { qos: 1, retain: true });
    await lamp.publishAsync('devices/lamp-1/telemetry', '[{"n":"power","v":12,"u":"W"}]', { qos: 1 });

    const { body } = await ask<Device>(hub, '/api/devices/lamp-1');
    expect(body).to.deep.include({ device: 'lamp-1', status: 'online', state: { on: true }, ...about });
    expect(body.latest['power']).to.include({ value: 12, unit: 'W' });
    expect(body.statusAt).to.be.within(started, Date.now());
    const list = await ask<{ devices: Device[] }>(hub, '/api/devices');
    expect(list.body.devices).to.deep.equal([body]);
  });

  it('lists devices by name, those too that only measure', async () => {
    await using hub = await startTestHub();
    const gateway = await hub.client('gateway');

    await gateway.publishAsync('devices/b/telemetry', '{"t":1}', { qos: 1 });
    await gateway.publishAsync('devices/a/status', 'offline', { qos: 1 });

    const { body } = await ask<{ devices: Device[] }>(hub, '/api/devices');
    expect(body.devices.map(({ device }) => device)).to.deep.equal(['a', 'b']);
  });

  it('routes what cannot be read, and keeps what it knew', async () => {
    await using hub = await startTestHub();
    const lamp = await hub.client('lamp-1');
    await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), { qos: 1, retain: true });

    await lamp.publishAsync('devices/lamp-1/about', '{"model":7}', { qos: 1 });
    await lamp.publishAsync('devices/lamp-1/status', 'maybe', { qos: 1 });

    const { body } = await ask<Device>(hub, '/api/devices/lamp-1');
    expect(body).to.include({ model: 'lamp' });
    expect(body).not.to.have.property('status');
  });

  it('forgets a device that takes everything back', async () => {
    await using hub = await startTestHub();
    const lamp = await hub.client('lamp-1');
    await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), { qos: 1, retain: true });

    await lamp.publishAsync('devices/lamp-1/about', '', { qos: 1, retain: true });

    expect((await ask(hub, '/api/devices/lamp-1')).status).to.equal(404);
  });

  for (const [path, status, code] of [
    ['/api/devices/nobody', 404, 'not-found'],
    ['/api/devices/No%20Name', 400, 'name-invalid'],
    ['/api/devices/nobody/telemetry?metric=x', 404, 'not-found'],
    ['/api/devices/lamp-1/telemetry', 400, 'request-invalid'],
    ['/api/devices/lamp-1/telemetry?metric=', 400, 'request-invalid'],
    ['/api/devices/lamp-1/telemetry?metric=none', 404, 'not-found'],
    ['/api/devices/lamp-1/telemetry?metric=power&points=0', 400, 'request-invalid'],
    ['/api/devices/lamp-1/telemetry?metric=power&points=5001', 400, 'request-invalid'],
    ['/api/devices/lamp-1/telemetry?metric=power&from=yesterday', 400, 'request-invalid'],
    ['/api/devices/lamp-1/telemetry?metric=power&from=2&to=1', 400, 'request-invalid'],
    ['/api/devices/lamp-1/telemetry?metric=power&to=99999999999999999999', 400, 'request-invalid'],
    ['/api/devices/lamp-1/telemetry?metric=power&limit=1', 400, 'request-invalid'],
  ] as const) {
    it(`answers ${path} with ${status} ${code}`, async () => {
      await using hub = await startTestHub();
      const lamp = await hub.client('lamp-1');
      await lamp.publishAsync('devices/lamp-1/telemetry', '{"power":1}', { qos: 1 });

      const answer = await ask(hub, path);

      expect(answer.body).to.have.nested.property('error.code', code);
      expect(answer.status).to.equal(status);
    });
  }
});

import { normaliseCommand } from '@parley/shared';
import { expect } from 'chai';
import type { MqttClient } from 'mqtt';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import type { TestHub } from '../../../broker/test/support/hub.ts';
import { until } from '../../../broker/test/support/until.ts';
import { connect, nowhere, rejection } from './support/client.ts';

/** A device that answers each command with what the test says. */
async function lamp(hub: TestHub, answers: (command: { args: unknown }) => object[]): Promise<MqttClient> {
  const client = await hub.client('lamp-1');
  client.on('message', (_topic, payload) => {
    const command = normaliseCommand(payload, () => 'none');
    for (const answer of answers(command)) {
      client.publish(`devices/lamp-1/replies/${command.id}`, JSON.stringify(answer), { qos: 1 });
    }
  });
  await client.subscribeAsync('devices/lamp-1/commands/+', { qos: 1 });
  return client;
}

describe('a device', () => {
  it('shows what it says of itself and its newest readings', async () => {
    await using hub = await startTestHub();
    const device = await hub.client('lamp-1');
    const retained = { qos: 1, retain: true } as const;
    const about = { model: 'L1', metrics: { power: { unit: 'W' } }, commands: { set: {} } };
    await device.publishAsync('devices/lamp-1/about', JSON.stringify(about), retained);
    await device.publishAsync('devices/lamp-1/status', 'online', retained);
    await device.publishAsync('devices/lamp-1/state', '{"on":true}', retained);
    await using ana = await connect(hub, 'ana');
    const view = ana.device('lamp-1');
    await until(() => view.about && view.status && view.state, 'what it says');

    await device.publishAsync('devices/lamp-1/telemetry', '{"power":5}', { qos: 1 });
    await device.publishAsync('devices/lamp-1/telemetry', 'not readable', { qos: 1 });
    await device.publishAsync('devices/lamp-1/telemetry', '[{"n":"lamp-1/power","v":7,"u":"W"}]', { qos: 1 });

    await until(() => view.latest.get('power')?.value === 7, 'the newest reading');
    expect(view).to.deep.include({ about, status: 'online', state: { on: true } });
    expect(ana.device('lamp-1')).to.equal(view);
    await until(() => ana.devices.get('lamp-1')?.about, 'the list');
    expect(ana.devices.get('lamp-1')).to.deep.equal({ name: 'lamp-1', status: 'online', about });
  });

  it('is let go of when it is closed', async () => {
    await using ana = await connect(nowhere, 'ana');
    const view = ana.device('lamp-1');

    view.close();

    expect(ana.device('lamp-1')).to.not.equal(view);
  });
});

describe('a command', () => {
  it('gets its result, and tells its progress on the way', async () => {
    await using hub = await startTestHub();
    await lamp(hub, ({ args }) => [{ progress: 0.5 }, { progress: 1 }, { ok: true, result: args }] as object[]);
    await using ana = await connect(hub, 'ana');
    const progress: number[] = [];

    const result = await ana
      .device('lamp-1')
      .command('set', { on: true }, { onProgress: (part) => progress.push(part) });

    expect(result).to.deep.equal({ on: true });
    expect(progress).to.deep.equal([0.5, 1]);
  });

  it('gets its own answer among many', async () => {
    await using hub = await startTestHub();
    await lamp(hub, ({ args }) => [{ ok: true, result: args }] as object[]);
    await using ana = await connect(hub, 'ana');

    const results = await Promise.all([1, 2, 3, 4].map((one) => ana.device('lamp-1').command('set', one)));

    expect(results).to.deep.equal([1, 2, 3, 4]);
  });

  it('fails with the words of the device', async () => {
    await using hub = await startTestHub();
    await lamp(hub, () => [{ ok: false, error: 'bulb is broken' }]);
    await using ana = await connect(hub, 'ana');

    const error = await rejection(ana.device('lamp-1').command('set'));

    expect(error).to.include({ code: 'command-failed', message: 'bulb is broken' });
  });

  it('ends in time when nobody answers', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');

    expect(await rejection(ana.device('lamp-1').command('set', {}, { timeoutMs: 100 }))).to.include({
      code: 'timeout',
    });
  });

  it('ends in time when there is no hub', async () => {
    await using ana = await connect(nowhere, 'ana');

    expect(await rejection(ana.device('lamp-1').command('set', {}, { timeoutMs: 50 }))).to.include({ code: 'timeout' });
  });

  it('ends with its signal, and with the client', async () => {
    await using hub = await startTestHub();
    const ana = await connect(hub, 'ana');
    const aborter = new AbortController();
    const aborted = rejection(ana.device('lamp-1').command('set', {}, aborter));
    const closed = rejection(ana.device('lamp-1').command('set'));

    aborter.abort(new Error('enough'));
    await ana.close();

    expect((await aborted).message).to.equal('enough');
    expect(await closed).to.include({ code: 'closed' });
  });
});

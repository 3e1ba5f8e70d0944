import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestHub } from '../support/hub.ts';
import { follow } from '../support/messages.ts';
import { until } from '../support/until.ts';

const about = {
  model: 'Lamp',
  metrics: { power: { unit: 'W' } },
  commands: { set: { args: { type: 'object', properties: { on: { type: 'boolean' } } } } },
};
const power = 'homeassistant/sensor/lamp-1/power/config';
const setOn = 'homeassistant/switch/lamp-1/set_on/config';
/** On a machine that does much else. */
const patient = { ms: 20_000 };
const retained = { qos: 1, retain: true } as const;

describe('Home Assistant discovery in the hub', function () {
  this.timeout(60_000);

  it('tells retained of every device that says what it is, and takes it back with the device', async () => {
    await using hub = await startTestHub({ homeAssistant: 'on' });
    const lamp = await hub.client('lamp-1');
    const live = await follow(await hub.client('one'), 'homeassistant/#', patient);

    await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), retained);
    await live.next(({ topic }) => topic === setOn);
    const later = await follow(await hub.client('two'), 'homeassistant/#', patient);
    const { packet, json } = await later.next(({ topic }) => topic === power);
    await lamp.publishAsync('devices/lamp-1/about', '', retained);

    expect(packet.retain).to.equal(true);
    expect(json()).to.deep.include({ device_class: 'power', availability_topic: 'devices/lamp-1/status' });
    for (const wanted of [power, setOn]) {
      await later.next(({ topic, payload }) => topic === wanted && payload.length === 0);
    }
  });

  it('takes back what a new about no longer has, and repeats nothing that is the same', async () => {
    await using hub = await startTestHub({ homeAssistant: 'on' });
    const lamp = await hub.client('lamp-1');
    const live = await follow(await hub.client('one'), 'homeassistant/#', patient);
    await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), retained);
    await live.next(({ topic }) => topic === setOn);

    await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), retained);
    await lamp.publishAsync('devices/lamp-1/about', JSON.stringify({ ...about, commands: {} }), retained);
    await live.next(({ topic, payload }) => topic === setOn && payload.length === 0);

    expect(live.queue.map(({ topic, text }) => [topic, text() === ''])).to.deep.equal([[power, false]]);
  });

  it('tells everything again when Home Assistant has started', async () => {
    await using hub = await startTestHub({ homeAssistant: 'on' });
    const lamp = await hub.client('lamp-1');
    const assistant = await hub.client('assistant');
    const live = await follow(assistant, 'homeassistant/#', patient);
    await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), retained);
    await live.next(({ topic }) => topic === power);
    await live.next(({ topic }) => topic === setOn);

    await assistant.publishAsync('homeassistant/status', 'offline', { qos: 1 });
    await assistant.publishAsync('homeassistant/status', 'online', { qos: 1 });

    await live.next(({ topic, payload }) => topic === power && payload.length > 0);
    await live.next(({ topic, payload }) => topic === setOn && payload.length > 0);
  });

  it('carries the commands that its configs make, in the one form', async () => {
    await using hub = await startTestHub({ homeAssistant: 'on' });
    const lamp = await hub.client('lamp-1');
    const assistant = await hub.client('assistant');
    const live = await follow(assistant, 'homeassistant/#', patient);
    const commands = await follow(lamp, 'devices/lamp-1/commands/+', patient);
    await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), retained);
    const config = (await live.next(({ topic }) => topic === setOn)).json();

    await assistant.publishAsync(String(config['command_topic']), String(config['payload_on']));

    const command = await commands.next();
    expect(command.topic).to.equal('devices/lamp-1/commands/set');
    expect(command.json())
      .to.have.all.keys('id', 'args')
      .and.deep.include({ args: { on: true } });
  });

  it('leaves configs of others alone', async () => {
    await using hub = await startTestHub({ homeAssistant: 'on' });
    const lamp = await hub.client('lamp-1');
    const own = JSON.stringify({ unique_id: 'mine', state_topic: 'x' });
    await lamp.publishAsync(power, own, retained);
    await lamp.publishAsync('homeassistant/sensor/lamp-1/other/config', own, retained);
    const live = await follow(await hub.client('one'), 'homeassistant/#', patient);

    await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), retained);
    await live.next(({ topic }) => topic === setOn);
    await lamp.publishAsync('devices/lamp-1/about', '', retained);
    await live.next(({ topic, payload }) => topic === setOn && payload.length === 0);

    expect(live.queue.every(({ text }) => text() === own)).to.equal(true);
  });

  it('follows what changed while it was off, and takes everything back when the option is', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-discovery-'));
    const stored = { store: 'embedded', dataDir } as const;
    try {
      {
        await using hub = await startTestHub({ ...stored, homeAssistant: 'off' });
        const lamp = await hub.client('lamp-1');
        await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), retained);
      }
      {
        await using hub = await startTestHub({ ...stored, homeAssistant: 'on' });
        const live = await follow(await hub.client('one'), 'homeassistant/#', patient);
        await live.next(({ topic }) => topic === power);
      }
      await using hub = await startTestHub(stored);
      const client = await hub.client('one');
      const live = await follow(client, '#', patient);
      await client.publishAsync('end', '', { qos: 1 });
      await live.next(({ topic }) => topic === 'end');
      expect(live.queue.filter(({ topic }) => topic.startsWith('homeassistant/'))).to.deep.equal([]);
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });

  it('is off unless it is asked for, and one bad about stops nothing', async () => {
    await using off = await startTestHub();
    await using on = await startTestHub({ homeAssistant: 'on' });
    for (const hub of [off, on]) {
      const lamp = await hub.client('lamp-1');
      await lamp.publishAsync('devices/lamp-0/about', '{"model":7}', retained);
      await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), retained);
    }

    const seen = await follow(await on.client('one'), 'homeassistant/#', patient);
    await seen.next(({ topic }) => topic === power);
    const none = await off.client('one');
    const all = await follow(none, '#', patient);
    await none.publishAsync('end', '', { qos: 1 });
    await until(() => all.queue.some(({ topic }) => topic === 'end'), 'the end');

    expect(all.queue.filter(({ topic }) => topic.startsWith('homeassistant/'))).to.deep.equal([]);
  });
});

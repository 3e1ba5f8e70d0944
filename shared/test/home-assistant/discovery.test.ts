import { expect } from 'chai';
import { discoveredDevice, discoveryOf } from '@parley/shared';
import type { About } from '@parley/shared';

const lamp: About = {
  model: 'Lamp',
  metrics: { on: { class: 'light' }, brightness: { unit: '%', min: 0, max: 100 }, power: { unit: 'W' } },
  commands: {
    set: {
      args: {
        type: 'object',
        properties: { on: { type: 'boolean' }, brightness: { type: 'integer', minimum: 0, maximum: 100 } },
        minProperties: 1,
      },
    },
    blink: {},
  },
};

type Config = Record<string, unknown>;

function configs(about: About, device = 'lamp-1'): Map<string, Config> {
  const messages = discoveryOf(device, about, '1.2.3');
  return new Map(
    messages.map(({ topic, payload }) => [topic, JSON.parse(new TextDecoder().decode(payload)) as Config]),
  );
}

function metric(name: string, facts: About['metrics'][string]): Config {
  const all = configs({ model: 'x', metrics: { [name]: facts }, commands: {} });
  return [...all.values()][0] ?? {};
}

function command(args: Record<string, unknown> | undefined): [string, Config][] {
  const commands = { do: args === undefined ? {} : { args } } as About['commands'];
  return [...configs({ model: 'x', metrics: {}, commands })];
}

function props(properties: object, rest: object = {}) {
  return { type: 'object', properties, ...rest };
}

describe('Home Assistant discovery', () => {
  it('has an entity for each metric and each value of a command, and none twice', () => {
    expect([...configs(lamp).keys()]).to.deep.equal([
      'homeassistant/sensor/lamp-1/power/config',
      'homeassistant/switch/lamp-1/set_on/config',
      'homeassistant/number/lamp-1/set_brightness/config',
      'homeassistant/button/lamp-1/blink/config',
    ]);
  });

  it('names device, availability and origin in every one', () => {
    for (const config of configs(lamp).values()) {
      expect(config).to.deep.include({
        availability_topic: 'devices/lamp-1/status',
        payload_available: 'online',
        payload_not_available: 'offline',
        device: { identifiers: ['parley-lamp-1'], name: 'lamp-1', model: 'Lamp' },
        origin: { name: 'Parley', sw_version: '1.2.3' },
      });
    }
    const ids = [...configs(lamp).values()].map(({ unique_id }) => unique_id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('sends commands in the one form', () => {
    const all = configs(lamp);

    expect(all.get('homeassistant/switch/lamp-1/set_on/config')).to.include({
      command_topic: 'devices/lamp-1/commands/set',
      payload_on: '{"args":{"on":true}}',
      payload_off: '{"args":{"on":false}}',
      state_topic: 'devices/lamp-1/telemetry',
    });
    expect(all.get('homeassistant/number/lamp-1/set_brightness/config')).to.include({
      command_topic: 'devices/lamp-1/commands/set',
      command_template: '{"args":{"brightness":{{ value | int }}}}',
      min: 0,
      max: 100,
      step: 1,
      unit_of_measurement: '%',
    });
    expect(all.get('homeassistant/button/lamp-1/blink/config')).to.include({ payload_press: '{"args":{}}' });
  });

  it('takes the device class from the class where its unit fits, else from name or unit', () => {
    for (const [name, facts, expected] of [
      ['t', { unit: 'Cel' }, { device_class: 'temperature', unit_of_measurement: '°C', state_class: 'measurement' }],
      ['humidity', { unit: '%' }, { device_class: 'humidity', unit_of_measurement: '%' }],
      ['h', { unit: '%RH' }, { device_class: 'humidity', unit_of_measurement: '%' }],
      ['level', { unit: '%', class: 'battery' }, { device_class: 'battery' }],
      ['energy', { unit: 'kWh' }, { device_class: 'energy', state_class: 'total_increasing' }],
      ['air', { unit: 'hPa', class: 'atmospheric_pressure' }, { device_class: 'atmospheric_pressure' }],
      ['p', { unit: 'hPa' }, { device_class: 'pressure' }],
    ] as const) {
      expect(metric(name, facts), name).to.include(expected);
    }
    expect(metric('x', { unit: '%' })).not.to.have.property('device_class');
    expect(metric('x', { unit: 'W', class: 'temperature' })).to.include({ device_class: 'power' });
    expect(metric('x', { unit: 'widgets', class: 'constructor' })).not.to.have.property('device_class');
    expect(metric('mode', {})).not.to.have.any.keys('state_class', 'unit_of_measurement', 'device_class');
  });

  it('makes what a class says is on or off a binary sensor', () => {
    const all = configs({ model: 'x', metrics: { open: { class: 'door' }, locked: { class: 'lock' } }, commands: {} });

    expect(all.get('homeassistant/binary_sensor/lamp-1/open/config')).to.include({ device_class: 'door' });
    expect(all.get('homeassistant/binary_sensor/lamp-1/locked/config')).not.to.have.property('device_class');
  });

  it('has an entity for every kind of value, and none for what needs two at once', () => {
    const string = { type: 'string' };

    expect(command(undefined)[0]![0]).to.match(/\/button\//);
    expect(command(props({ mode: { enum: ['a', 'b'] } }))[0]![1]).to.deep.include({
      options: ['a', 'b'],
      command_template: '{"args":{"mode":{{ value | tojson }}}}',
      state_topic: 'devices/lamp-1/state',
    });
    expect(command(props({ say: { ...string, maxLength: 1000 } }))[0]![1]).to.include({ max: 255, min: 0 });
    expect(command({ type: 'boolean' })[0]![1]).to.include({ payload_on: '{"args":true}' });
    expect(command(props({ at: { type: 'number' } }))[0]![1]).to.include({ mode: 'box', step: 0.1 });
    expect(command(props({ a: string, b: string }, { required: ['a', 'b'] }))).to.deep.equal([]);
    expect(command(props({ a: string, b: string }, { required: ['a'] })).map(([topic]) => topic)).to.deep.equal([
      'homeassistant/text/lamp-1/do_a/config',
    ]);
    expect(command(props({ a: { type: 'array' }, b: { enum: [1, 2] } }))).to.deep.equal([]);
    expect(command({ type: 'object', required: ['a'] })).to.deep.equal([]);
    expect(command({ properties: 7, required: 'x', type: ['a'] })).to.deep.equal([]);
  });

  it('keeps hostile names out of topics and templates', () => {
    const names = ['a/b', 'ü', 'a"]}}{{ 7*7 }}', '{% x %}', '__proto__', '..', 'a\nb', '+', '#', 'x'.repeat(200)];
    const metrics = Object.fromEntries(names.map((name) => [name, { unit: 'W' }]));
    const properties = Object.fromEntries(names.map((name) => [name, { type: 'number' }]));
    const commands = Object.fromEntries(names.map((name) => [name, { args: { type: 'object', properties } }]));
    const about = { model: '{{ 7*7 }}', metrics, commands } as About;

    const all = configs(about);

    expect(all.size).to.be.above(3);
    for (const [topic, config] of all) {
      expect(topic).to.match(/^homeassistant\/\w+\/lamp-1\/[a-zA-Z0-9_-]+\/config$/);
      for (const key of ['value_template', 'command_template']) {
        expect(config[key] ?? '').not.to.match(/7\*7|% x|\n/);
      }
      expect(config['command_topic'] ?? '').not.to.match(/[+#]/);
    }
  });

  it('has a bound', () => {
    const metrics = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`m${index}`, {}]));

    expect(discoveryOf('lamp-1', { model: 'x', metrics, commands: {} }, '1')).to.have.length(256);
  });

  it('knows its own configs again', () => {
    const [{ topic, payload } = { topic: '', payload: new Uint8Array() }] = discoveryOf('lamp-1', lamp, '1');
    const other = new TextEncoder().encode('{"unique_id":"parley-lamp-1-x","origin":{"name":"Zigbee2MQTT"}}');

    expect(discoveredDevice(topic, payload)).to.equal('lamp-1');
    expect(discoveredDevice(topic, other)).to.equal(undefined);
    expect(discoveredDevice(topic, new TextEncoder().encode('null'))).to.equal(undefined);
    expect(discoveredDevice(topic.replace('lamp-1', 'lamp-2'), payload)).to.equal(undefined);
  });
});

import { expect } from 'chai';
import { readings, topics } from '@parley/shared';
import { behaviours } from '../src/behaviours/all.ts';
import type { Fleet, FleetOptions } from '../src/fleet.ts';
import { parseScenario } from '../src/scenario/load.ts';
import { startScenario } from './support/fleet.ts';
import { startTestHub } from './support/hub.ts';
import { startMosquitto } from './support/mosquitto.ts';
import { until } from './support/until.ts';
import type { Seen } from './support/watcher.ts';
import { watch } from './support/watcher.ts';

const everything = 'devices/#';

async function home(options: Partial<FleetOptions>): Promise<Fleet & AsyncDisposable> {
  const fleet = await startScenario('home', options);
  return { ...fleet, [Symbol.asyncDispose]: () => fleet.stop() };
}

function allUp(fleet: Fleet, count = 12): Promise<unknown> {
  return until(`${count} devices are up`, () => fleet.counts().up === count);
}

function decoded({ topic, payload }: Seen): unknown {
  return readings(payload, topic.endsWith('/cbor') ? 'cbor' : 'json', Date.now());
}

/** One device of each codec, quick enough for a test. */
const quick = parseScenario(
  `groups:
  - {name: lamp-1, behaviour: lamp, interval: 50ms, transport: ws, codec: json}
  - {name: thermostat-1, behaviour: thermostat, interval: 50ms, codec: senml+json}
  - {name: meter-1, behaviour: meter, interval: 50ms, transport: ws, codec: senml+cbor, qos: 1}`,
  'quick.yaml',
);

describe('a fleet on a hub', function () {
  this.timeout(60_000);

  it('announces 12 devices over both transports, retained for whoever comes later', async () => {
    await using hub = await startTestHub();
    await using fleet = await home({ urlOf: hub.urlOf });
    await allUp(fleet);

    const late = await hub.watch(everything);
    const [about] = await Promise.all([
      late.on('devices/lamp-4/about'),
      late.on('devices/door-3/status', 'online'),
      late.on('devices/meter-2/state'),
    ]);

    expect(about.retain).to.equal(true);
    expect(topics.deviceAbout.codec.decode(about.payload)).to.deep.equal(behaviours.lamp.about);
    expect(late.seen.filter(({ topic }) => topic.endsWith('/about'))).to.have.length(12);
  });

  it('sends telemetry in every codec that decodes to the metrics of its about', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.watch(everything);
    await using fleet = await home({ urlOf: hub.urlOf, scenario: quick });
    await allUp(fleet, 3);

    const [flat, json, cbor] = await Promise.all([
      watcher.on('devices/lamp-1/telemetry'),
      watcher.on('devices/thermostat-1/telemetry'),
      watcher.on('devices/meter-1/telemetry/cbor'),
    ]);

    expect(decoded(flat)).to.be.an('array').with.length(3);
    expect(decoded(json)).to.have.nested.property('[0].metric', 'temperature');
    expect(decoded(json)).to.have.nested.property('[0].unit', 'Cel');
    expect(decoded(json)).to.have.nested.property('[0].at').that.is.closeTo(Date.now(), 5000);
    expect(decoded(cbor)).to.have.nested.property('[1].metric', 'energy');
    expect(JSON.parse(json.payload.toString())).to.have.nested.property('[0].bn', 'thermostat-1/');
  });

  it('obeys commands over TCP and over WebSocket', async () => {
    await using hub = await startTestHub();
    await using fleet = await home({ urlOf: hub.urlOf });
    const watcher = await hub.watch(everything);
    await allUp(fleet);

    const [door, lamp, refused] = await Promise.all([
      watcher.command('door-1', 'lock', { locked: true }, 'd'),
      watcher.command('lamp-1', 'set', { on: true, brightness: 7 }, 'l'),
      watcher.command('thermostat-2', 'set', { target: 99 }, 't'),
    ]);

    expect(door).to.deep.equal({ ok: true, result: { open: false, locked: true } });
    expect(lamp).to.deep.equal({ ok: true, result: { on: true, brightness: 7 } });
    expect(refused).to.have.property('ok', false);
    await watcher.on('devices/lamp-1/state', '{"on":true,"brightness":7}');
    expect(fleet.counts()).to.include({ answered: 2, failed: 1 });
  });

  for (const [transport, name] of [
    ['tcp', 'door-1'],
    ['ws', 'lamp-1'],
  ] as const) {
    it(`has the hub say that a device is offline when its ${transport} connection breaks`, async () => {
      await using hub = await startTestHub();
      await using fleet = await home({ urlOf: hub.urlOf });
      await allUp(fleet);
      const watcher = await hub.watch('devices/+/status');

      await fleet.crash(name);

      await watcher.on(`devices/${name}/status`, 'offline');
    });
  }

  it('leaves every device offline when it is stopped', async () => {
    await using hub = await startTestHub();
    const fleet = await home({ urlOf: hub.urlOf });
    await allUp(fleet);

    await fleet.stop();

    const late = await hub.watch('devices/+/status');
    const statuses = await until('12 statuses', () => late.seen.length === 12 && late.seen);
    expect(new Set(statuses.map(({ payload }) => payload.toString()))).to.deep.equal(new Set(['offline']));
  });

  it('comes back by itself after a restart of the hub, and announces itself again', async () => {
    const hub = await startTestHub();
    await using fleet = await home({ urlOf: hub.urlOf });
    await allUp(fleet);

    await hub[Symbol.asyncDispose]();
    await until('all are down', () => fleet.counts().up === 0);
    await using again = await startTestHub(hub.ports);
    await allUp(fleet);

    const late = await again.watch(everything);
    await Promise.all([late.on('devices/lamp-1/about'), late.on('devices/thermostat-1/status', 'online')]);
  });

  it('names a device that the hub refuses, and does not try it again', async () => {
    await using hub = await startTestHub();
    const refused: string[] = [];
    const watcher = { refused: (name: string) => void refused.push(name) };

    await using fleet = await home({ urlOf: hub.urlOf, scenario: quick, username: 'No Name!', watch: watcher });
    await until('three refusals', () => refused.length === 3);

    expect(fleet.counts().up).to.equal(0);
  });
});

describe('a fleet on Mosquitto', function () {
  this.timeout(60_000);

  it('runs the same home, over TCP', async () => {
    await using broker = await startMosquitto();
    await using watcher = await watch(broker.url, everything);

    await using fleet = await home({ urlOf: () => broker.url });
    await allUp(fleet);

    const reply = await watcher.command('lamp-2', 'set', { on: false, brightness: 1 }, 'x');
    expect(reply).to.deep.equal({ ok: true, result: { on: false, brightness: 1 } });
    expect(decoded(await watcher.on('devices/meter-1/telemetry/cbor'))).to.have.length(2);
    await fleet.crash('door-2');
    await watcher.on('devices/door-2/status', 'offline');
  });
});

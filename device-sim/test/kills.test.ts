import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { behaviours } from '../src/behaviours/all.ts';
import { startRun } from '../src/run.ts';
import type { Running } from '../src/run.ts';
import { parseScenario } from '../src/scenario/load.ts';
import { startMortalHub } from './support/mortal-hub.ts';
import { startMosquitto } from './support/mosquitto.ts';
import { until } from './support/until.ts';

/** 1 000 devices of two kinds for 30 s; some of them over MQTT 5. */
const scenario = parseScenario(
  `settle: 4m
groups:
  - {name: 'thermostat-{n}', behaviour: thermostat, count: 600, interval: 2s, jitter: 0.2, qos: 1, rampUp: 5s, codec: senml+json}
  - {name: 'battery-{n}', behaviour: battery, count: 400, interval: 2s, jitter: 0.2, qos: 1, rampUp: 5s, protocol: 5, codec: senml+json}
expectations: {connected: 900, lost: 0, unsent: 0, disordered: 0}`,
  'kills.yaml',
);

/** The run, ended by the test. */
function start(url: string): Promise<Running> {
  return startRun({
    name: 'kills',
    scenario,
    behaviours: [behaviours.thermostat, behaviours.battery],
    seed: 1,
    start: Date.now(),
    speed: 1,
    urlOf: () => url,
    signal: new AbortController().signal,
  });
}

describe('1 000 devices for 30 s at QoS 1', function () {
  this.timeout(540_000);

  it('lose nothing, and no order, through three kills of the hub', async () => {
    await using hub = await startMortalHub();
    const { fleet, finish, results } = await start(hub.url);
    const time = pause(30_000);

    for (let kill = 1; kill <= 3; kill++) {
      await until('almost all are connected', () => fleet.counts().up >= 900, 90_000);
      await hub.restart();
    }
    await time;
    finish();
    const { expectations, taken, readings: seen, reconnects } = await results;

    expect(expectations.filter(({ passed }) => !passed)).to.deep.equal([]);
    expect(seen!.delivered).to.equal(taken);
    expect(taken).to.be.above(12_000);
    expect(reconnects).to.be.above(1800);
  });

  it('run the same on Mosquitto', async () => {
    await using broker = await startMosquitto();

    const { finish, results } = await start(broker.url);
    await pause(30_000);
    finish();
    const { expectations, readings: seen } = await results;

    expect(expectations.filter(({ passed }) => !passed)).to.deep.equal([]);
    expect(seen).to.include({ lost: 0, duplicated: 0, disordered: 0 });
  });
});

import { expect } from 'chai';
import mqtt from 'mqtt';
import { startMosquitto } from './support/mosquitto.ts';
import { parleySim } from './support/program.ts';
import { until } from './support/until.ts';

const sensor = 'homeassistant/sensor/thermostat-1/temperature/config';

describe('parley-sim --home-assistant', function () {
  this.timeout(60_000);

  it('tells Home Assistant of every device on any broker, again when it starts, and takes it back at the end', async () => {
    await using mosquitto = await startMosquitto();
    const assistant = await mqtt.connectAsync(mosquitto.url, { reconnectPeriod: 0 });
    const last = new Map<string, string>();
    let count = 0;
    assistant.on('message', (topic, payload) => {
      if (topic === sensor) count++;
      last.set(topic, payload.toString());
    });
    await assistant.subscribeAsync('homeassistant/+/+/+/config', { qos: 1 });
    await using sim = parleySim('run', 'home', '--url', mosquitto.url, '--home-assistant');

    await until('the last device is told of', () => [...last.keys()].some((topic) => topic.includes('/door-')), 20_000);
    const config = JSON.parse(last.get(sensor)!) as Record<string, unknown>;
    const told = count;
    await assistant.publishAsync('homeassistant/status', 'online', { qos: 1 });
    await until('it is told again', () => count > told, 20_000);
    sim.child.kill('SIGTERM');
    expect(await sim.exitCode(), sim.error()).to.equal(0);
    await until('all is taken back', () => [...last.values()].every((payload) => payload === ''), 20_000);
    await assistant.endAsync();

    expect(config).to.include({ device_class: 'temperature', unit_of_measurement: '°C' });
    expect(last.size).to.be.above(20);
  });
});

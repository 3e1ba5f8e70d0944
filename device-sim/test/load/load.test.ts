import { expect } from 'chai';
import { startHub } from '@parley/broker';
import mqtt from 'mqtt';
import { runLoad } from '../../src/load/run.ts';
import type { LoadOptions, LoadResult } from '../../src/load/run.ts';
import { startTestHub } from '../support/hub.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { parleySim } from '../support/program.ts';

const small = { publishers: 5, subscribers: 20, topics: 5, rate: 500, forMs: 1000, sizeBytes: 100, graceMs: 10_000 };

function load(url: string, version: 4 | 5, options: Partial<LoadOptions> = {}): Promise<LoadResult> {
  return runLoad({ endpoint: { url, version }, qos: 1, ...small, ...options });
}

describe('load', function () {
  this.timeout(60_000);

  for (const version of [4, 5] as const) {
    for (const qos of [0, 1, 2] as const) {
      it(`follows every message to every subscriber at QoS ${qos} over MQTT ${version === 4 ? '3.1.1' : '5'}`, async () => {
        await using hub = await startTestHub();

        const { published, publishSeconds, deliveries, latencyMs, passed } = await load(hub.urls.tcp, version, { qos });

        expect(passed).to.equal(true);
        expect(published.sent).to.be.within(50, Math.ceil(small.rate * publishSeconds) + 1);
        expect(published).to.include({ acknowledged: published.sent, failed: 0, unanswered: 0 });
        expect(deliveries).to.include({ lost: 0, duplicates: 0, outOfOrder: 0, stale: 0, foreign: 0 });
        expect(deliveries.expected).to.equal(published.sent * 4);
        expect(deliveries.received).to.equal(deliveries.expected);
        expect(latencyMs.p50).to.be.above(0).and.at.most(latencyMs.p99);
      });
    }
  }

  it('works over WebSocket, and against Mosquitto', async () => {
    await using hub = await startTestHub();
    await using mosquitto = await startMosquitto();

    for (const url of [hub.urls.ws, mosquitto.url]) {
      expect((await load(url, 5)).deliveries).to.include({ lost: 0, duplicates: 0 });
    }
  });

  it('sees what a broker loses', async () => {
    const quiet = { store: 'memory', mqttPort: 0, httpPort: 0, logLevel: 'silent' } as const;
    await using hub = await startHub(quiet);
    // Every third message of each stream, by its number in the payload.
    hub.aedes.authorizeForward = (_client, packet) =>
      Buffer.isBuffer(packet.payload) && packet.payload.readUInt32LE(12) % 3 === 1 ? null : packet;
    const url = `mqtt://127.0.0.1:${hub.ports.mqtt}`;

    const counted = await load(url, 5, { graceMs: 1000 });
    await using program = parleySim(
      ...`load --url ${url} --publishers 2 --subscribers 2 --for 500ms --grace 1s`.split(' '),
    );
    const exit = await program.exitCode();

    expect(counted.passed).to.equal(false);
    const { lost, expected } = counted.deliveries;
    expect(lost).to.be.closeTo(expected / 3, small.subscribers);
    expect(counted.deliveries.received).to.equal(expected - lost);
    expect(exit, program.error()).to.equal(1);
    expect(program.out())
      .to.match(/^lost +[1-9]/m)
      .and.match(/FAILED/);
  });

  it('sees what comes twice, and what is not its own', async () => {
    await using hub = await startTestHub();
    const echo = await mqtt.connectAsync(hub.urls.tcp, { protocolVersion: 5, reconnectPeriod: 0 });
    let repeated = 0;
    await echo.subscribeAsync({ 'twice/#': { qos: 1, nl: true } });
    echo.on('message', (topic, payload) => {
      if (repeated++ < 5)
        for (const one of [payload, Buffer.from('not of the run')]) echo.publish(topic, one, { qos: 1 });
    });

    const { deliveries } = await load(hub.urls.tcp, 5, { topics: ['twice/a', 'twice/b'], subscribers: 2 });
    await echo.endAsync();

    expect(deliveries).to.include({ lost: 0, duplicates: 5, foreign: 5 });
  });

  it('holds back when the broker does', async () => {
    await using hub = await startTestHub({ maxPublishesPerSecond: 20 });

    const { published, deliveries, passed } = await load(hub.urls.tcp, 5, {
      publishers: 2,
      topics: 2,
      rate: 0,
      forMs: 500,
    });

    expect(passed, JSON.stringify({ published, deliveries })).to.equal(true);
    expect(published.sent).to.be.at.most(2 * 200);
  });

  it('prints its result, as JSON when asked, and exits with 0', async () => {
    await using hub = await startTestHub();
    const args = ['load', '--url', hub.urls.tcp, '--for', '300ms', '--publishers', '3', '--subscribers', '3'];

    await using plain = parleySim(...args);
    await using asJson = parleySim(...args, '--json', '--mqtt-version', '4', '--qos', '2');

    expect(await plain.exitCode(), plain.error()).to.equal(0);
    expect(plain.out())
      .to.match(/latency +p50 .* p99/)
      .and.match(/result +passed/);
    expect(await asJson.exitCode(), asJson.error()).to.equal(0);
    expect(JSON.parse(asJson.out())).to.deep.include({ passed: true, qos: 2, publishers: 3 });
  });

  it('says what is wrong in one line', async () => {
    await using hub = await startTestHub();
    for (const [args, message] of [
      [['--url', 'mqtt://127.0.0.1:1'], /cannot connect to mqtt:\/\/127\.0\.0\.1:1/],
      [['--url', hub.urls.tcp, '--username', 'No Name'], /cannot connect/],
      [['--url', hub.urls.tcp, '--topics', 'a/#'], /no topic to publish to/],
      [['--url', hub.urls.tcp, '--qos', '3'], /qos/],
      [['--url', hub.urls.tcp, '--ca', '/none'], /--ca/],
    ] as const) {
      await using program = parleySim('load', ...args);
      expect(await program.exitCode(), args.join(' ')).to.equal(1);
      expect(program.error().trim().split('\n'), program.error()).to.have.length(1);
      expect(program.error()).to.match(message);
    }
  });
});

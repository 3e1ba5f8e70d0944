import { expect } from 'chai';
import { startTestHub } from './support/hub.ts';
import { parleySim, runProgram } from './support/program.ts';
import type { Program } from './support/program.ts';

function runHome(hub: { urls: { tcp: string; ws: string } }, ...flags: string[]): Program {
  return parleySim('run', 'home', '--url', hub.urls.tcp, '--url', hub.urls.ws, ...flags);
}

const mistakes: Readonly<Record<string, readonly [args: readonly string[], complaint: RegExp]>> = {
  'an unknown scenario': [['run', 'castle'], /^parley-sim: there is no scenario "castle"/],
  'a file that is not there': [['run', './castle.yaml'], /^parley-sim: \.\/castle\.yaml cannot be read/],
  'a URL of another kind': [['run', 'home', '--url', 'http://x'], /--url.*mqtt:\/\/ or mqtts:\/\//],
  'a speed that is none': [['run', 'home', '--speed', 'fast'], /--speed.*10x, or max/],
  'a start that is no time': [['run', 'home', '--start', 'noon'], /--start.*2026-01-31/],
  'a certificate that is not there': [
    ['run', 'home', '--ca', './no.pem'],
    /^parley-sim: --ca: .*certificate-unreadable/,
  ],
  'a seed that is no number': [['run', 'home', '--seed', 'x'], /--seed.*whole number/],
  'a time without a unit': [['run', 'home', '--for', '30'], /--for.*duration/],
  'a name that is not valid': [['chat', '--name', 'Not Valid'], /--name.*a-z 0-9/],
  'no name': [['chat'], /--name.*not specified/],
  'an option that is not there': [['list', '--loud'], /unknown option '--loud'/],
  'a command that is not there': [['dance'], /unknown command 'dance'/],
};

describe('parley-sim', function () {
  this.timeout(60_000);

  for (const [mistake, [args, complaint]] of Object.entries(mistakes)) {
    it(`names ${mistake} in one line, and exits with 1`, async () => {
      await using program = parleySim(...args);

      const exitCode = await program.exitCode();

      expect(exitCode).to.equal(1);
      expect(program.error())
        .to.match(/^[^\n]+\n$/)
        .and.match(complaint);
    });
  }

  it('lists the ready scenarios', async () => {
    await using program = parleySim('list');

    await program.exitCode();

    expect(program.lines()).to.deep.equal([
      'chat-crowd     20 bots who talk in general and answer to their names, and a lamp that tells its readings',
      'factory        60 machines, meters and batteries with worn sensors and commands that take their time',
      'flaky-network  200 devices at QoS 1 on connections that drop, flap, hang and lag; nothing may be lost',
      'fleet-10k      10 000 trackers and weather stations in one process, each with a reading every 10 s',
      'home           A home of 12 devices that answer commands, half of them over WebSocket',
      'overload       1 000 devices, 10 000 readings a second, some broken or oversized, and readers too slow for them',
    ]);
  });

  it('says how to build it when it is not built', async () => {
    await using program = runProgram('sh', [
      '-c',
      'd=$(mktemp -d) && mkdir $d/bin && cp device-sim/bin/parley-sim.js $d/bin/x.mjs && node $d/bin/x.mjs; e=$?; rm -r $d; exit $e',
    ]);

    expect(await program.exitCode()).to.equal(1);
    expect(program.error()).to.equal('Parley is not built yet. Run: npm run build\n');
  });

  it('runs the home for as long as it is told, and leaves it offline', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.watch('devices/+/status');
    await using home = runHome(hub, '--for', '2s', '--seed', '9');

    const exitCode = await home.exitCode();

    expect(exitCode).to.equal(0);
    expect(home.out())
      .to.match(/^home: .*\(seed 9\)/)
      .and.match(/^up: .*lamp-4.*\(12 of 12\)$/m)
      .and.not.match(/^down/m);
    await watcher.on('devices/door-1/status', 'offline');
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends cleanly within five seconds at ${signal}`, async () => {
      await using hub = await startTestHub();
      await using home = runHome(hub);
      await home.prints(/12 of 12/);
      const watcher = await hub.watch('devices/+/status');

      const start = Date.now();
      home.child.kill(signal);
      const exitCode = await home.exitCode();

      expect(exitCode).to.equal(0);
      expect(Date.now() - start).to.be.below(5000);
      await Promise.all(['lamp-1', 'meter-2'].map((name) => watcher.on(`devices/${name}/status`, 'offline')));
    });
  }

  it('leaves wills that speak for every device when it is killed', async () => {
    await using hub = await startTestHub();
    await using home = runHome(hub);
    await home.prints(/12 of 12/);
    const watcher = await hub.watch('devices/+/status');

    home.child.kill('SIGKILL');

    await Promise.all(
      ['lamp-1', 'door-1', 'meter-1', 'thermostat-1'].map((name) => watcher.on(`devices/${name}/status`, 'offline')),
    );
  });

  it('ends within five seconds while no hub is there, too, and exits with 1 because no device ever came in', async () => {
    await using home = runHome({ urls: { tcp: 'mqtt://127.0.0.1:9', ws: 'ws://127.0.0.1:9/mqtt' } });
    await home.prints(/down: .*trying again/);

    const start = Date.now();
    home.child.kill('SIGTERM');

    expect(await home.exitCode()).to.equal(1);
    expect(Date.now() - start).to.be.below(5000);
    expect(home.out()).to.match(/^FAILED +connected +at least 1 +0$/m);
  });
});

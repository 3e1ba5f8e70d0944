import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startRun } from '../src/run.ts';
import type { Running } from '../src/run.ts';
import { behaviours } from '../src/behaviours/all.ts';
import { parseScenario } from '../src/scenario/load.ts';
import { liveTable } from '../src/view/table.ts';
import { servePrometheus } from '../src/view/prometheus.ts';
import { startTestHub } from './support/hub.ts';
import type { TestHub } from './support/hub.ts';
import { parleySim } from './support/program.ts';
import { until } from './support/until.ts';

const yaml = (lost: string): string => `
description: Two lamps
for: 2s
settle: 1s
groups:
  - {name: 'l-{n}', behaviour: lamp, count: 2, interval: 200ms, qos: 1}
expectations: {connected: 2, ${lost}}
`;

async function lamps(hub: TestHub): Promise<Running & AsyncDisposable> {
  const scenario = parseScenario(
    `groups: [{name: 'l-{n}', behaviour: lamp, count: 2, interval: 50ms, qos: 1}]\nexpectations: {lost: 0}`,
    'x.yaml',
  );
  const running = await startRun({
    name: 'lamps',
    scenario,
    behaviours: [behaviours.lamp],
    seed: 1,
    start: Date.now(),
    speed: 1,
    urlOf: hub.urlOf,
    signal: new AbortController().signal,
  });
  const dispose = async (): Promise<void> => {
    running.finish();
    await running.results;
  };
  return { ...running, [Symbol.asyncDispose]: dispose };
}

describe('the output of a run', function () {
  this.timeout(40_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-out-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const path = (name: string): string => join(folder, name);

  it('is a summary, JSON and JUnit; the exit code is 0 when everything held', async () => {
    await using hub = await startTestHub();
    writeFileSync(path('good.yaml'), yaml('lost: 0'));
    const files = ['--json', path('good.json'), '--junit', path('good.xml')];
    await using program = parleySim('run', path('good.yaml'), '--url', hub.urls.tcp, '--seed', '3', ...files);

    expect(await program.exitCode()).to.equal(0);
    const results: unknown = JSON.parse(readFileSync(path('good.json'), 'utf8'));
    expect(results).to.deep.include({ seed: 3, devices: 2, connected: 2, passed: true });
    expect(results).to.have.nested.property('readings.lost', 0);
    expect(readFileSync(path('good.xml'), 'utf8')).to.include('tests="2" failures="0"');
    expect(program.out())
      .to.match(/^ok +lost +at most 0 +0$/m)
      .and.include('all expectations held');
  });

  it('is an exit code of 1 when an expectation failed, and JSON alone on standard output when that is asked for', async () => {
    await using hub = await startTestHub();
    writeFileSync(path('bad.yaml'), yaml('delivered: 1000000'));
    await using program = parleySim('run', path('bad.yaml'), '--url', hub.urls.tcp, '--json', '-', '--speed', '10x');

    expect(await program.exitCode()).to.equal(1);
    expect(JSON.parse(program.out())).to.include({ passed: false });
    expect(program.error()).to.match(/^FAILED +delivered +at least 1000000 +\d+$/m);
  });

  it('is one line when the broker refuses the observer', async () => {
    await using hub = await startTestHub();
    writeFileSync(path('who.yaml'), yaml('lost: 0'));
    await using program = parleySim('run', path('who.yaml'), '--url', hub.urls.tcp, '--username', 'Not Valid');

    expect(await program.exitCode()).to.equal(1);
    expect(program.error()).to.match(/^parley-sim: the broker refused the observer: [^\n]+ \[not-authorized\]\n$/);
  });

  it('is a table on a terminal, drawn over itself, no wider than it', async () => {
    await using hub = await startTestHub();
    await using running = await lamps(hub);
    let text = '';

    const end = liveTable('lamps', running, { columns: 60, rows: 40, write: (more) => (text += more) });
    await until('it shows latencies', () => text.includes('latency  p50'));
    end();

    const lines = text.split('\n').map((line) => line.replaceAll('\u001B', '').replaceAll(/\[[0-9]*[A-Z]|\r/g, ''));
    expect(text.replaceAll('\u001B', 'ESC')).to.match(/ESC\[\d+A/);
    for (const line of lines) expect(line.length).to.be.at.most(60);
    expect(lines.some((line) => /^l-\{n\} +2\/2 /.test(line))).to.equal(true);
  });

  it('is served to Prometheus, by group and kind and never by device', async () => {
    await using hub = await startTestHub();
    await using running = await lamps(hub);
    const endpoint = await servePrometheus(0, () => running);
    await until('something was delivered', () => running.ledger!.counts().delivered > 5);

    const answer = await fetch(endpoint.url);
    const text = await answer.text();
    const elsewhere = await fetch(endpoint.url.replace('/metrics', '/'));
    endpoint.close();

    expect(answer.headers.get('content-type')).to.match(/^text\/plain; version=0\.0\.4/);
    expect(text).to.match(/^parley_sim_devices_up\{group="l-\{n\}"\} 2$/m);
    expect(text).to.match(/^parley_sim_delivered_total \d+$/m);
    expect(text).to.match(/^parley_sim_latency_seconds_bucket\{le="\+Inf"\} \d+$/m);
    expect(text).not.to.include('l-1');
    for (const line of text.trim().split('\n'))
      expect(line).to.match(/^(# (HELP|TYPE) .+|[a-z_]+(\{.*\})? [\d.e+-]+)$/);
    expect(elsewhere.status).to.equal(404);
  });

  it('says where its metrics are, and in one line when their port is taken', async () => {
    await using hub = await startTestHub();
    await using program = parleySim('run', 'home', '--url', hub.urls.tcp, '--metrics-port', '0');
    await using taken = parleySim('run', 'home', '--metrics-port', String(hub.ports.httpPort));

    await program.prints(/^metrics: http:\/\/127\.0\.0\.1:\d+\/metrics$/m);

    expect(await taken.exitCode()).to.equal(1);
    expect(taken.error()).to.match(/^parley-sim: --metrics-port: .*EADDRINUSE.* \[listen-failed\]\n$/);
  });

  it('has help that names its defaults as a person writes them', async () => {
    await using program = parleySim('run', '--help');

    expect(await program.exitCode()).to.equal(0);
    expect(program.out())
      .to.match(/--speed <speed>.*\(default: 1x\)/s)
      .and.not.match(/default: \d{4}/);
  });
});

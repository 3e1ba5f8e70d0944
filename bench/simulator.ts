/**
 * What the simulator costs: `node --import tsx bench/simulator.ts` after `npm run build`; `--write` puts it into
 * docs/performance.md. The devices are one process of its own, Mosquitto another, which takes their messages.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startMosquitto } from './brokers/mosquitto.ts';
import { makeDirectory, run } from './brokers/process.ts';
import type { Running } from './brokers/process.ts';
import { cpuNs, residentBytes } from './load/accounting.ts';
import { machineFacts } from './machine.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = new URL('../docs/performance.md', import.meta.url);
const marks = {
  from: '<!-- simulator: node --import tsx bench/simulator.ts --write -->',
  to: '<!-- end of simulator -->',
};

interface Row {
  readonly name: string;
  readonly scenario: string;
  /** Simulated; at the highest speed, the readings that come of it are what counts. */
  readonly flags: readonly string[];
}

const thermostats = (count: number, interval: string, more = ''): string =>
  `groups: [{name: 'bench-{n}', behaviour: thermostat, count: ${count}, interval: ${interval}, jitter: 0.1${more}}]`;

const rows: readonly Row[] = [
  { name: '500 devices, QoS 0, json', scenario: thermostats(500, '100ms'), flags: ['--speed', 'max', '--for', '60s'] },
  {
    name: '500 devices, QoS 0, senml+json',
    scenario: thermostats(500, '100ms', ', codec: senml+json'),
    flags: ['--speed', 'max', '--for', '60s'],
  },
  {
    name: '500 devices, QoS 1, json',
    scenario: thermostats(500, '100ms', ', qos: 1'),
    flags: ['--speed', 'max', '--for', '30s'],
  },
  {
    name: '500 devices, QoS 0, json, over WebSocket',
    scenario: thermostats(500, '100ms', ', transport: ws'),
    flags: ['--speed', 'max', '--for', '30s'],
  },
];

const results: string[] = [];
for (const row of rows) results.push(await measureReadings(row));
const memory = await measureMemory(10_000);
const facts = machineFacts(root);
const text = [
  ...Object.entries(facts)
    .filter(([name]) => name !== 'hub')
    .map(([name, value]) => `- ${name}: ${value}`),
  '',
  '| work | messages | CPU per message | on one core, messages/s | readings/s |',
  '| --- | --- | --- | --- | --- |',
  ...results,
  '',
  memory,
].join('\n');
console.log(text);
if (process.argv.includes('--write')) writePage(text);
process.exit();

/** CPU of the process between two looks, against what it published meanwhile. */
async function measureReadings({ name, scenario, flags }: Row): Promise<string> {
  const broker = await startMosquitto();
  const port = name.includes('WebSocket') ? broker.wsPort : broker.tcpPort;
  const url = `${name.includes('WebSocket') ? 'ws' : 'mqtt'}://127.0.0.1:${port}`;
  const { simulator, metrics } = await start(scenario, [...flags, '--url', url]);
  // The first seconds are those of the compiler, and of the connections.
  await until(async () => (await look(metrics)) > 50_000);
  const before = { cpu: cpuNs(simulator.child.pid!), published: await look(metrics) };
  let after = before;
  for (let round = 0; round < 20; round++) {
    await sleep(250);
    const published = await look(metrics).catch(() => 0);
    if (published === 0) break;
    after = { cpu: cpuNs(simulator.child.pid!), published };
  }
  await Promise.all([simulator.stop(), broker.stop()]);
  const messages = after.published - before.published;
  const micros = (after.cpu - before.cpu) / 1000 / messages;
  const perCore = 1e6 / micros;
  return `| ${name} | ${messages} | ${micros.toFixed(1)} µs | ${hundreds(perCore)} | ${hundreds(perCore * 2)} |`;
}

function hundreds(value: number): number {
  return Math.round(value / 100) * 100;
}

/** Growth of the resident set by devices that are connected, announced and sending now and then. */
async function measureMemory(devices: number): Promise<string> {
  const broker = await startMosquitto();
  const scenario = `groups: [{name: 'bench-{n}', behaviour: thermostat, count: ${devices}, interval: 10s, jitter: 0.2, rampUp: 20s}]`;
  const { simulator, metrics } = await start(scenario, ['--url', `mqtt://127.0.0.1:${broker.tcpPort}`]);
  await until(async () => (await look(metrics, /^parley_sim_devices_up\{.*\} (\d+)$/m)) === devices);
  const cpu = cpuNs(simulator.child.pid!);
  await sleep(10_000);
  const busy = (cpuNs(simulator.child.pid!) - cpu) / 1e10;
  const bytes = residentBytes(simulator.child.pid!);
  await Promise.all([simulator.stop(), broker.stop()]);
  const mib = Math.round(bytes / 1024 ** 2);
  return `${devices} connected devices, each with a reading every 10 s: ${mib} MiB resident, ${Math.round(busy * 100)} % of a core.`;
}

async function start(scenario: string, flags: readonly string[]): Promise<{ simulator: Running; metrics: string }> {
  const file = join(makeDirectory(), 'bench.yaml');
  writeFileSync(file, scenario);
  const stub = join(root, 'device-sim/bin/parley-sim.js');
  const simulator = run(process.execPath, [stub, 'run', file, '--seed', '1', '--metrics-port', '0', ...flags]);
  await until(() => Promise.resolve(/metrics: \S+/.test(simulator.output())));
  return { simulator, metrics: /metrics: (\S+)/.exec(simulator.output())![1]! };
}

async function look(metrics: string, what = /^parley_sim_published_total\{.*\} (\d+)$/m): Promise<number> {
  const body = await (await fetch(metrics)).text();
  return Number(what.exec(body)?.[1] ?? 0);
}

async function until(ask: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 120_000; Date.now() < end; await sleep(100)) {
    if (await ask().catch(() => false)) return;
  }
  throw new Error('the simulator did not get there');
}

function writePage(body: string): void {
  const before = readFileSync(page, 'utf8');
  const [from, to] = [before.indexOf(marks.from) + marks.from.length, before.indexOf(marks.to)];
  if (to < 0) throw new Error(`docs/performance.md has no ${marks.to}`);
  writeFileSync(page, `${before.slice(0, from)}\n\n${body}\n\n${before.slice(to)}`);
}

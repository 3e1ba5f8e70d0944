/**
 * The durable hub: `node --import tsx --conditions=@parley/source bench/durable/main.ts [acknowledged | large [DIRECTORY]]`.
 * Prints acknowledged publishes per second beside Mosquitto, the start with a million entries, pages deep in them, and bytes
 * on the disk. The data takes minutes to make: with a directory it stays there and is used again.
 */
import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { Broker } from '../brokers/broker.ts';
import { startHub } from '../brokers/hub.ts';
import { startMosquitto } from '../brokers/mosquitto.ts';
import { makeDirectory } from '../brokers/process.ts';
import { cpuNs } from '../load/accounting.ts';
import { machineFacts } from '../machine.ts';
import { leaveSession, measureAcknowledged } from './acknowledged.ts';
import { fillLog, fillQueues } from './large.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const SECONDS = 4;
const ENTRIES = 1_000_000;
const QUEUED = 100_000;
const SESSIONS = 100;
const PAGES = 101;
const unbounded = { maxQueuedMessages: '10000000', maxQueuedBytes: '4GiB', historyMessages: '10000000' };

for (const [name, fact] of Object.entries(machineFacts(CHECKOUT))) console.log(`- ${name}: ${fact}`);
const only = process.argv[2];
if (only !== 'large') await compare();
if (only !== 'acknowledged') await large(process.argv[3] ?? makeDirectory());
process.exit();

function durable(dataDir: string): Record<string, string> {
  return { store: 'embedded', dataDir, ...unbounded };
}

function durableHub(): Promise<Broker> {
  return startHub(CHECKOUT, durable(makeDirectory()));
}

async function compare(): Promise<void> {
  console.log('\n| acknowledged at QoS 1 | in flight | per second | p50 | p99 |\n| --- | --- | --- | --- | --- |');
  await acknowledged('hub: kept for a session that is away', durableHub, 'news/one');
  await acknowledged('hub: kept as a chat entry', durableHub, 'chat/general');
  await acknowledged('Mosquitto with persistence: in memory until it saves', mosquitto, 'news/one');
}

function mosquitto(): Promise<Broker> {
  return startMosquitto(['persistence true', `persistence_location ${makeDirectory()}/`]);
}

async function acknowledged(what: string, start: () => Promise<Broker>, topic: string): Promise<void> {
  for (const window of [1, 100, 1000]) {
    const broker = await start();
    await leaveSession(broker.tcpPort, 'news/#');
    await measureAcknowledged(broker.tcpPort, topic, window, 1);
    const { perSecond, p50, p99 } = await measureAcknowledged(broker.tcpPort, topic, window, SECONDS);
    console.log(`| ${what} | ${window} | ${Math.round(perSecond)} | ${p50.toFixed(2)} ms | ${p99.toFixed(2)} ms |`);
    await broker.stop();
  }
}

async function large(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) await fill(dataDir);
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    const hub = await startHub(CHECKOUT, durable(dataDir));
    const cpu = Math.round(cpuNs(hub.pid) / 1e6);
    const wall = Math.round(performance.now() - started);
    console.log(`- start with ${ENTRIES} entries and ${QUEUED} queued messages: ${cpu} ms of CPU time, ${wall} ms`);
    if (i === 2) await pages(hub);
    await hub.stop();
  }
}

async function fill(dataDir: string): Promise<void> {
  await (await startHub(CHECKOUT, durable(dataDir))).stop();
  const perEntry = await fillLog(dataDir, ENTRIES);
  const perQueued = await fillQueues(dataDir, SESSIONS, QUEUED / SESSIONS);
  console.log(
    `\n- an entry of ten words takes ${Math.round(perEntry)} bytes on the disk, a queued message of 200 bytes ${Math.round(perQueued)}`,
  );
}

async function pages({ pid, wsPort }: Broker): Promise<void> {
  for (const query of ['', `before=${ENTRIES / 2}`, 'after=0']) {
    const times: number[] = [];
    const before = cpuNs(pid);
    for (let i = 0; i < PAGES; i++) {
      const started = performance.now();
      const answer = await fetch(`http://127.0.0.1:${wsPort}/api/channels/general/messages?${query}`);
      const { entries } = (await answer.json()) as { entries: unknown[] };
      times.push(performance.now() - started);
      if (entries.length !== 100) throw new Error(`${entries.length} entries for ${query}`);
    }
    const cpu = (cpuNs(pid) - before) / 1e6 / PAGES;
    times.sort((a, b) => a - b);
    console.log(
      `- page of 100, ${query || 'the newest'}: ${cpu.toFixed(2)} ms of CPU time, p50 ${times[50]!.toFixed(2)} ms, p99 ${times[99]!.toFixed(2)} ms`,
    );
  }
}

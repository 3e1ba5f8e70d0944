import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { heapInUse } from '../support/collect-garbage.ts';
import { call } from '../support/http.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const READERS = Number(process.env['PARLEY_IDLE_READERS'] ?? 1000);
/** Of one reader: what is measured differs by some hundred bytes from run to run. */
const NOISE_BYTES = 600;
const program = fileURLToPath(new URL('idle-readers-process.ts', import.meta.url));
/** What counts readers of a kind, in /metrics. */
const gauges = {
  websocket: 'parley_mqtt_connections_open',
  events: 'parley_http_event_readers',
  subscribe: 'parley_http_event_readers',
  poll: 'parley_http_polls_waiting',
} as const;
type Kind = keyof typeof gauges;

async function gaugeOf({ httpUrl }: TestHub, kind: Kind): Promise<number> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text();
  return Number(new RegExp(`^${gauges[kind]} (\\d+)$`, 'm').exec(text)![1]);
}

/** Readers in a process of their own. */
async function openReaders(hub: TestHub, kind: Kind, count: number): Promise<AsyncDisposable> {
  const options = ['--import', 'tsx', '--conditions=@parley/source', program];
  const child = spawn(process.execPath, [...options, kind, String(count), String(hub.ports.http)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  await until(
    async () => (await gaugeOf(hub, kind)) === count,
    `${count} readers of kind ${kind}`,
    30_000 + count * 10,
  );
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Bytes that are in use: the heap, and what is beside it. */
async function inUse(): Promise<number> {
  const heap = await heapInUse();
  return heap + process.memoryUsage().external;
}

/** Bytes that each idle reader of a kind costs the hub. */
async function costOf(kind: Kind, count: number): Promise<number> {
  await using hub = await startTestHub({ maxConnections: count + 100 });
  await call(hub, 'ana', 'POST', '/api/channels/general/messages', { text: 'one' });
  await gaugeOf(hub, kind);
  const before = await inUse();
  await using _readers = await openReaders(hub, kind, count);
  return Math.round(((await inUse()) - before) / count);
}

describe('an idle reader over HTTP', () => {
  it(`costs no more memory than a WebSocket session: ${READERS} of each`, async function () {
    this.timeout(120_000 + READERS * 60);
    const costs = new Map<Kind, number>();
    // The first time around, things are made that stay.
    for (const kind of Object.keys(gauges) as Kind[]) await costOf(kind, 50);
    for (const kind of Object.keys(gauges) as Kind[]) costs.set(kind, await costOf(kind, READERS));

    const figures = `bytes each: ${JSON.stringify(Object.fromEntries(costs))}`;
    const limit = costs.get('websocket')! + NOISE_BYTES;
    for (const [kind, cost] of costs) expect(cost, `${kind}; ${figures}`).to.be.below(limit);
    if (process.env['PARLEY_IDLE_READERS']) console.log(`      ${figures}`);
  });
});

/**
 * The embedded store on this machine's disk: `node --import tsx --conditions=@parley/source bench/durable-store.ts [directory]`.
 * Prints durable acknowledged batches per second, time to acknowledgement, start time, range reads and bytes kept.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, totalmem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openEmbeddedStore, type EmbeddedStore } from '../broker/src/store/embedded.ts';
import type { Batch, QueueEntry, StoredMessage } from '../broker/src/store/store.ts';

const SECONDS = 3;
const ROWS = 1_000_000;
const QUEUED = 100_000;
const SESSIONS = 100;

const directory = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'parley-bench-'));
const [cpu] = cpus();
print('machine', `${cpus().length} × ${cpu!.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`);
try {
  await measureCommits();
  await measureFanOut();
  await measureStart();
} finally {
  rmSync(directory, { recursive: true });
}

/** What a QoS 1 publish to one offline session and the log of a channel stages, 200 bytes of payload. */
async function measureCommits(): Promise<void> {
  for (const window of [1, 100, 1000]) {
    const store = openEmbeddedStore({ directory: join(directory, `window-${window}`) });
    await commit(store, (batch) => batch.putSession(session('s')));
    const times: number[] = [];
    const busy = performance.eventLoopUtilization();
    const took = await publishFor(store, window, times);
    const { utilization } = performance.eventLoopUtilization(busy);
    times.sort((a, b) => a - b);
    const per = (share: number): string => `${times[Math.floor(times.length * share)]?.toFixed(2)} ms`;
    print(
      `${window} in flight`,
      `${Math.round(times.length / took)} publishes/s, acknowledged p50 ${per(0.5)}, p99 ${per(0.99)}, ` +
        `loop ${Math.round(utilization * 100)} %, ${perMessage(`window-${window}`, times.length)} in the file each`,
    );
    await store.close();
  }
}

function publishFor(store: EmbeddedStore, window: number, times: number[]): Promise<number> {
  const started = performance.now();
  let seq = 0;
  let open = window;
  return new Promise((resolve) => {
    const publish = (): void => {
      const staged = performance.now();
      const batch = store.batch();
      const i = ++seq;
      batch.enqueue('s', entry(i, message('chat/general', 200)));
      if (i > 5000) batch.dequeue('s', i - 5000);
      batch.put('chat', ['general', i], logEntry(i));
      batch.commit((error) => {
        if (error) throw error;
        const now = performance.now();
        times.push(now - staged);
        if (now - started < SECONDS * 1000) publish();
        else if (--open === 0) resolve((now - started) / 1000);
      });
    };
    for (let i = 0; i < window; i++) publish();
  });
}

/** One message to a thousand offline sessions: kept once. */
async function measureFanOut(): Promise<void> {
  const store = openEmbeddedStore({ directory: join(directory, 'fan-out') });
  const ids = Array.from({ length: 1000 }, (_, i) => `s${i}`);
  await commit(store, (batch) => ids.forEach((id) => batch.putSession(session(id))));
  const publishes = 100;
  const started = performance.now();
  for (let seq = 1; seq <= publishes; seq++) {
    const one = message('news', 1000);
    await commit(store, (batch) => ids.forEach((id) => batch.enqueue(id, entry(seq, one))));
  }
  const ms = performance.now() - started;
  const each = perMessage('fan-out', publishes * ids.length);
  print(
    'fan-out to 1000 offline',
    `${Math.round((publishes * ids.length * 1000) / ms)} entries/s, ${each} an entry of 1000`,
  );
  await store.close();
}

async function measureStart(): Promise<void> {
  const place = join(directory, 'start');
  let store = openEmbeddedStore({ directory: place });
  const filled = performance.now();
  await fill(store);
  print('filling', `${ROWS} rows and ${QUEUED} queued in ${seconds(filled)}, ${perMessage('start', ROWS)} a row`);
  await store.close();

  const started = performance.now();
  store = openEmbeddedStore({ directory: place });
  const opened = seconds(started);
  const { sessions } = await store.load();
  let queued = 0;
  for (const { queue } of sessions) queued += queue.length;
  print('start', `opened in ${opened}, ${queued} queued messages loaded after ${seconds(started)}`);
  for (const from of [1, ROWS / 2, ROWS - 100]) {
    print(`page of 100 at ${from}`, `${measure(() => [...store.range('chat', page(from))].length)} µs`);
  }
  print(
    'newest 100',
    `${measure(() => [...store.range('chat', { prefix: ['general'], reverse: true, limit: 100 })].length)} µs`,
  );
  print('one row', `${measure(() => (store.get('chat', ['general', ROWS / 2]) ? 100 : 0))} µs`);
  print('memory', `${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB resident`);
  await store.close();
}

function page(from: number) {
  return { prefix: ['general'], from: ['general', from], limit: 100 };
}

async function fill(store: EmbeddedStore): Promise<void> {
  for (let at = 0; at < ROWS; at += 5000) {
    await commit(store, (batch) => {
      for (let i = at + 1; i <= at + 5000; i++) batch.put('chat', ['general', i], logEntry(i));
    });
  }
  for (let s = 0; s < SESSIONS; s++) {
    await commit(store, (batch) => {
      batch.putSession(session(`s${s}`));
      for (let seq = 1; seq <= QUEUED / SESSIONS; seq++)
        batch.enqueue(`s${s}`, entry(seq, message('chat/general', 200)));
    });
  }
}

/** The median of 101 runs, in µs; a run must find 100. */
function measure(run: () => number): string {
  const times: number[] = [];
  for (let i = 0; i < 101; i++) {
    const started = performance.now();
    if (run() !== 100) throw new Error('not all were found');
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return ((times[50] ?? 0) * 1000).toFixed(0);
}

function commit(store: EmbeddedStore, stage: (batch: Batch) => void): Promise<void> {
  const batch = store.batch();
  stage(batch);
  return new Promise((resolve, reject) => {
    batch.commit((error) => (error ? reject(error) : resolve()));
  });
}

function message(topic: string, bytes: number): StoredMessage {
  const payload = Buffer.alloc(bytes, 'x');
  return { topic, payload, qos: 1, retain: false, properties: undefined, expiresAt: 0, publisher: 'ana' };
}

function entry(seq: number, stored: StoredMessage): QueueEntry {
  return { seq, message: stored, qos: 1, retain: false, identifiers: undefined, share: undefined };
}

function session(id: string) {
  return { id, owner: '', expirySeconds: 3600, expiresAt: 0 };
}

/** Some 200 bytes as JSON. */
function logEntry(seq: number) {
  return {
    id: '01K0000000000000000000000A',
    seq,
    at: 1_795_223_047_123,
    from: 'ana',
    kind: 'text',
    text: 'x'.repeat(110),
  };
}

function perMessage(name: string, count: number): string {
  return `${Math.round(statSync(join(directory, name, 'store.mdb')).size / count)} B`;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(2)} s`;
}

function print(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(24)} ${value}\n`);
}

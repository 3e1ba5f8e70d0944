import { setTimeout as pause } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { closeAll, connectAll } from './connect.ts';
import type { Endpoint } from './connect.ts';
import { Payloads } from './payload.ts';
import { plan } from './plan.ts';
import type { Plan, PlanOptions } from './plan.ts';
import { Publishing } from './publishing.ts';
import { Subscribing } from './subscribing.ts';

export interface LoadOptions extends Omit<PlanOptions, 'run'> {
  readonly endpoint: Endpoint;
  readonly qos: 0 | 1 | 2;
  /** Per second, over all publishers; 0 is as many as are acknowledged. */
  readonly rate: number;
  readonly forMs: number;
  /** Of each payload, at least 24. */
  readonly sizeBytes: number;
  /** How long the last messages may take without any arriving. */
  readonly graceMs: number;
  readonly signal?: AbortSignal;
}

export interface LoadResult {
  readonly publishers: number;
  readonly subscribers: number;
  readonly topics: number;
  readonly qos: 0 | 1 | 2;
  readonly sizeBytes: number;
  readonly connectSeconds: number;
  readonly publishSeconds: number;
  /** Per second: what was asked for, and what was sent and received. */
  readonly rates: { readonly wanted: number; readonly published: number; readonly received: number };
  readonly published: {
    readonly sent: number;
    readonly acknowledged: number;
    readonly failed: number;
    readonly unanswered: number;
  };
  readonly deliveries: {
    readonly expected: number;
    readonly received: number;
    readonly lost: number;
    readonly duplicates: number;
    readonly outOfOrder: number;
    readonly stale: number;
    readonly foreign: number;
  };
  readonly reconnects: number;
  readonly latencyMs: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
  /** At QoS 1 and 2 everything was acknowledged and nothing lost; at QoS 2 nothing came twice. */
  readonly passed: boolean;
}

const LOOK_MS = 50;

/**
 * Publishes for a time and follows every message to every subscriber. Memory depends on the options, not on the time.
 * @throws ParleyError `connect-failed`, `option-invalid`
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { endpoint, qos, publishers, subscribers, forMs, graceMs, signal } = options;
  const payloads = new Payloads(options.sizeBytes);
  const { run } = payloads;
  const work = plan({ ...options, run });
  const started = performance.now();
  const readers = await connectAll(endpoint, ids(`load-${run}-s`, subscribers));
  let writers: MqttClient[] = [];
  try {
    writers = await connectAll(endpoint, ids(`load-${run}-p`, publishers));
    const reconnects = countReconnects([...readers, ...writers]);
    const subscribing = new Subscribing(readers, work, payloads);
    await subscribing.start(qos);
    const connected = performance.now();

    const publishing = new Publishing(writers, work, payloads, options);
    publishing.start();
    await pause(forMs, undefined, { ...(signal && { signal }) }).catch(() => undefined);
    publishing.stop();
    const stopped = performance.now();
    const { counts } = subscribing;
    const isDone = (): boolean =>
      publishing.settled && counts.received - counts.duplicates - counts.stale >= expectedOf(work, publishing);
    await quiet(isDone, () => counts.received + publishing.counts.acknowledged, graceMs);

    return toResult(options, publishing, subscribing, {
      topics: work.topics.length,
      expected: expectedOf(work, publishing),
      lost: subscribing.lost((stream) => publishing.kept(stream)),
      reconnects: reconnects(),
      connectSeconds: (connected - started) / 1000,
      publishSeconds: (stopped - connected) / 1000,
    });
  } finally {
    await closeAll([...readers, ...writers]);
  }
}

/** Resolves when all is done, or when nothing has come for `graceMs`. */
async function quiet(done: () => boolean, received: () => number, graceMs: number): Promise<void> {
  let last = received();
  let since = performance.now();
  while (performance.now() - since < graceMs) {
    const now = received();
    if (now !== last) since = performance.now();
    else if (done()) return;
    last = now;
    await pause(LOOK_MS);
  }
}

/** Deliveries of all that was sent and did not fail. */
function expectedOf({ streams, readersOf }: Plan, publishing: Publishing): number {
  return streams.reduce((sum, stream) => sum + publishing.kept(stream) * readersOf[stream.topic]!, 0);
}

interface Facts {
  readonly topics: number;
  readonly expected: number;
  readonly lost: number;
  readonly reconnects: number;
  readonly connectSeconds: number;
  readonly publishSeconds: number;
}

function toResult(options: LoadOptions, publishing: Publishing, subscribing: Subscribing, facts: Facts): LoadResult {
  const { publishers, subscribers, qos, rate, sizeBytes } = options;
  const { topics, expected, lost, reconnects, connectSeconds, publishSeconds } = facts;
  const { sent, acknowledged, failed } = publishing.counts;
  const unanswered = sent - acknowledged - failed;
  const { counts } = subscribing;
  const broken = (qos > 0 && lost + failed + unanswered > 0) || (qos === 2 && counts.duplicates > 0);
  return {
    publishers,
    subscribers,
    topics,
    qos,
    sizeBytes,
    connectSeconds,
    publishSeconds,
    rates: { wanted: rate, published: sent / publishSeconds, received: counts.received / publishSeconds },
    published: { sent, acknowledged, failed, unanswered },
    deliveries: { expected, lost, ...counts },
    reconnects,
    latencyMs: percentiles(subscribing),
    passed: !broken,
  };
}

function percentiles({ latency, counts }: Subscribing): LoadResult['latencyMs'] {
  if (counts.received === 0) return { p50: 0, p90: 0, p99: 0, max: 0 };
  const at = (percent: number): number => latency.percentile(percent) / 1000;
  return { p50: at(50), p90: at(90), p99: at(99), max: latency.max / 1000 };
}

function countReconnects(clients: readonly MqttClient[]): () => number {
  let count = 0;
  for (const client of clients) client.on('reconnect', () => count++);
  return () => count;
}

function ids(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

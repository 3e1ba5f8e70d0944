import { checked } from '@parley/shared';
import * as z from 'zod/mini';
import type { Read } from '../../link/read.ts';
import { Observable } from '../../observable.ts';
import type { Point } from '../device.ts';
import { samplesOf } from './prometheus.ts';
import type { Sample } from './prometheus.ts';

const nodeSchema = z.object({
  node: z.string(),
  version: z.string(),
  health: z.string(),
  startedAt: z.number(),
  load: z.object({
    cpu: z.number(),
    delayMs: z.number(),
    memoryBytes: z.number(),
    connections: z.number(),
    sessions: z.number(),
    eventReaders: z.number(),
    queuedMessages: z.number(),
  }),
});
/** One node as the hub tells it. */
export type NodeReport = z.infer<typeof nodeSchema>;

/** How a number is read. */
export type Measure = 'count' | 'rate' | 'bytes' | 'byteRate' | 'share' | 'ms';

/** One number of the hub over time. */
export interface Vital {
  readonly key: string;
  readonly name: string;
  /** What it says, for a person. */
  readonly about: string;
  readonly measure: Measure;
  readonly points: readonly Point[];
  /** From here on somebody waits. */
  readonly alarmFrom?: number;
}

/** Who was too slow or could not take more, by cause. */
export interface Loss {
  readonly cause: string;
  readonly total: number;
  /** In the last look. */
  readonly recent: number;
}

export const LOOK_MS = 2000;
/** Looks kept: five minutes. */
const KEPT = 150;

interface Source extends Omit<Vital, 'points'> {
  /** A total that only grows: shown is how fast. */
  readonly total?: string;
  readonly gauge?: string;
  readonly node?: (load: NodeReport['load']) => number;
}

const sources: readonly Source[] = [
  {
    key: 'connections',
    name: 'Connections',
    about: 'MQTT connections open now',
    measure: 'count',
    gauge: 'parley_mqtt_connections_open',
  },
  {
    key: 'in',
    name: 'Messages in',
    about: 'Publishes from clients',
    measure: 'rate',
    total: 'parley_mqtt_publishes_received_total',
  },
  {
    key: 'out',
    name: 'Messages out',
    about: 'Publishes to clients',
    measure: 'rate',
    total: 'parley_mqtt_publishes_sent_total',
  },
  {
    key: 'bytesIn',
    name: 'Traffic in',
    about: 'Bytes of MQTT from clients',
    measure: 'byteRate',
    total: 'parley_mqtt_received_bytes_total',
  },
  {
    key: 'bytesOut',
    name: 'Traffic out',
    about: 'Bytes of MQTT to clients',
    measure: 'byteRate',
    total: 'parley_mqtt_sent_bytes_total',
  },
  {
    key: 'queued',
    name: 'Queued',
    about: 'Messages that wait for a client',
    measure: 'count',
    gauge: 'parley_mqtt_queued_messages',
    alarmFrom: 1000,
  },
  {
    key: 'offline',
    name: 'Sessions away',
    about: 'Sessions kept without a connection',
    measure: 'count',
    gauge: 'parley_mqtt_sessions_offline',
  },
  {
    key: 'subscriptions',
    name: 'Subscriptions',
    about: 'Filters over all sessions',
    measure: 'count',
    gauge: 'parley_mqtt_subscriptions',
  },
  {
    key: 'retained',
    name: 'Retained',
    about: 'Messages kept for late readers',
    measure: 'count',
    gauge: 'parley_retained_messages',
  },
  { key: 'cpu', name: 'Processor', about: 'Share of one core', measure: 'share', node: ({ cpu }) => cpu },
  {
    key: 'delay',
    name: 'Delay',
    about: 'By which its timers are late, 99th percentile',
    measure: 'ms',
    node: ({ delayMs }) => delayMs,
    alarmFrom: 200,
  },
  { key: 'memory', name: 'Memory', about: 'Of the process', measure: 'bytes', node: ({ memoryBytes }) => memoryBytes },
];

/** The hub's numbers of the last minutes, looked at while somebody watches. */
export class Vitals extends Observable {
  readonly #read: Read;
  readonly #now: () => number;
  readonly #points = new Map<string, Point[]>();
  #totals = new Map<string, number>();
  #lostTotals = new Map<string, number>();
  #at = 0;
  #nodes: readonly NodeReport[] = [];
  #losses: readonly Loss[] = [];
  #problem: string | undefined;

  constructor(read: Read, now: () => number = Date.now) {
    super();
    this.#read = read;
    this.#now = now;
  }

  get all(): Vital[] {
    return sources.flatMap(({ key, name, about, measure, alarmFrom }) => {
      const points = this.#points.get(key);
      return points ? [{ key, name, about, measure, points, ...(alarmFrom !== undefined && { alarmFrom }) }] : [];
    });
  }

  get nodes(): readonly NodeReport[] {
    return this.#nodes;
  }

  get losses(): readonly Loss[] {
    return this.#losses;
  }

  /** Why the last look failed, for a person. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** When the last look succeeded, ms since the Unix epoch; 0 before. */
  get at(): number {
    return this.#at;
  }

  async look(signal?: AbortSignal): Promise<void> {
    try {
      const [page, nodes] = await Promise.all([
        this.#read.text('/metrics', signal),
        this.#read.json('/api/nodes', signal),
      ]);
      this.#take(samplesOf(page), checked(z.object({ nodes: z.array(nodeSchema) }), nodes, 'nodes').nodes);
      this.#problem = undefined;
    } catch (error) {
      if (signal?.aborted) return;
      this.#problem = (error as Error).message;
    }
    this.changed();
  }

  #take(samples: readonly Sample[], nodes: readonly NodeReport[]): void {
    const now = this.#now();
    const seconds = (now - this.#at) / 1000;
    const byName = new Map(samples.map(({ name, value }) => [name, value]));
    for (const { key, total, gauge, node } of sources) {
      const value =
        total !== undefined
          ? this.#rate(total, byName.get(total), seconds)
          : gauge !== undefined
            ? byName.get(gauge)
            : sum(nodes, node!);
      if (value !== undefined)
        this.#points.set(key, [...(this.#points.get(key) ?? []), { at: now, value }].slice(-KEPT));
    }
    this.#losses = this.#lost(samples.filter(({ name }) => name === 'parley_mqtt_dropped_total'));
    this.#nodes = nodes;
    this.#at = now;
  }

  /** Per second since the look before; a hub that began anew counts from nothing. */
  #rate(name: string, total: number | undefined, seconds: number): number | undefined {
    const before = this.#totals.get(name);
    if (total === undefined) return undefined;
    this.#totals.set(name, total);
    return before === undefined || total < before || seconds <= 0 ? undefined : (total - before) / seconds;
  }

  #lost(samples: readonly Sample[]): Loss[] {
    const losses = samples.map(({ labels, value }) => {
      const cause = labels['cause'] ?? 'unknown';
      const before = this.#lostTotals.get(cause) ?? (this.#at === 0 ? value : 0);
      return { cause, total: value, recent: Math.max(0, value - before) };
    });
    this.#lostTotals = new Map(losses.map(({ cause, total }) => [cause, total]));
    return losses.filter(({ total }) => total > 0).toSorted((a, b) => b.total - a.total);
  }
}

function sum(nodes: readonly NodeReport[], of: (load: NodeReport['load']) => number): number | undefined {
  return nodes.length === 0 ? undefined : nodes.reduce((total, { load }) => total + of(load), 0);
}

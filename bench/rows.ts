import type { ConnectJob, FlowJob, Target } from './load/job.ts';

/** What a row is judged by, and whether the target is a share of Mosquitto's figure or a figure of its own. */
export type Metric = 'cpu-ratio' | 'p99-ratio' | 'connect-us' | 'connection-kib';

export interface Row {
  readonly id: string;
  readonly title: string;
  readonly transport: Target['transport'];
  readonly metric: Metric;
  /** Met when the figure is not above it. */
  readonly target: number;
  /** Each round begins with brokers just started, because memory once taken is seldom given back. */
  readonly fresh?: boolean;
  /** Times as many rounds: a percentile is more at the mercy of what else the machine does than CPU time is. */
  readonly repeat?: number;
  readonly job: (pace: Pace) => FlowJob | ConnectJob;
}

/** How long and how much a run measures. */
export interface Pace {
  readonly warmupMs: number;
  readonly measureMs: number;
  readonly settleMs: number;
  /** A share of the connections that a whole run opens. */
  readonly connections: number;
}

export const thorough: Pace = { warmupMs: 1000, measureMs: 2500, settleMs: 4000, connections: 1 };
export const quick: Pace = { warmupMs: 700, measureMs: 900, settleMs: 1000, connections: 0.2 };

type Flow = Pick<FlowJob, 'publishers' | 'subscribers' | 'topics' | 'qos' | 'window'> & { readonly everyMs?: number };

const flow =
  (shape: Flow) =>
  ({ warmupMs, measureMs }: Pace): FlowJob => ({
    kind: 'flow',
    ...shape,
    warmupMs,
    measureMs,
  });

const connections =
  (before: number, counted: number, settled: boolean) =>
  (pace: Pace): ConnectJob => ({
    kind: 'connect',
    before: before * pace.connections,
    connections: counted * pace.connections,
    settleMs: settled ? pace.settleMs : 200,
  });

const fanOut: Flow = { publishers: 1, subscribers: 100, topics: 'shared', qos: 0, window: 100 };
const pairs: Flow = { publishers: 50, subscribers: 50, topics: 'pairs', qos: 0, window: 20 };
const tcp = { transport: 'tcp', metric: 'cpu-ratio' } as const;

/** The targets of the engine, in the order they were set. */
export const rows: readonly Row[] = [
  { ...tcp, id: 'tcp-fanout', title: 'TCP fan-out 1 → 100, QoS 0', target: 0.15, job: flow(fanOut) },
  {
    ...tcp,
    id: 'ws-fanout',
    transport: 'ws',
    title: 'WebSocket fan-out 1 → 100, QoS 0',
    target: 0.2,
    job: flow(fanOut),
  },
  {
    ...tcp,
    id: 'tcp-fanout-single',
    title: 'TCP fan-out 1 → 1000, one message at a time, QoS 0',
    target: 0.6,
    job: flow({ ...fanOut, subscribers: 1000, window: 1 }),
  },
  { ...tcp, id: 'pairs-q0', title: '50 → 50 pairs, QoS 0', target: 0.7, job: flow(pairs) },
  {
    ...tcp,
    id: 'fanin-q0',
    title: '50 → 1 fan-in, QoS 0',
    target: 0.7,
    job: flow({ ...pairs, subscribers: 1, topics: 'shared' }),
  },
  {
    ...tcp,
    id: 'tcp-fanout-q1',
    title: 'TCP fan-out 1 → 100, QoS 1',
    target: 0.4,
    job: flow({ ...fanOut, qos: 1, window: 50 }),
  },
  { ...tcp, id: 'pairs-q1', title: '50 → 50 pairs, QoS 1 (memory store)', target: 1, job: flow({ ...pairs, qos: 1 }) },
  { ...tcp, id: 'pairs-q2', title: '50 → 50 pairs, QoS 2 (memory store)', target: 1, job: flow({ ...pairs, qos: 2 }) },
  {
    id: 'idle-tcp',
    transport: 'tcp',
    title: 'memory per idle connection, TCP',
    metric: 'connection-kib',
    target: 8,
    fresh: true,
    job: connections(1000, 5000, true),
  },
  {
    id: 'idle-ws',
    transport: 'ws',
    title: 'memory per idle connection, WebSocket',
    metric: 'connection-kib',
    target: 16,
    fresh: true,
    job: connections(1000, 5000, true),
  },
  {
    id: 'connect',
    transport: 'tcp',
    title: 'CPU per connect, TCP',
    metric: 'connect-us',
    target: 100,
    job: connections(1000, 3000, false),
  },
  {
    id: 'paced',
    transport: 'tcp',
    title: 'p99 latency of paced fan-out, 10 publishers × 10 msg/s → 100',
    metric: 'p99-ratio',
    target: 1,
    repeat: 3,
    job: flow({ ...fanOut, publishers: 10, everyMs: 100 }),
  },
];

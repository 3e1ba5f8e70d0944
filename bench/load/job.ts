/** Where the broker under test listens, and the process whose CPU time and memory count. */
export interface Target {
  readonly pid: number;
  readonly port: number;
  /** `ws`: MQTT over WebSocket at `/mqtt`. */
  readonly transport: 'tcp' | 'ws';
}

/** Messages from publishers to subscribers, as fast as the windows allow or at a pace. */
export interface FlowJob {
  readonly kind: 'flow';
  readonly publishers: number;
  readonly subscribers: number;
  /** `shared`: each subscriber gets what every publisher sends. `pairs`: subscriber n only what publisher n sends. */
  readonly topics: 'shared' | 'pairs';
  readonly qos: 0 | 1 | 2;
  /** Messages one publisher may have under way: not acknowledged, or not yet with each of their subscribers. */
  readonly window: number;
  /** Each publisher sends one message this often, spread evenly, in place of filling its window. */
  readonly everyMs?: number;
  readonly warmupMs: number;
  readonly measureMs: number;
}

/** Connections that are opened and stay open; what they cost in CPU or in memory. */
export interface ConnectJob {
  readonly kind: 'connect';
  /** Opened before the measurement, so that what a first connection sets up once does not count. */
  readonly before: number;
  readonly connections: number;
  /** Time for the broker to come to rest before its memory is read. */
  readonly settleMs: number;
}

export type Job = { readonly target: Target } & (FlowJob | ConnectJob);

/** What one job measured. */
export interface Cell {
  /** Messages delivered, or connections opened, while measuring. */
  readonly units: number;
  readonly seconds: number;
  /** CPU time of all threads of the broker. */
  readonly cpuNs: number;
  /** Growth of the broker's resident memory. */
  readonly rssBytes: number;
  /** From the publisher's write to the subscriber's read; NaN when nothing was delivered. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Messages sent in the whole job and not delivered, minus those delivered twice. */
  readonly lost: number;
}

export type Answer = { readonly cell: Cell } | { readonly failure: string };

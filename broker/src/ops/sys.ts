import type { Broker } from '../mqtt/broker.ts';
import type { EngineCounters } from '../mqtt/counters.ts';
import type { Scope } from '../scope.ts';
import { version } from '../version.ts';
import { LoadAverage, spans } from './load-average.ts';

export interface SysContext extends Pick<Broker, 'aedes' | 'publish'> {
  readonly counters: EngineCounters;
  readonly retained: () => number;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

export interface SysOptions {
  /** 0: nothing is published. */
  readonly sysIntervalSeconds: number;
}

/** What has a moving average, and the total it is of. */
interface Totals extends EngineCounters {
  /** CONNECT packets that were accepted. */
  readonly connects: number;
  readonly droppedTotal: number;
}

const loads = {
  'messages/received': (of) => of.packetsReceived,
  'messages/sent': (of) => of.packetsSent,
  'publish/received': (of) => of.publishesReceived,
  'publish/sent': (of) => of.publishesSent,
  'publish/dropped': (of) => of.droppedTotal,
  'bytes/received': (of) => of.bytesReceived,
  'bytes/sent': (of) => of.bytesSent,
  sockets: (of) => of.connectionsTotal,
  connections: (of) => of.connects,
} as const satisfies Record<string, (of: Totals) => number>;

/**
 * Publishes `$SYS/broker/…` retained at QoS 0, by Mosquitto's names, so that its exporters and dashboards work: at the start,
 * and every `sysIntervalSeconds` what has changed.
 */
export class Sys {
  readonly #context: SysContext;
  readonly #published = new Map<string, string>(); // payload by topic
  readonly #averages = new Map(Object.keys(loads).map((name) => [name, new LoadAverage()]));
  readonly #started = performance.now();
  #looked = this.#started;
  #connects = 0;
  #maximum = 0;
  #largestHeap = 0;

  constructor(context: SysContext) {
    this.#context = context;
  }

  start({ sysIntervalSeconds }: SysOptions, scope: Scope): void {
    if (sysIntervalSeconds === 0) return;
    scope.on(this.#context.aedes, 'clientReady', () => {
      this.#connects++;
      this.#maximum = Math.max(this.#maximum, connected(this.#context.counters));
    });
    const timer = setInterval(() => this.#publish(), sysIntervalSeconds * 1000);
    scope.defer(() => clearInterval(timer));
    this.#publish();
  }

  #publish(): void {
    const { publish, log } = this.#context;
    const changed = Object.entries(this.#values()).filter(([topic, payload]) => this.#published.get(topic) !== payload);
    for (const [topic, payload] of changed) this.#published.set(topic, payload);
    const all = changed.map(([topic, payload]) =>
      publish({ topic: `$SYS/broker/${topic}`, payload, qos: 0, retain: true }),
    );
    Promise.all(all).catch((error: unknown) => {
      // They are told again with the next value.
      this.#published.clear();
      log('sys.failed', { error: (error as Error).message });
    });
  }

  #values(): Record<string, string> {
    const { counters, retained } = this.#context;
    const now = performance.now();
    const droppedTotal = sum(counters.dropped);
    const totals: Totals = { ...counters, connects: this.#connects, droppedTotal };
    const averages = this.#look(totals, (now - this.#looked) / 1000);
    this.#looked = now;
    const here = connected(counters);
    const away = counters.sessionsOffline;
    const kept = retained() + counters.queuedMessages;
    const heap = process.memoryUsage().heapUsed;
    this.#largestHeap = Math.max(this.#largestHeap, heap);
    const numbers = {
      'clients/connected': here,
      'clients/active': here,
      'clients/disconnected': away,
      'clients/inactive': away,
      'clients/expired': counters.sessionsExpired,
      'clients/maximum': this.#maximum,
      'clients/total': counters.sessions,
      'messages/received': counters.packetsReceived,
      'messages/sent': counters.packetsSent,
      'messages/stored': kept,
      'store/messages/count': kept,
      'store/messages/bytes': counters.queuedBytes + counters.retainedBytes,
      'retained messages/count': retained(),
      'subscriptions/count': counters.subscriptions,
      'publish/messages/received': counters.publishesReceived,
      'publish/messages/sent': counters.publishesSent,
      'publish/messages/dropped': droppedTotal,
      'publish/bytes/received': counters.publishBytesReceived,
      'publish/bytes/sent': counters.publishBytesSent,
      'bytes/received': counters.bytesReceived,
      'bytes/sent': counters.bytesSent,
      'heap/current': heap,
      'heap/maximum': this.#largestHeap,
    };
    const texts = Object.entries(numbers).map(([topic, value]) => [topic, String(value)] as const);
    const uptime = `${Math.floor((now - this.#started) / 1000)} seconds`;
    return { version: `parley version ${version}`, uptime, ...averages, ...Object.fromEntries(texts) };
  }

  #look(totals: Totals, seconds: number): Record<string, string> {
    const values: Record<string, string> = {};
    for (const [name, read] of Object.entries(loads)) {
      const average = this.#averages.get(name)!;
      average.look(read(totals), seconds);
      for (const [index, minutes] of spans.entries()) {
        values[`load/${name}/${minutes}min`] = average.averages[index]!.toFixed(2);
      }
    }
    return values;
  }
}

function connected({ sessions, sessionsOffline }: EngineCounters): number {
  return sessions - sessionsOffline;
}

function sum(causes: EngineCounters['dropped']): number {
  return Object.values(causes).reduce((total, one) => total + one, 0);
}

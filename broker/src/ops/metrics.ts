import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { AlertCounts } from '../alerts/alerts.ts';
import type { ReaderCounters } from '../http/reader-counters.ts';
import type { TelemetryCounters } from '../devices/recorder.ts';
import type { EngineCounters } from '../mqtt/counters.ts';

/** What the hub counts in its parts; all are read when they are asked for. */
export interface MetricSources {
  readonly engine: EngineCounters;
  readonly events: ReaderCounters;
  readonly telemetry: TelemetryCounters;
  readonly retained: () => number;
  readonly openJobs: () => number;
  readonly fileBytes: () => number;
  readonly alerts: AlertCounts;
}

type Value = number | Readonly<Partial<Record<string, number>>>;

/** Facts of the process, shared by every hub in it. */
let ofProcess: Registry | undefined;

function processMetrics(): Registry {
  if (!ofProcess) collectDefaultMetrics({ register: (ofProcess = new Registry()) });
  return ofProcess;
}

/** Prometheus text of everything (base units; never a topic, user or client id as a label). */
export class Metrics {
  readonly #registry = new Registry();

  constructor(sources: MetricSources) {
    processMetrics();
    this.#mqtt(sources.engine);
    const { events, telemetry } = sources;
    this.gauge('parley_retained_messages', 'Retained messages kept', sources.retained);
    this.gauge('parley_jobs_open', 'Commands without an answer yet', sources.openJobs);
    this.gauge('parley_files_bytes', 'Bytes of attachments, unfinished ones included', sources.fileBytes);
    this.gauge('parley_alert_rules', 'Alert rules', () => sources.alerts.rules);
    this.gauge('parley_alerts_raised', 'Rules and devices for which an alert is raised', () => sources.alerts.raised);
    this.gauge('parley_http_event_readers', 'Readers of Server-Sent Events', () => events.open);
    this.gauge('parley_http_polls_waiting', 'Long polls that wait', () => events.polls);
    this.counter('parley_http_events_sent_total', 'Server-Sent Events', () => events.sent);
    this.counter('parley_http_event_readers_dropped_total', 'Readers that were too slow', () => events.dropped);
    this.counter('parley_telemetry_recorded_total', 'Readings kept', () => telemetry.recorded);
    this.counter('parley_telemetry_dropped_total', 'Readings not kept', () => telemetry.dropped);
    this.counter('parley_telemetry_unreadable_total', 'Payloads without readings', () => telemetry.unreadable);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return Registry.merge([processMetrics(), this.#registry]).metrics();
  }

  gauge(name: string, help: string, read: () => number): void {
    const gauge = new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read());
      },
    });
    this.#registry.registerMetric(gauge);
  }

  /** @param read the total since start; an object has one for each value of `label` */
  counter(name: string, help: string, read: () => Value, label?: string): void {
    const counter = new Counter({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [],
      collect() {
        this.reset();
        const value = read();
        if (typeof value === 'number') this.inc(value);
        else for (const [key, one] of Object.entries(value)) this.inc({ [label!]: key }, one ?? 0);
      },
    });
    this.#registry.registerMetric(counter);
  }

  #mqtt(engine: EngineCounters): void {
    for (const [key, name, help] of totals) this.counter(`parley_mqtt_${name}_total`, help, () => engine[key]);
    for (const [key, name, help] of gauges) this.gauge(`parley_mqtt_${name}`, help, () => engine[key]);
    this.counter('parley_mqtt_dropped_total', 'Messages not delivered to one client', () => engine.dropped, 'cause');
    this.counter('parley_mqtt_refused_total', 'Connections and packets refused', () => engine.refused, 'cause');
  }
}

type NumberKey = {
  [Key in keyof EngineCounters]: EngineCounters[Key] extends number ? Key : never;
}[keyof EngineCounters];

const totals = [
  ['packetsReceived', 'packets_received', 'MQTT packets from clients'],
  ['packetsSent', 'packets_sent', 'MQTT packets to clients'],
  ['bytesReceived', 'received_bytes', 'Bytes of MQTT from clients'],
  ['bytesSent', 'sent_bytes', 'Bytes of MQTT to clients'],
  ['publishesReceived', 'publishes_received', 'PUBLISH packets from clients'],
  ['publishesSent', 'publishes_sent', 'PUBLISH packets to clients'],
  ['publishBytesReceived', 'publish_received_bytes', 'Bytes of payload from clients'],
  ['publishBytesSent', 'publish_sent_bytes', 'Bytes of payload to clients'],
  ['connectionsTotal', 'connections', 'Connections taken'],
  ['sessionsExpired', 'sessions_expired', 'Sessions that expired'],
  ['sessionsEvicted', 'sessions_evicted', 'Sessions that held nothing and made room for others'],
  ['retainedExpired', 'retained_expired', 'Retained messages that expired'],
] as const satisfies readonly (readonly [NumberKey, string, string])[];

const gauges = [
  ['connections', 'connections_open', 'Connections open'],
  ['sessions', 'sessions', 'Sessions, connected or not'],
  ['sessionsOffline', 'sessions_offline', 'Sessions without a connection'],
  ['subscriptions', 'subscriptions', 'Filters held over all sessions'],
  ['subscriptionBytes', 'subscription_bytes', 'Memory of filters, about'],
  ['retainedBytes', 'retained_bytes', 'Bytes of retained messages, as their limit counts them'],
  ['inboundBytes', 'inbound_bytes', 'Bytes of packets that are not whole yet'],
  ['outboundBytes', 'outbound_bytes', 'Bytes for clients that their sockets have not taken'],
  ['willBytes', 'will_bytes', 'Bytes of wills that wait'],
  ['queuedMessages', 'queued_messages', 'Messages waiting in queues'],
  ['queuedBytes', 'queued_bytes', 'Bytes waiting in queues'],
] as const satisfies readonly (readonly [NumberKey, string, string])[];

import { isName, topics } from '@parley/shared';
import type { Log } from '../log.ts';
import type { Broker } from '../mqtt/broker.ts';
import type { Publisher, Stage } from '../mqtt/hooks.ts';
import type { Publish } from '../mqtt/admission.ts';
import type { HubOptions } from '../options/table.ts';
import type { Scope } from '../scope.ts';
import { publishAs } from '../http/refusal.ts';
import { Forwarder } from './forwarder.ts';
import { keepJobs } from './job-retention.ts';
import { Jobs } from './jobs.ts';
import { Recorder } from './recorder.ts';
import { Registry } from './registry.ts';
import { keepTelemetry } from './retention.ts';

/** All that the hub does for devices beside routing. */
export class Devices {
  readonly registry: Registry;
  readonly recorder: Recorder;
  readonly jobs: Jobs;
  readonly #forwarder: Forwarder;

  constructor(broker: Broker, { telemetryHours, jobHours }: HubOptions, log: Log, scope: Scope) {
    const { engine } = broker;
    const { store } = engine;
    const publish = publishAs(broker);
    const warn = (event: string, fields: object): void => log.warn({ event, ...fields }, 'devices');
    this.registry = new Registry(store);
    this.recorder = new Recorder({ engine, store, log: warn }, { telemetryHours }, scope);
    const forget = (device: string): void => this.recorder.forget(device);
    keepTelemetry({ store, forget, log: warn }, telemetryHours, scope);
    this.jobs = new Jobs({ store, publish }, scope);
    this.#forwarder = new Forwarder({ engine, store, publish, log: warn }, scope);
    keepJobs(store, jobHours, scope);
  }

  /** Goes on with what the last run of the hub left; the broker must be ready. */
  start(): void {
    this.#forwarder.start();
  }

  /** Stages what any publish changes by who its actor is. */
  noteActor(actor: Publisher | null, stage: Stage): void {
    this.#forwarder.stageBrought(actor, stage);
  }

  /** Stages what a publish below `devices/` changes; it may not refuse it. */
  readonly note = (publish: Publish, actor: Publisher | null, stage: Stage): void => {
    const { topic, payload, properties } = publish;
    const [, device, kind, rest, more] = topic.split('/', 5);
    if (device === undefined || kind === undefined || !isName(device)) return;
    if (kind === 'telemetry') return this.#noteTelemetry(publish, device, rest, stage);
    if (rest === undefined) this.registry.note(device, kind, payload as Buffer, stage);
    else if (more !== undefined) return;
    else if (kind === 'replies') {
      this.jobs.stageReply(device, rest, payload as Buffer, stage);
      this.#forwarder.stageReply(device, rest, publish, stage);
    } else if (kind === 'commands') {
      this.jobs.stageStart(actor, stage);
      if (properties?.responseTopic === undefined) return;
      const { id } = topics.command.codec.decode(payload as Buffer);
      this.#forwarder.stage(device, id, properties, actor, stage);
    }
  };

  /** What is acknowledged is recorded, however soon the hub ends. */
  #noteTelemetry(publish: Publish, device: string, rest: string | undefined, stage: Stage): void {
    if (publish.qos === 0 || (rest !== undefined && publish.topic !== `devices/${device}/telemetry/cbor`)) return;
    this.recorder.journal.stage(device, rest === undefined ? 'json' : 'cbor', publish, stage);
  }
}

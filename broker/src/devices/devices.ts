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

  /** Stages what a publish below `devices/` changes; it may not refuse it. */
  readonly note = ({ topic, payload, properties }: Publish, actor: Publisher | null, stage: Stage): void => {
    const [, device, kind, rest, more] = topic.split('/', 5);
    if (device === undefined || kind === undefined || !isName(device)) return;
    if (rest === undefined) this.registry.note(device, kind, payload as Buffer, stage);
    else if (more !== undefined) return;
    else if (kind === 'replies') this.jobs.stageReply(device, rest, payload as Buffer, stage);
    else if (kind === 'commands') {
      this.jobs.stageStart(actor, stage);
      if (properties?.responseTopic === undefined) return;
      const { id } = topics.command.codec.decode(payload as Buffer);
      this.#forwarder.stage(device, id, properties, actor, stage);
    }
  };
}

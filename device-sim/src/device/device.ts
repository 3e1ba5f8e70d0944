import { coded, topics } from '@parley/shared';
import type { DeviceStatus, FlatTelemetry, Reply } from '@parley/shared';
import type { Behaviour, DeviceState } from '../behaviours/behaviour.ts';
import type { Clock } from '../clock.ts';
import { DeviceFaults } from '../faults/faults.ts';
import type { Incoming, Link, LinkOptions, Message, OpenLink, Outcome, ProtocolVersion, Qos } from '../link.ts';
import { around } from '../random.ts';
import type { Random } from '../random.ts';
import type { Fault } from '../scenario/faults.ts';
import type { Schedule } from '../scenario/schema.ts';
import { contentTypes, encoder, telemetryTopic } from '../telemetry.ts';
import type { CodecName, Encode } from '../telemetry.ts';
import { Commands } from './commands.ts';
import { Talk } from './talk.ts';

export interface DeviceSpec {
  readonly name: string;
  /** Place of its group in the scenario. */
  readonly group: number;
  readonly behaviour: Behaviour;
  readonly codec: CodecName;
  readonly intervalMs: number;
  /** The share of the interval that each one may be longer or shorter by. */
  readonly jitter: number;
  readonly qos: Qos;
  readonly version: ProtocolVersion;
  /** After the start, when it is switched on. */
  readonly startMs: number;
  readonly schedule: Schedule | undefined;
  readonly keepAliveSeconds: number;
  readonly maxWaiting: number;
  /** Whether the broker keeps its session while it is away. */
  readonly isKept: boolean;
  readonly channel: string | undefined;
  readonly faults: readonly Fault[];
}

/** A reading as its device gives it to its connection. */
export interface Taken {
  readonly device: string;
  readonly group: number;
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** What a device tells whoever runs it. */
export interface DeviceWatch {
  up(name: string, group: number): void;
  down(name: string, group: number, problem?: Error): void;
  refused(name: string, group: number, error: Error): void;
  /** In the order of the ticks, whatever the network does. */
  taken(reading: Taken): void;
  /** A reading is handed to the connection; `isRepeated` when a fault sends it a second time. */
  sending(reading: Taken, isRepeated: boolean): void;
  /** What became of any message. */
  published(outcome: Outcome, group: number): void;
  /** A reading that was never sent. */
  unsent(reading: Taken): void;
  answered(ok: boolean): void;
  fault(name: string, fault: Fault): void;
}

export interface DeviceContext {
  readonly openLink: OpenLink;
  readonly connection: Pick<LinkOptions, 'url' | 'password' | 'tls' | 'traffic'> & { readonly username?: string };
  readonly clock: Clock;
  /** One stream of random numbers per purpose, so that a reconnect changes no reading. */
  readonly random: (purpose: string) => Random;
  readonly watch: DeviceWatch;
}

/** One simulated device on its own connection: announces itself, sends telemetry, answers commands, and fails on purpose. */
export class Device {
  readonly #spec: DeviceSpec;
  readonly #context: DeviceContext;
  readonly #physics: Random;
  readonly #timing: Random;
  readonly #encode: Encode;
  readonly #topic: string;
  readonly #contentType: string | undefined;
  readonly #faults: DeviceFaults | undefined;
  readonly #commands: Commands;
  readonly #talk: Talk | undefined;
  readonly #startedAt: number;
  #link: Link | undefined;
  #state: DeviceState;
  #reported: FlatTelemetry | undefined;
  #held: Taken | undefined;
  #due: number;
  #cancelTick: () => void = () => {};
  #cancelSwitch: () => void = () => {};

  constructor(spec: DeviceSpec, context: DeviceContext) {
    this.#spec = spec;
    this.#context = context;
    const { name, behaviour, codec, channel } = spec;
    this.#physics = context.random('physics');
    this.#timing = context.random('timing');
    this.#encode = encoder(codec, name, behaviour.about);
    this.#topic = telemetryTopic(codec, name);
    this.#contentType = spec.version === 5 ? contentTypes[codec] : undefined;
    this.#startedAt = context.clock.now();
    this.#due = this.#startedAt;
    this.#state = behaviour.initial({ random: this.#physics, now: this.#startedAt });
    this.#commands = this.#newCommands();
    const send = (message: Message): void => this.#send(message);
    if (channel !== undefined) this.#talk = new Talk({ name, channel, behaviour, state: () => this.#state, send });
    if (spec.faults.length > 0) this.#faults = this.#newFaults();
    this.#plan();
  }

  /** Messages of QoS 1 and 2 that the broker has not acknowledged. */
  get unacknowledged(): number {
    return this.#link?.unacknowledged ?? 0;
  }

  /** Takes no more readings, and has no more faults; stays connected. */
  quiesce(): void {
    this.#cancelTick();
    this.#cancelSwitch();
    this.#faults?.stop();
    if (this.#held) this.#emit(this.#held);
    this.#held = undefined;
  }

  /** Says that it is offline and disconnects. */
  async stop(): Promise<void> {
    this.quiesce();
    await this.#switchOff();
  }

  /** Ends as a crash would: the broker publishes the will. */
  async crash(): Promise<void> {
    this.quiesce();
    this.#commands.stop();
    await this.#link?.drop();
    this.#link = undefined;
  }

  #newCommands(): Commands {
    const { behaviour } = this.#spec;
    const changed = (state: DeviceState): void => {
      this.#state = state;
      this.#report();
      this.#talk?.ticked();
    };
    const reply = (id: string, answer: Reply): void => this.#reply(id, answer);
    return new Commands({ behaviour, clock: this.#context.clock, state: () => this.#state, changed, reply });
  }

  #newFaults(): DeviceFaults {
    const { clock, random, watch } = this.#context;
    const { name, faults } = this.#spec;
    return new DeviceFaults(faults, {
      clock,
      random,
      begun: (fault) => watch.fault(name, fault),
      link: () => this.#link,
      follow: (filter) => void this.#link?.subscribe([filter], 0).catch(() => undefined),
    });
  }

  /** When it is switched on, and off, and on again. */
  #plan(): void {
    const { schedule, startMs } = this.#spec;
    const { from = 0, until, repeat } = schedule ?? {};
    const cycle = (begin: number): void => {
      this.#at(begin + from + startMs, () => {
        this.#switchOn();
        if (until === undefined) return;
        this.#at(Math.max(begin + until, begin + from + startMs), () => {
          void this.#switchOff();
          if (repeat !== undefined) cycle(begin + repeat);
        });
      });
    };
    cycle(0);
  }

  /** At once when it is time already: a fleet without a plan is there when it is started. */
  #at(sinceStart: number, run: () => void): void {
    const ms = this.#startedAt + sinceStart - this.#context.clock.now();
    if (ms <= 0) return run();
    this.#cancelSwitch = this.#context.clock.after(ms, run);
  }

  #switchOn(): void {
    const now = this.#context.clock.now();
    this.#link = this.#open();
    this.#faults?.start(now - this.#startedAt);
    this.#due = now;
    // The first one comes at any point of an interval, so that a group does not speak all at once.
    this.#schedule(this.#spec.intervalMs * this.#timing());
  }

  async #switchOff(): Promise<void> {
    this.#cancelTick();
    this.#faults?.stop();
    this.#commands.stop();
    const link = this.#link;
    if (!link) return;
    if (link.connected) this.#send(this.#status('offline'));
    this.#link = undefined;
    await link.close();
    this.#context.watch.down(this.#spec.name, this.#spec.group);
  }

  #open(): Link {
    const { openLink, connection, random, watch, clock } = this.#context;
    const { name, group, version, keepAliveSeconds, maxWaiting, isKept } = this.#spec;
    const will = this.#status('offline');
    return openLink(
      {
        username: name,
        ...connection,
        clientId: name,
        will,
        random: random('link'),
        version,
        keepAliveSeconds,
        maxWaiting,
        isKept,
        clock,
      },
      {
        up: () => void this.#announce(),
        down: (problem) => watch.down(name, group, problem),
        refused: (error) => watch.refused(name, group, error),
        message: (topic, payload, _retained, incoming) => this.#receive(topic, payload, incoming),
      },
    );
  }

  async #announce(): Promise<void> {
    const { name: device, behaviour, group } = this.#spec;
    const { watch } = this.#context;
    const link = this.#link;
    if (!link) return;
    this.#reported = undefined;
    const filters = [topics.command.filter({ device }), ...(this.#talk ? [this.#talk.topic] : [])];
    try {
      const subscribed = link.subscribe(filters, 1);
      this.#send(retained(topics.deviceAbout.build({ device }), topics.deviceAbout.codec.encode(behaviour.about)));
      this.#send(this.#status('online'));
      this.#report();
      this.#faults?.connected();
      await subscribed;
      watch.up(device, group);
    } catch (error) {
      // A connection that was lost meanwhile has been told of.
      if (link.connected) watch.down(device, group, coded(error));
    }
  }

  #schedule(delayMs: number): void {
    // From when it was due, not from when it ran: a late timer does not slow the device down.
    this.#due += delayMs;
    const wait = Math.max(0, this.#due - this.#context.clock.now());
    this.#cancelTick = this.#context.clock.after(wait, () => this.#tick(delayMs / 1000));
  }

  #tick(seconds: number): void {
    const { intervalMs, jitter, behaviour } = this.#spec;
    this.#state = behaviour.tick(this.#state, { seconds, random: this.#physics });
    this.#schedule(intervalMs * (1 + around(this.#timing, jitter)));
    this.#faults?.reading();
    this.#take();
    if (!this.#link?.connected) return;
    this.#report();
    this.#talk?.ticked();
  }

  #take(): void {
    const { name: device, group, behaviour } = this.#spec;
    const { clock, watch } = this.#context;
    const now = clock.now();
    const faults = this.#faults;
    const read = behaviour.readings(this.#state);
    const written = this.#encode(faults?.sense(read, now) ?? read, now + (faults?.skew() ?? 0));
    const reading = { device, group, topic: this.#topic, payload: faults?.spoil(written) ?? written };
    watch.taken(reading);
    const held = this.#held;
    this.#held = undefined;
    if (!held && faults?.has('reorder')) this.#held = reading;
    else this.#emit(reading);
    if (held) this.#emit(held);
    if (faults?.has('duplicate')) this.#emit(reading, true);
  }

  #emit(reading: Taken, isRepeated = false): void {
    const delay = this.#faults?.delay(this.#context.clock.now()) ?? 0;
    if (delay === 0) return this.#hand(reading, isRepeated);
    this.#context.clock.after(delay, () => this.#hand(reading, isRepeated));
  }

  #hand(reading: Taken, isRepeated: boolean): void {
    const { qos, group } = this.#spec;
    const { watch } = this.#context;
    const link = this.#link;
    if (!link || (qos === 0 && !link.connected)) return watch.unsent(reading);
    const { topic, payload } = reading;
    watch.sending(reading, isRepeated);
    const contentType = this.#contentType;
    link.send({ topic, payload, qos, retain: false, ...(contentType !== undefined && { contentType }) }, (outcome) =>
      watch.published(outcome, group),
    );
  }

  /** Publishes what it reports of its state, when that is not what it reported last. */
  #report(): void {
    if (!this.#link?.connected) return;
    const report = this.#spec.behaviour.report(this.#state);
    if (this.#reported && isSame(report, this.#reported)) return;
    this.#reported = report;
    const { name: device } = this.#spec;
    this.#send(retained(topics.deviceState.build({ device }), topics.deviceState.codec.encode({ ...report })));
  }

  #receive(topic: string, payload: Uint8Array, incoming: Incoming): void {
    const delay = this.#faults?.delay(this.#context.clock.now()) ?? 0;
    const expirySeconds = incoming.expirySeconds === undefined ? undefined : incoming.expirySeconds - delay / 1000;
    const take = (): void => {
      if (topic === this.#talk?.topic) return this.#talk.hear(payload);
      const { retained: isRetained } = incoming;
      this.#commands.receive(topic, payload, {
        retained: isRetained,
        ...(expirySeconds !== undefined && { expirySeconds: Math.max(0, expirySeconds) }),
      });
    };
    if (delay === 0) take();
    else this.#context.clock.after(delay, take);
  }

  #reply(id: string, reply: Reply): void {
    const topic = topics.reply.build({ device: this.#spec.name, id });
    this.#send({ topic, payload: topics.reply.codec.encode(reply), qos: topics.reply.qos, retain: false });
    if ('ok' in reply) this.#context.watch.answered(reply.ok);
  }

  #status(status: DeviceStatus): Message {
    return retained(topics.deviceStatus.build({ device: this.#spec.name }), topics.deviceStatus.codec.encode(status));
  }

  #send(message: Message): void {
    const { watch } = this.#context;
    this.#link?.send(message, (outcome) => watch.published(outcome, this.#spec.group));
  }
}

function retained(topic: string, payload: Uint8Array): Message {
  return { topic, payload, qos: 1, retain: true };
}

function isSame(one: FlatTelemetry, other: FlatTelemetry): boolean {
  for (const key in one) if (one[key] !== other[key]) return false;
  return true;
}

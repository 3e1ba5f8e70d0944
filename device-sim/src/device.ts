import { coded, normaliseCommand, topics } from '@parley/shared';
import type { Command, DeviceStatus, Reply } from '@parley/shared';
import { ulid } from 'ulid';
import { CommandRefused } from './behaviours/behaviour.ts';
import type { Behaviour, DeviceState } from './behaviours/behaviour.ts';
import type { Clock } from './clock.ts';
import type { Link, LinkOptions, Message, OpenLink, Qos } from './link.ts';
import { around } from './random.ts';
import type { Random } from './random.ts';
import { encodeTelemetry } from './telemetry.ts';
import type { CodecName } from './telemetry.ts';

export interface DeviceSpec {
  readonly name: string;
  readonly behaviour: Behaviour;
  readonly codec: CodecName;
  readonly intervalMs: number;
  /** The share of the interval that each one may be longer or shorter by. */
  readonly jitter: number;
  readonly qos: Qos;
}

/** What a device tells whoever runs it. */
export interface DeviceWatch {
  up(name: string): void;
  down(name: string, problem?: Error): void;
  refused(name: string, error: Error): void;
  published(): void;
  answered(): void;
}

export interface DeviceContext {
  readonly openLink: OpenLink;
  readonly connection: Pick<LinkOptions, 'url' | 'password'> & { readonly username?: string };
  readonly clock: Clock;
  /** One stream of random numbers per purpose, so that a reconnect changes no reading. */
  readonly random: (purpose: string) => Random;
  readonly watch: DeviceWatch;
}

/** One simulated device on its own connection: announces itself, sends telemetry, answers commands. */
export class Device {
  readonly #spec: DeviceSpec;
  readonly #context: DeviceContext;
  readonly #link: Link;
  readonly #physics: Random;
  readonly #timing: Random;
  #state: DeviceState;
  #reported = '';
  #due: number;
  #cancel: () => void = () => {};

  constructor(spec: DeviceSpec, context: DeviceContext) {
    this.#spec = spec;
    this.#context = context;
    this.#physics = context.random('physics');
    this.#timing = context.random('timing');
    this.#due = context.clock.now();
    this.#state = spec.behaviour.initial({ random: this.#physics, now: this.#due });
    this.#link = this.#open();
    // The first one comes at any point of an interval, so that a group does not speak all at once.
    this.#schedule(spec.intervalMs * this.#timing());
  }

  /** Says that it is offline and disconnects. */
  async stop(): Promise<void> {
    this.#cancel();
    if (this.#link.connected) void this.#send(this.#status('offline'));
    await this.#link.close();
  }

  /** Ends as a crash would: the broker publishes the will. */
  async crash(): Promise<void> {
    this.#cancel();
    await this.#link.drop();
  }

  #open(): Link {
    const { openLink, connection, random, watch } = this.#context;
    const { name } = this.#spec;
    return openLink(
      {
        username: name,
        ...connection,
        clientId: name,
        will: this.#status('offline'),
        random: random('link'),
      },
      {
        up: () => void this.#announce(),
        down: (problem) => watch.down(name, problem),
        refused: (error) => watch.refused(name, error),
        message: (topic, payload) => this.#receive(topic, payload),
      },
    );
  }

  async #announce(): Promise<void> {
    const { name: device, behaviour } = this.#spec;
    this.#reported = '';
    try {
      await Promise.all([
        this.#link.subscribe([topics.command.filter({ device })], 1),
        this.#send(retained(topics.deviceAbout.build({ device }), topics.deviceAbout.codec.encode(behaviour.about))),
        this.#send(this.#status('online')),
        this.#report(),
      ]);
      this.#context.watch.up(device);
    } catch (error) {
      this.#context.watch.down(device, coded(error));
    }
  }

  #schedule(delayMs: number): void {
    // From when it was due, not from when it ran: a late timer does not slow the device down.
    this.#due += delayMs;
    const wait = Math.max(0, this.#due - this.#context.clock.now());
    this.#cancel = this.#context.clock.after(wait, () => this.#tick(delayMs / 1000));
  }

  #tick(seconds: number): void {
    const { intervalMs, jitter, behaviour } = this.#spec;
    this.#state = behaviour.tick(this.#state, { seconds, random: this.#physics });
    this.#schedule(intervalMs * (1 + around(this.#timing, jitter)));
    if (!this.#link.connected) return;
    void this.#sendTelemetry();
    void this.#report();
  }

  async #sendTelemetry(): Promise<void> {
    const { name, codec, behaviour, qos } = this.#spec;
    const readings = behaviour.readings(this.#state);
    const telemetry = encodeTelemetry(codec, name, behaviour.about, readings, this.#context.clock.now());
    await this.#send({ ...telemetry, qos, retain: false });
  }

  /** Publishes what it reports of its state, when that is not what it reported last. */
  async #report(): Promise<void> {
    const report = this.#spec.behaviour.report(this.#state);
    const reported = JSON.stringify(report);
    if (reported === this.#reported) return;
    this.#reported = reported;
    const { name: device } = this.#spec;
    await this.#send(retained(topics.deviceState.build({ device }), topics.deviceState.codec.encode({ ...report })));
  }

  #receive(topic: string, payload: Uint8Array): void {
    const target = topics.command.parse(topic);
    if (!target) return;
    try {
      const command = normaliseCommand(payload, ulid);
      void this.#answer(command.id, this.#obey(target.command, command));
      void this.#report();
    } catch {
      // Neither an id to answer to nor anything to do: whoever sent it hears nothing, as from any device.
    }
  }

  #obey(name: string, { args }: Command): Reply {
    try {
      this.#state = this.#spec.behaviour.command(this.#state, name, args);
      return { ok: true, result: { ...this.#spec.behaviour.report(this.#state) } };
    } catch (error) {
      if (error instanceof CommandRefused) return { ok: false, error: error.message };
      throw error;
    }
  }

  async #answer(id: string, reply: Reply): Promise<void> {
    const topic = topics.reply.build({ device: this.#spec.name, id });
    await this.#send({ topic, payload: topics.reply.codec.encode(reply), qos: topics.reply.qos, retain: false });
    this.#context.watch.answered();
  }

  #status(status: DeviceStatus): Message {
    return retained(topics.deviceStatus.build({ device: this.#spec.name }), topics.deviceStatus.codec.encode(status));
  }

  /** What cannot be sent because the link went down is told again by the next announcement. */
  async #send(message: Message): Promise<void> {
    try {
      await this.#link.publish(message);
      this.#context.watch.published();
    } catch {}
  }
}

function retained(topic: string, payload: Uint8Array): Message {
  return { topic, payload, qos: 1, retain: true };
}

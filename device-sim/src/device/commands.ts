import { normaliseCommand, topics } from '@parley/shared';
import type { Command, Json, Reply } from '@parley/shared';
import { ulid } from 'ulid';
import { CommandRefused } from '../behaviours/behaviour.ts';
import type { Behaviour, DeviceState } from '../behaviours/behaviour.ts';
import type { Clock } from '../clock.ts';
import type { Incoming } from '../link.ts';

/** Answers that are kept, to give them again to a command that comes again. */
const remembered = 64;
/** How often a long command tells its progress. */
const progressSteps = 10;

export interface CommandsContext {
  readonly behaviour: Behaviour;
  readonly clock: Clock;
  readonly state: () => DeviceState;
  /** The command had this effect. */
  readonly changed: (state: DeviceState) => void;
  readonly reply: (id: string, reply: Reply) => void;
}

/** The commands of one device: each is obeyed once, in its time, and answered. */
export class Commands {
  readonly #context: CommandsContext;
  /** By id; undefined while it is being obeyed. */
  readonly #answers = new Map<string, Reply | undefined>();
  /** Retained commands that were obeyed, as they came: without an id, a broker may deliver them again and again. */
  readonly #retained = new Set<string>();
  #running: { readonly name: string; cancel: () => void } | undefined;

  constructor(context: CommandsContext) {
    this.#context = context;
  }

  receive(topic: string, payload: Uint8Array, { retained, expirySeconds }: Incoming): void {
    const target = topics.command.parse(topic);
    // An empty retained payload takes a retained command away.
    if (!target || (retained && payload.length === 0)) return;
    if (retained && !this.#isNewRetained(topic, payload)) return;
    let command: Command;
    try {
      command = normaliseCommand(payload, ulid);
    } catch {
      // Neither an id to answer to nor anything to do: whoever sent it hears nothing, as from any device.
      return;
    }
    this.#take(target.command, command, expirySeconds, retained);
  }

  /** What is being obeyed is given up: the device is switched off. */
  stop(): void {
    this.#running?.cancel();
    this.#running = undefined;
  }

  #isNewRetained(topic: string, payload: Uint8Array): boolean {
    const key = `${topic} ${Buffer.from(payload).toString('latin1')}`;
    if (this.#retained.has(key)) return false;
    this.#retained.add(key);
    forgetOldest(this.#retained);
    return true;
  }

  #take(name: string, { id, args }: Command, expirySeconds: number | undefined, retained: boolean): void {
    if (this.#answers.has(id)) {
      const answer = this.#answers.get(id);
      // The answer may have been lost; the effect is not repeated. A retained one was not sent again by anybody.
      if (answer && !retained) this.#context.reply(id, answer);
      return;
    }
    if (expirySeconds === 0) return this.#answer(id, { ok: false, error: 'the command has expired' });
    this.#answers.set(id, undefined);
    forgetOldest(this.#answers);
    this.#obey(name, id, args, expirySeconds);
  }

  #obey(name: string, id: string, args: Json, expirySeconds: number | undefined): void {
    const { behaviour, state } = this.#context;
    try {
      const next = behaviour.command(state(), name, args);
      const seconds = behaviour.seconds?.(name, args) ?? 0;
      if (seconds > 0) return this.#work(name, id, args, seconds, expirySeconds);
      this.#done(id, next);
    } catch (error) {
      this.#refused(id, error);
    }
  }

  /** One long command at a time. It is what it is at its end: the state it changes is the one of then. */
  #work(name: string, id: string, args: Json, seconds: number, expirySeconds: number | undefined): void {
    if (this.#running) throw new CommandRefused(`busy with ${this.#running.name}`);
    if (expirySeconds !== undefined && seconds > expirySeconds) {
      throw new CommandRefused(`${name} takes ${seconds} s, and the command expires in ${expirySeconds} s`);
    }
    const stepMs = (seconds * 1000) / progressSteps;
    const running = { name, cancel: (): void => {} };
    this.#running = running;
    const step = (done: number): void => {
      if (done === progressSteps) return this.#finish(name, id, args);
      this.#context.reply(id, { progress: done / progressSteps });
      running.cancel = this.#context.clock.after(stepMs, () => step(done + 1));
    };
    step(0);
  }

  #finish(name: string, id: string, args: Json): void {
    this.#running = undefined;
    try {
      this.#done(id, this.#context.behaviour.command(this.#context.state(), name, args));
    } catch (error) {
      this.#refused(id, error);
    }
  }

  #done(id: string, state: DeviceState): void {
    this.#context.changed(state);
    this.#answer(id, { ok: true, result: { ...this.#context.behaviour.report(state) } });
  }

  #refused(id: string, error: unknown): void {
    // A behaviour of one's own may fail in ways of its own; the device lives on.
    const reason = error instanceof Error ? error.message : String(error);
    this.#answer(id, { ok: false, error: reason });
  }

  #answer(id: string, reply: Reply): void {
    this.#answers.set(id, reply);
    forgetOldest(this.#answers);
    this.#context.reply(id, reply);
  }
}

/** Maps and sets give their keys in the order they came. */
function forgetOldest(kept: Map<string, unknown> | Set<string>): void {
  if (kept.size <= remembered) return;
  const [oldest] = kept.keys();
  kept.delete(oldest!);
}

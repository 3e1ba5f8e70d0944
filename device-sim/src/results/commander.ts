import { topics } from '@parley/shared';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { namesOf } from '../scenario/schema.ts';
import type { Scenario, ScheduledCommand } from '../scenario/schema.ts';
import { Histogram } from './histogram.ts';
import type { Observer } from './observer.ts';

export interface CommandCounts {
  readonly sent: number;
  /** With a result. */
  readonly answered: number;
  /** With an error. */
  readonly failed: number;
  /** Not in time. */
  readonly unanswered: number;
  /** Sent, and still in time. */
  readonly open: number;
}

/** Sends the commands of a scenario, each time to one device of the group, and waits for the answers. */
export class Commander {
  readonly latency = new Histogram();
  readonly #scenario: Scenario;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #observer: Pick<Observer, 'command'>;
  readonly #open = new Map<string, { readonly at: number; readonly timer: NodeJS.Timeout }>(); // by id
  readonly #cancels = new Map<ScheduledCommand, () => void>();
  #counts = { sent: 0, answered: 0, failed: 0, unanswered: 0 };

  constructor(scenario: Scenario, observer: Pick<Observer, 'command'>, clock: Clock, random: Random) {
    this.#scenario = scenario;
    this.#observer = observer;
    this.#clock = clock;
    this.#random = random;
  }

  counts(): CommandCounts {
    return { ...this.#counts, open: this.#open.size };
  }

  start(): void {
    for (const group of this.#scenario.groups) {
      const names = namesOf(group);
      for (const command of group.commands) this.#plan(names, command);
    }
  }

  /** Sends no more; answers are still waited for. */
  stop(): void {
    for (const cancel of this.#cancels.values()) cancel();
  }

  close(): void {
    this.stop();
    for (const { timer } of this.#open.values()) clearTimeout(timer);
    this.#counts.unanswered += this.#open.size;
    this.#open.clear();
  }

  replied(id: string, payload: Uint8Array): void {
    const open = this.#open.get(id);
    const ok = open && okOf(payload);
    if (ok === undefined) return;
    clearTimeout(open!.timer);
    this.#open.delete(id);
    this.latency.record(performance.now() - open!.at);
    this.#counts[ok ? 'answered' : 'failed']++;
  }

  #plan(names: readonly string[], command: ScheduledCommand): void {
    const cancel = this.#clock.after(command.every, () => {
      this.#plan(names, command);
      this.#send(names[Math.floor(this.#random() * names.length)]!, command);
    });
    this.#cancels.set(command, cancel);
  }

  #send(device: string, { command, args, timeout }: ScheduledCommand): void {
    const id = `sim-${(this.#random() * 2 ** 32).toString(36)}-${this.#counts.sent++}`.replace('.', '');
    const late = (): void => {
      if (this.#open.delete(id)) this.#counts.unanswered++;
    };
    this.#open.set(id, { at: performance.now(), timer: setTimeout(late, timeout) });
    this.#observer.command(device, command, id, args).catch(() => undefined);
  }
}

/** Undefined for progress, and for what is no reply. */
function okOf(payload: Uint8Array): boolean | undefined {
  try {
    const reply = topics.reply.codec.decode(payload);
    return 'ok' in reply ? reply.ok : undefined;
  } catch {
    return undefined;
  }
}

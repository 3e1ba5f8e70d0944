import { typingCodec } from '../chat/entry.ts';
import type { Entry } from '../chat/entry.ts';
import type { Connection } from './connection.ts';
import { decoded } from './decoded.ts';
import { Emitter } from './emitter.ts';
import { Alarm } from './platform.ts';
import type { Clock } from './platform.ts';

export interface TypingContext {
  readonly connection: Connection;
  readonly clock: Clock;
}

export interface TypingOptions {
  readonly topic: string;
  readonly user: string;
}

export interface TypingEvents {
  /** Who writes now. */
  change: readonly string[];
}

/** Without news of it, somebody has stopped writing. */
const EXPIRY_MS = 6000;
/** At most one publish in this time, and twice in the time it holds, so that one may be lost. */
const RATE_MS = 3000;

/** Who is writing in one place. */
export class Typing extends Emitter<TypingEvents> {
  readonly #context: TypingContext;
  readonly #options: TypingOptions;
  readonly #writers = new Map<string, Alarm>(); // by name
  readonly #release: () => void;
  #saidAt = -Infinity;

  constructor(context: TypingContext, options: TypingOptions) {
    super();
    this.#context = context;
    this.#options = options;
    this.#release = context.connection.listen(options.topic, {
      qos: 0,
      message: ({ payload }) => this.#heard(payload),
    });
  }

  get names(): readonly string[] {
    return [...this.#writers.keys()];
  }

  /** Tells that we are writing: call it at each key, it is sent every 3 s. Lost without a connection. */
  say(): void {
    const { connection, clock } = this.#context;
    const now = clock.now();
    if (!connection.isOnline || Math.abs(now - this.#saidAt) < RATE_MS) return;
    this.#saidAt = now;
    const payload = typingCodec.encode({ from: this.#options.user, at: now });
    connection.publish(this.#options.topic, payload, { qos: 0 }).catch(() => undefined);
  }

  /** We have sent it: the next word is told of at once. */
  sent(): void {
    this.#saidAt = -Infinity;
  }

  /** Who sent something is not writing it any more. */
  seen(entries: readonly Entry[]): void {
    for (const { from } of entries) this.#stopped(from);
  }

  close(): void {
    this.#release();
    for (const alarm of this.#writers.values()) alarm.clear();
    this.#writers.clear();
  }

  #heard(payload: Uint8Array): void {
    const from = decoded(typingCodec, payload)?.from;
    if (from === undefined || from === this.#options.user) return;
    const known = this.#writers.get(from);
    const alarm = known ?? new Alarm(this.#context.clock);
    alarm.set(EXPIRY_MS, () => this.#stopped(from));
    if (known) return;
    this.#writers.set(from, alarm);
    this.emit('change', this.names);
  }

  #stopped(name: string): void {
    this.#writers.get(name)?.clear();
    if (this.#writers.delete(name)) this.emit('change', this.names);
  }
}

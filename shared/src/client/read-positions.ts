import * as z from 'zod/mini';
import { readPositionCodec } from '../chat/entry.ts';
import { tryJson } from '../codecs/json.ts';
import type { Connection } from './connection.ts';
import { decoded } from './decoded.ts';
import { Emitter } from './emitter.ts';
import { Alarm } from './platform.ts';
import type { Clock } from './platform.ts';
import type { ClientStorage } from './storage.ts';

export interface ReadPositionsContext {
  readonly connection: Connection;
  readonly storage: ClientStorage;
  readonly clock: Clock;
  readonly problem: (what: string, error: unknown) => void;
}

export interface ReadPositionsEvents {
  /** A position moved, here, in another tab or on another device. */
  change: { readonly key: string; readonly seq: number };
}

const positionSchema = z.object({
  seq: z.int(),
  log: z.optional(z.string()),
  /** Still to be told to the hub. */
  dirty: z.boolean(),
});

type Position = z.infer<typeof positionSchema>;

/** Reading moves fast and is told slowly. */
const SEND_MS = 300;
/** How long the last of it may take. */
const GOODBYE_MS = 500;

/**
 * How far the user has read each log, by its key: `general`, `dm/ben`. Positions only grow, here and over all the user's
 * clients, until the log becomes another one. They live as retained messages at the hub, and in storage for when there
 * is no hub.
 */
export class ReadPositions extends Emitter<ReadPositionsEvents> {
  readonly #context: ReadPositionsContext;
  readonly #prefix: string;
  readonly #topicPrefix: string;
  readonly #positions = new Map<string, Position>(); // by key
  readonly #told = new Map<string, number>(); // by key: what the hub last told
  readonly #send: Alarm;
  readonly #releases: (() => void)[] = [];

  constructor(context: ReadPositionsContext, user: string) {
    super();
    this.#context = context;
    this.#prefix = `read/${user}/`;
    this.#topicPrefix = `users/${user}/read/`;
    this.#send = new Alarm(context.clock);
  }

  async open(): Promise<void> {
    const { storage, connection } = this.#context;
    for (const [key, value] of await storage.list(this.#prefix)) {
      const { data: position } = positionSchema.safeParse(tryJson(value));
      if (position) this.#positions.set(key.slice(this.#prefix.length), position);
    }
    this.#releases.push(
      connection.listen(`${this.#topicPrefix}#`, {
        qos: 1,
        message: ({ topic, payload }) => this.#heard(topic.slice(this.#topicPrefix.length), payload),
        // Retained positions come right after: what is behind them is no longer sent.
        granted: () => this.#sendSoon(),
      }),
    );
  }

  async close(): Promise<void> {
    for (const release of this.#releases.splice(0)) release();
    this.#send.clear();
    const late = new Alarm(this.#context.clock);
    const gaveUp = new Promise<void>((resolve) => late.set(GOODBYE_MS, resolve));
    // What is not told now is told by the next run.
    await Promise.race([this.#sendDirty(), gaveUp]);
    late.clear();
  }

  /** The `seq` read so far, 0 for none. */
  get(key: string): number {
    return this.#positions.get(key)?.seq ?? 0;
  }

  /** Everything up to `seq` is read. A smaller one than before changes nothing. */
  mark(key: string, seq: number, log: string | undefined): void {
    if (seq <= this.get(key)) return;
    this.#set(key, { seq, dirty: true, ...(log !== undefined && { log }) });
    this.#sendSoon();
  }

  /**
   * The log that `key` is now, and its end. A position of another log is dropped; what the hub kept of it is overwritten,
   * while one that another client has told since then is taken.
   */
  follow(key: string, log: string, lastSeq: number): void {
    const held = this.#positions.get(key);
    if (!held || held.log === log) return;
    if (held.log === undefined && held.seq <= lastSeq) return this.#set(key, { ...held, log });
    const told = this.#told.get(key) ?? 0;
    const isStale = told > lastSeq || told === held.seq;
    this.#set(key, { seq: isStale ? 0 : told, log, dirty: isStale });
    if (isStale) this.#sendSoon();
  }

  #heard(key: string, payload: Uint8Array): void {
    const seq = payload.length === 0 ? undefined : decoded(readPositionCodec, payload);
    if (seq === undefined) return;
    this.#told.set(key, seq);
    const held = this.#positions.get(key);
    if (held && (seq < held.seq || (seq === held.seq && !held.dirty))) return;
    this.#set(key, { ...held, seq, dirty: false });
  }

  #set(key: string, position: Position): void {
    const moved = position.seq !== this.get(key);
    this.#positions.set(key, position);
    this.#context.storage
      .set(this.#prefix + key, JSON.stringify(position))
      .catch((error: unknown) => this.#context.problem('read positions', error));
    if (moved) this.emit('change', { key, seq: position.seq });
  }

  #sendSoon(): void {
    if (!this.#send.isSet) this.#send.set(SEND_MS, () => void this.#sendDirty());
  }

  async #sendDirty(): Promise<void> {
    const { connection } = this.#context;
    for (const [key, position] of this.#positions) {
      if (!position.dirty || !connection.isOnline) continue;
      try {
        const payload = readPositionCodec.encode(position.seq);
        await connection.publish(this.#topicPrefix + key, payload, { qos: 1, retain: true });
      } catch {
        // Told on the next connection.
        return;
      }
      const now = this.#positions.get(key)!;
      if (now.seq === position.seq) this.#set(key, { ...now, dirty: false });
    }
  }
}

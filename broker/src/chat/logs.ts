import { randomInt } from 'node:crypto';
import { topics } from '@parley/shared';
import { ulid } from 'ulid';
import type { Store } from '../store/store.ts';
import { ChatLog } from './log.ts';
import { table } from './tables.ts';
import type { ChannelRow, LogRow } from './tables.ts';

export interface LogsContext {
  readonly store: Store;
}

export interface LogsOptions {
  readonly historyMessages: number;
}

/** Logs of direct messages held in memory while nobody uses them. */
const IDLE_DIRECTS = 1024;

/** Every log that is open, by topic. Channels stay open; direct messages are opened when somebody asks for them. */
export class Logs {
  readonly #open = new Map<string, ChatLog>(); // by topic
  readonly #context: LogsContext;
  readonly #options: LogsOptions;

  constructor(context: LogsContext, options: LogsOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** The open log of a topic. */
  get(topic: string): ChatLog | undefined {
    return this.#open.get(topic);
  }

  /** The log of a topic, opened when the store has one. */
  find(topic: string): ChatLog | undefined {
    const place = this.#open.has(topic) ? undefined : this.#placeOf(topic);
    return place === undefined ? this.#open.get(topic) : this.open(topic, place);
  }

  open(topic: string, place: number): ChatLog {
    const held = this.#open.get(topic);
    if (held?.place === place) return held;
    held?.end();
    const row = this.#context.store.get(table.logs, [place]) as LogRow | undefined;
    return this.#add(new ChatLog(this.#logContext, place, row ?? newRow(topic)));
  }

  /** A log that is in memory alone until its first entry is staged. */
  begin(topic: string): ChatLog {
    return this.#add(new ChatLog(this.#logContext, this.#newPlace(), newRow(topic)));
  }

  /** Forgets a log: its channel was deleted. */
  drop(topic: string): void {
    const log = this.#open.get(topic);
    this.#open.delete(topic);
    log?.end();
  }

  /** Reads all counters anew, after a failed commit. */
  reload(): void {
    for (const log of this.#open.values()) log.reload();
  }

  [Symbol.iterator](): IterableIterator<ChatLog> {
    return this.#open.values();
  }

  get #logContext() {
    return { tables: this.#context.store, historyMessages: this.#options.historyMessages };
  }

  #add(log: ChatLog): ChatLog {
    this.#open.set(log.topic, log);
    if (this.#open.size % IDLE_DIRECTS === 0) this.#closeIdle();
    return log;
  }

  #closeIdle(): void {
    for (const [topic, log] of this.#open) if (topic.startsWith('dm/') && log.idle) this.#open.delete(topic);
  }

  #placeOf(topic: string): number | undefined {
    const { store } = this.#context;
    const pair = topics.dm.parse(topic);
    if (pair) return store.get(table.directs, [pair.a, pair.b]) as number | undefined;
    const channel = topics.chat.parse(topic)?.channel;
    const row = channel === undefined ? undefined : store.get(table.channels, [channel]);
    return (row as ChannelRow | undefined)?.place;
  }

  /** Short in keys, and no two nodes of a cluster draw the same. */
  #newPlace(): number {
    const place = randomInt(1, 2 ** 48 - 1);
    return this.#context.store.get(table.logs, [place]) === undefined ? place : this.#newPlace();
  }
}

function newRow(topic: string): LogRow {
  return { topic, log: ulid(), createdAt: Date.now(), first: 1 };
}

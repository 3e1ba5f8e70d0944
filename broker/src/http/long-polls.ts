import type { ServerResponse } from 'node:http';
import { coded } from '@parley/shared';
import type { Actor } from '../auth/rights.ts';
import type { ChatLog, Follower, PageQuery } from '../chat/log.ts';
import type { RawAnswer } from './raw-answer.ts';
import type { ReaderCounters } from './reader-counters.ts';
import { errorBody } from './server.ts';

/** Polls answered in one go before others have a turn: some milliseconds. */
const BURST = 256;

/** The log of a topic as somebody may see it now. @throws ParleyError `not-found` */
export type FindLog = (topic: string, who: Actor) => ChatLog;

/** What is asked for, and by whom. */
export interface Poll {
  readonly topic: string;
  readonly who: Actor;
  readonly query: PageQuery;
}

interface Waiter extends Poll, RawAnswer {
  readonly waiting: Waiting;
  timer?: NodeJS.Timeout;
}

/** Long polls that have nothing to be answered with yet. Each is one small object: listeners are shared. */
export class LongPolls {
  readonly #byLog = new Map<ChatLog, Waiting>();
  readonly #find: FindLog;
  readonly #counters: ReaderCounters;
  readonly #waiters = new WeakMap<ServerResponse, Waiter>();
  readonly #closed: (this: ServerResponse) => void;

  constructor(find: FindLog, counters: ReaderCounters) {
    this.#find = find;
    this.#counters = counters;
    const waiters = this.#waiters;
    // Emitters call their listeners with themselves as `this`.
    this.#closed = function closed(this: ServerResponse): void {
      const waiter = waiters.get(this);
      waiter?.waiting.forget(waiter);
    };
  }

  /** Answers at the next committed entry of the log, after `waitMs`, or when the log ends. */
  add(log: ChatLog, poll: Poll, answer: RawAnswer, waitMs: number): void {
    const made = (): Waiting => new Waiting(log, this.#find, this.#counters, () => this.#byLog.delete(log));
    const waiting = this.#byLog.get(log) ?? made();
    this.#byLog.set(log, waiting);
    const waiter: Waiter = { ...poll, ...answer, waiting };
    this.#waiters.set(answer.raw, waiter);
    answer.raw.on('close', this.#closed);
    waiter.timer = setTimeout(late, waitMs, waiter);
    waiting.add(waiter);
  }
}

function late(waiter: Waiter): void {
  waiter.waiting.late(waiter);
}

/** Those who wait for one log. */
class Waiting implements Follower {
  readonly #log: ChatLog;
  readonly #find: FindLog;
  readonly #counters: ReaderCounters;
  readonly #unused: () => void;
  readonly #waiters = new Set<Waiter>();
  /** To be answered, in turns. */
  #due: Waiter[] = [];
  #answering = false;

  constructor(log: ChatLog, find: FindLog, counters: ReaderCounters, unused: () => void) {
    this.#log = log;
    this.#find = find;
    this.#counters = counters;
    this.#unused = unused;
  }

  add(waiter: Waiter): void {
    this.#counters.polls++;
    this.#waiters.add(waiter);
    this.#log.followers.add(this);
  }

  wake(): void {
    for (const waiter of this.#waiters) this.#due.push(waiter);
    this.#release();
    if (!this.#answering) this.#answerSome();
  }

  /** The log is no more or the hub stops: there is no other turn. */
  end(): void {
    for (const waiter of this.#waiters) this.#due.push(waiter);
    this.#release();
    const answers = new Answers(this.#find);
    for (const waiter of this.#due.splice(0)) answers.give(waiter, true);
  }

  late(waiter: Waiter): void {
    this.forget(waiter);
    new Answers(this.#find).give(waiter, false);
  }

  forget(waiter: Waiter): void {
    clearTimeout(waiter.timer);
    if (!this.#waiters.delete(waiter)) return;
    this.#counters.polls--;
    if (this.#waiters.size === 0) this.#release();
  }

  #release(): void {
    for (const { timer } of this.#waiters) clearTimeout(timer);
    this.#counters.polls -= this.#waiters.size;
    this.#waiters.clear();
    this.#log.followers.delete(this);
    this.#unused();
  }

  #answerSome(): void {
    const answers = new Answers(this.#find);
    for (const waiter of this.#due.splice(0, BURST)) answers.give(waiter, false);
    this.#answering = this.#due.length > 0;
    if (this.#answering) setImmediate(() => this.#answerSome());
  }
}

/** Answers given in one go: who asked for the same page gets the same bytes. */
class Answers {
  readonly #find: FindLog;
  readonly #bodies = new Map<string, Buffer>(); // by log and query

  constructor(find: FindLog) {
    this.#find = find;
  }

  give(waiter: Waiter, isLast: boolean): void {
    const { raw, headers } = waiter;
    if (raw.writableEnded || raw.destroyed) return;
    const { status, body } = this.#answerTo(waiter);
    raw.writeHead(status, {
      ...headers,
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': body.length,
      ...(isLast && { Connection: 'close' }),
    });
    raw.end(body);
  }

  /** Who waits may have lost sight of the log meanwhile, and the channel may be another one. */
  #answerTo({ topic, who, query }: Poll): { status: number; body: Buffer } {
    try {
      return { status: 200, body: this.#pageOf(this.#find(topic, who), query) };
    } catch (error) {
      const { code, message, status } = coded(error);
      return { status, body: Buffer.from(JSON.stringify(errorBody(code, message))) };
    }
  }

  #pageOf(log: ChatLog, query: PageQuery): Buffer {
    const key = `${log.place}:${query.after}:${query.limit}`;
    const made = this.#bodies.get(key) ?? Buffer.from(JSON.stringify(log.page(query)));
    this.#bodies.set(key, made);
    return made;
  }
}

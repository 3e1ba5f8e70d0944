import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Scope } from '../scope.ts';
import { takeAnswer } from './raw-answer.ts';
import type { ReaderCounters } from './reader-counters.ts';

export interface EventStreamOptions {
  /** Unsent bytes to one reader; past it the reader is dropped, and may come again. */
  readonly maxOutboundBytes: number;
}

/** A comment goes to every reader this often, so that proxies keep the connection and a dead one is found. */
const COMMENT_SECONDS = 15;

/** Server-Sent Events (WHATWG HTML §9.2). An idle reader costs its socket and a place in one of fifteen sets. */
export class EventStreams {
  readonly #counters: ReaderCounters;
  readonly #maxBytes: number;
  /** Readers by the second in which they are sent a comment: never all at once. */
  readonly #slots = Array.from({ length: COMMENT_SECONDS }, () => new Set<EventStream>());
  #second = 0;

  constructor({ maxOutboundBytes }: EventStreamOptions, counters: ReaderCounters, scope: Scope) {
    this.#counters = counters;
    this.#maxBytes = maxOutboundBytes;
    const timer = setInterval(() => this.#comment(), 1000);
    scope.defer(() => clearInterval(timer));
    scope.signal.addEventListener('abort', () => this.#slots.forEach((slot) => slot.forEach((one) => one.end())));
  }

  /** Answers a request with a stream of events. It ends when its reader leaves or the hub stops. */
  open(reply: FastifyReply, ended: () => void): EventStream {
    const { raw: response, headers } = takeAnswer(reply);
    response.writeHead(200, {
      ...headers,
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      // nginx would hold back what it has not filled a buffer with.
      'X-Accel-Buffering': 'no',
    });
    response.write(':\n\n');
    const stream = new EventStream(response, this.#maxBytes, this.#counters);
    const slot = this.#slots[this.#second]!;
    slot.add(stream);
    this.#counters.open++;
    response.once('close', () => {
      slot.delete(stream);
      this.#counters.open--;
      ended();
    });
    return stream;
  }

  #comment(): void {
    this.#second = (this.#second + 1) % COMMENT_SECONDS;
    for (const stream of this.#slots[this.#second]!) stream.write(':\n\n');
  }
}

/** One reader. What it does not take is bounded: then it is dropped, and nobody else waits for it. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #maxBytes: number;
  readonly #counters: ReaderCounters;

  constructor(response: ServerResponse, maxBytes: number, counters: ReaderCounters) {
    this.#response = response;
    this.#maxBytes = maxBytes;
    this.#counters = counters;
  }

  /** Whether the socket would rather have no more now; see {@link drained}. */
  get full(): boolean {
    return this.#response.writableNeedDrain;
  }

  get ended(): boolean {
    return this.#response.writableEnded || this.#response.destroyed;
  }

  /** @param data one line, such as JSON */
  send(data: string): void {
    this.#counters.sent++;
    this.write(`data: ${data}\n\n`);
  }

  /** Lines as they are; an event ends with an empty one. */
  write(lines: string): void {
    if (this.ended) return;
    this.#response.write(lines);
    if (this.#response.writableLength > this.#maxBytes) this.drop();
  }

  drop(): void {
    this.#counters.dropped++;
    this.#response.destroy();
  }

  /** Calls back once when there is room again. */
  drained(then: () => void): void {
    this.#response.once('drain', then);
  }

  end(): void {
    this.#response.end();
  }
}

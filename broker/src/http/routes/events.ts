import { ParleyError } from '@parley/shared';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Chat } from '../../chat/chat.ts';
import type { ChatLog } from '../../chat/log.ts';
import type { Scope } from '../../scope.ts';
import { actorOf } from '../caller.ts';
import { takeAnswer } from '../raw-answer.ts';
import type { ReaderCounters } from '../reader-counters.ts';
import { LogStream, logFrame, startFrame } from '../event-stream.ts';
import type { Reader } from '../event-stream.ts';
import { conversations } from './messages.ts';

const COMMENT_MS = 15_000;
/** A socket that took nothing for this many comments is dead. */
const MAX_STALLED = 4;
const POSITION = /^([0-7][0-9A-HJKMNP-TV-Z]{25}):(\d{1,16})$/;

const schema = {
  headers: {
    type: 'object',
    properties: { 'Last-Event-ID': { type: 'string', description: '`<log>:<seq>`: what was seen last' } },
  },
};

export interface EventsContext {
  readonly chat: Chat;
  readonly readers: ReaderCounters;
}

/** `GET …/events`: Server-Sent Events of a channel or of direct messages (HTML Living Standard §9.2). */
export function eventRoutes(http: FastifyInstance, { chat, readers }: EventsContext, scope: Scope): void {
  const streams = new EventStreams(chat, readers, scope);
  for (const { path, topicOf } of conversations) {
    http.get(`${path}/events`, { exposeHeadRoute: false, schema }, (request, reply) => {
      const who = actorOf(request);
      const log = chat.logOf(topicOf(request.params as object, who.user), who);
      const position = positionOf(request);
      const raw = begin(reply);
      const at = position && position.log === log.log ? Math.min(position.seq, log.committedSeq) : 0;
      if (!position) raw.write(startFrame(log, log.committedSeq));
      else if (position.log !== log.log) raw.write(logFrame(log));
      streams.add(log, { raw, who, at: position ? at : log.committedSeq, stalled: 0 });
    });
  }
}

/** @throws ParleyError `request-invalid` */
function positionOf({ headers }: FastifyRequest): { log: string; seq: number } | undefined {
  const given = headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  const [, log, seq] = POSITION.exec(String(given)) ?? [];
  if (log !== undefined) return { log, seq: Number(seq) };
  throw new ParleyError('request-invalid', 'Last-Event-ID is not <log>:<seq>');
}

/** Node keeps an answer's headers as long as the answer, which may be days, so there are only those that mean something. */
function begin(reply: FastifyReply): ServerResponse {
  const { raw, headers } = takeAnswer(reply);
  raw.writeHead(200, {
    ...headers,
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  });
  raw.flushHeaders();
  return raw;
}

interface Held {
  readonly reader: Reader;
  readonly stream: LogStream;
}

/** All event streams. Per reader there is one small object: listeners are shared, and so is the one timer. */
class EventStreams {
  readonly #chat: Chat;
  readonly #byLog = new Map<ChatLog, LogStream>();
  readonly #readers = new WeakMap<ServerResponse, Held>();
  readonly #counters: ReaderCounters;

  constructor(chat: Chat, counters: ReaderCounters, scope: Scope) {
    this.#chat = chat;
    this.#counters = counters;
    const timer = setInterval(() => this.#comment(), COMMENT_MS).unref();
    scope.defer(() => clearInterval(timer));
  }

  add(log: ChatLog, reader: Reader): void {
    const { raw } = reader;
    const stream = this.#byLog.get(log) ?? new LogStream(log, this.#chat.rights, () => this.#byLog.delete(log));
    this.#byLog.set(log, stream);
    this.#readers.set(raw, { reader, stream });
    this.#counters.open++;
    raw.on('close', this.#closed);
    raw.on('drain', this.#drained);
    stream.add(reader);
  }

  readonly #closed = this.#on(({ reader, stream }) => {
    this.#counters.open--;
    stream.remove(reader);
  });

  readonly #drained = this.#on(({ reader, stream }) => {
    reader.stalled = 0;
    stream.pump(reader);
  });

  /** A listener for any response: emitters call it with themselves as `this`. */
  #on(handle: (held: Held) => void): (this: ServerResponse) => void {
    const held = (raw: ServerResponse): Held | undefined => this.#readers.get(raw);
    return function listener(this: ServerResponse): void {
      const found = held(this);
      if (found) handle(found);
    };
  }

  #drop({ raw }: Reader): void {
    this.#counters.dropped++;
    raw.destroy();
  }

  /** Keeps balancers from closing what is idle, and finds sockets that are dead. */
  #comment(): void {
    for (const { readers } of this.#byLog.values()) {
      for (const reader of readers) {
        if (!reader.raw.writableNeedDrain) reader.raw.write(':\n\n');
        else if (++reader.stalled > MAX_STALLED) this.#drop(reader);
      }
    }
  }
}

import { checkName, dmPair, ParleyError, topics } from '@parley/shared';
import type { Page } from '@parley/shared';
import type { FastifyInstance } from 'fastify';
import { nameOf } from '../../auth/identity.ts';
import type { Actor } from '../../auth/rights.ts';
import type { Chat } from '../../chat/chat.ts';
import { nextEntry } from '../../chat/follow.ts';
import type { ChatLog } from '../../chat/log.ts';
import { actorOf } from '../caller.ts';
import { LongPolls } from '../long-polls.ts';
import { takeAnswer } from '../raw-answer.ts';
import type { ReaderCounters } from '../reader-counters.ts';
import { draft } from '../schemas/chat.ts';
import { checkValues } from '../values.ts';
import type { ValuesSchema } from '../values.ts';

export interface MessagesContext {
  readonly chat: Chat;
}

export interface PagesContext extends MessagesContext {
  readonly readers: ReaderCounters;
}

interface Query {
  after?: number;
  before?: number;
  limit: number;
  wait: number;
  changes: boolean;
}

const position = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const pageQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    after: position,
    before: position,
    limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
    wait: { type: 'number', minimum: 0, maximum: 60, default: 0 },
    changes: { type: 'boolean', default: false },
  },
} as const satisfies ValuesSchema;

const historyValues = {
  ...pageQuery,
  properties: { ...pageQuery.properties, channel: { type: 'string' }, user: { type: 'string' } },
} as const satisfies ValuesSchema;

interface TopicParams {
  channel?: string | undefined;
  user?: string | undefined;
}

/** The topic that a path names, for its caller. */
export type TopicOf = (params: TopicParams, caller: string) => string;

export const conversations: readonly { path: string; topicOf: TopicOf }[] = [
  { path: '/api/channels/:channel', topicOf: ({ channel }) => topics.chat.build({ channel: channel! }) },
  { path: '/api/dm/:user', topicOf: ({ user }, caller) => directTopic(caller, user!) },
];

/** @throws ParleyError `name-invalid`, `topic-invalid` */
function directTopic(caller: string, peer: string): string {
  if (caller === peer) throw new ParleyError('topic-invalid', 'direct messages are between two users');
  return topics.dm.build(dmPair(caller, checkName(peer, 'user')));
}

/** `hub/requests/history`: a page for clients that have only MQTT. */
export function answerHistory(chat: Chat): void {
  chat.requests.register('history', (values, who, signal) => {
    const { channel, user, ...query } = checkValues(historyValues, values) as unknown as Query & TopicParams;
    const { topicOf } = conversations[channel === undefined ? 1 : 0]!;
    if ((channel === undefined) === (user === undefined)) {
      throw new ParleyError('request-invalid', 'history is of a channel or of a user');
    }
    return readPage(chat, topicOf({ channel, user }, nameOf(who)), who, query, signal);
  });
}

/** `GET` of messages, in channels and in direct messages: a page, or a long poll with `wait`. */
export function pageRoutes(http: FastifyInstance, { chat, readers }: PagesContext): void {
  const polls = new LongPolls((topic, who) => chat.logOf(topic, who), readers);

  http.get('/api/dm', (request) => ({ directs: chat.directsOf(actorOf(request)) }));
  for (const { path, topicOf } of conversations) {
    const options = { schema: { querystring: pageQuery } };
    http.get<{ Querystring: Query }>(`${path}/messages`, options, (request, reply) => {
      const { query } = request;
      const who = actorOf(request);
      const topic = topicOf(request.params as object, who.user);
      const log = chat.logOf(topic, who);
      if (!hasNothing(log, query)) return reply.send(log.page(query));
      polls.add(log, { topic, who, query }, takeAnswer(reply), query.wait * 1000);
      return reply;
    });
  }
}

/** `POST` of a draft. Its bytes are judged by the same rules as over MQTT, so they are taken as they are. */
export function draftRoutes(http: FastifyInstance, { chat }: MessagesContext): void {
  for (const { path, topicOf } of conversations) {
    http.post<{ Body: Buffer | undefined }>(`${path}/messages`, { schema: { body: draft } }, async (request, reply) => {
      const who = actorOf(request);
      const topic = topicOf(request.params as object, who.user);
      chat.checkNotHidden(topic, who);
      const body = request.body ?? Buffer.alloc(0);
      const { entry, repeated } = await chat.post(topic, body, request.headers['content-type'], who);
      return reply.status(repeated ? 200 : 201).send(entry);
    });
  }
}

/** A poll waits only when there is nothing to give yet: nothing after `after`, or an empty log. */
function hasNothing(log: ChatLog, { after = 0, before, wait }: Query): boolean {
  return wait > 0 && before === undefined && log.committedSeq <= after;
}

async function readPage(chat: Chat, topic: string, who: Actor, query: Query, signal: AbortSignal): Promise<Page> {
  const log = chat.logOf(topic, who);
  if (hasNothing(log, query)) await nextEntry(log, query.wait * 1000, signal);
  // Who waits may have lost sight of it, and the channel may be another one.
  return chat.logOf(topic, who).page(query);
}

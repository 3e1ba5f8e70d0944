import { checkName, dmPair, ParleyError, topics } from '@parley/shared';
import type { Page } from '@parley/shared';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { nameOf } from '../../auth/identity.ts';
import type { Actor } from '../../auth/rights.ts';
import type { Chat } from '../../chat/chat.ts';
import { nextEntry } from '../../chat/follow.ts';
import { actorOf } from '../caller.ts';
import { draft } from '../schemas/chat.ts';
import { checkValues } from '../values.ts';
import type { ValuesSchema } from '../values.ts';

export interface MessagesContext {
  readonly chat: Chat;
}

interface Query {
  after?: number;
  before?: number;
  limit: number;
  wait: number;
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
export function pageRoutes(http: FastifyInstance, { chat }: MessagesContext): void {
  http.get('/api/dm', (request) => ({ directs: chat.directsOf(actorOf(request)) }));
  for (const { path, topicOf } of conversations) {
    http.get<{ Querystring: Query }>(`${path}/messages`, { schema: { querystring: pageQuery } }, (request, reply) => {
      const who = actorOf(request);
      const topic = topicOf(request.params as object, who.user);
      return readPage(chat, topic, who, request.query, untilGone(request.query, reply));
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

/** A long poll waits only when there is nothing to give yet: nothing after `after`, or an empty log. */
async function readPage(chat: Chat, topic: string, who: Actor, query: Query, signal: AbortSignal): Promise<Page> {
  const { after, before, wait } = query;
  const log = chat.logOf(topic, who);
  if (wait > 0 && before === undefined && log.committedSeq <= (after ?? 0)) await nextEntry(log, wait * 1000, signal);
  // Who waits may have lost sight of it, and the channel may be another one.
  return chat.logOf(topic, who).page(query);
}

const never = new AbortController().signal;

/** Aborts when the caller hangs up; one that does not wait need not be watched. */
function untilGone({ wait }: Query, { raw }: FastifyReply): AbortSignal {
  if (wait === 0) return never;
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}

import { ParleyError } from '@parley/shared';
import type { FastifyInstance } from 'fastify';
import type { Chat } from '../../chat/chat.ts';
import { parseQuery, search } from '../../chat/search.ts';
import { actorOf } from '../caller.ts';

interface Query {
  q: string;
  channel?: string;
  from?: string;
  limit: number;
}

const querySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['q'],
  properties: {
    q: { type: 'string', minLength: 1, maxLength: 1024 },
    channel: { type: 'string' },
    from: { type: 'string', maxLength: 64 },
    limit: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
  },
};

/** `GET /api/search`: `{"entries":[…]}`, newest first, each with the `topic` it was sent to. */
export function searchRoutes(http: FastifyInstance, { chat }: { chat: Chat }): void {
  http.get<{ Querystring: Query }>('/api/search', { schema: { querystring: querySchema } }, async (request, reply) => {
    const { q, channel, from, limit } = request.query;
    const who = actorOf(request);
    const logs = chat.logsFor(who, channel);
    const parsed = parseQuery(q);
    if (!parsed) throw new ParleyError('request-invalid', 'q has no word to search for');
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const found = await search(chat.store, logs, { ...parsed, from, limit }, gone.signal);
    // The search took turns; who was sent away meanwhile sees nothing of it.
    return { entries: found.filter(({ topic }) => chat.rights.may(who, 'read', topic)) };
  });
}

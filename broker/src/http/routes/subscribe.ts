import { isFilter, ParleyError } from '@parley/shared';
import type { FastifyInstance } from 'fastify';
import type { Rights } from '../../auth/rights.ts';
import { actorOf } from '../caller.ts';
import type { EventStreams } from '../events.ts';
import { HttpSubscription, type SubscriptionContext } from '../subscription.ts';

export interface SubscribeContext extends SubscriptionContext {
  readonly events: EventStreams;
  readonly rights: Rights;
  readonly maxTopicLevels: number;
}

const querystring = {
  type: 'object',
  additionalProperties: false,
  required: ['filter'],
  properties: { filter: { type: 'string', minLength: 1, maxLength: 65_535 } },
};

const answer = {
  description: 'Server-Sent Events; the data of each is a Message, retained ones first.',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
};

/** `GET /api/subscribe?filter=`: every message of a filter that the caller may read, as Server-Sent Events. */
export function subscribeRoute(api: FastifyInstance, context: SubscribeContext): void {
  const { rights } = context;
  api.get<{ Querystring: { filter: string } }>(
    '/api/subscribe',
    { schema: { summary: 'Follow any filter', tags: ['messages'], querystring, response: { 200: answer } } },
    (request, reply) => {
      const { filter } = request.query;
      const actor = actorOf(request);
      checkFilter(filter, context.maxTopicLevels);
      if (!rights.maySubscribe(actor, filter)) {
        throw new ParleyError('not-authorized', `${actor.user} may not read anything on ${filter.slice(0, 200)}`);
      }
      let subscription: HttpSubscription | undefined;
      const stream = context.events.open(reply, () => subscription?.close());
      subscription = new HttpSubscription(stream, filter, (topic) => rights.may(actor, 'read', topic), context);
    },
  );
}

function checkFilter(filter: string, maxTopicLevels: number): void {
  if (filter.startsWith('$share/')) {
    throw new ParleyError('request-invalid', 'a shared subscription needs an MQTT session; leave out $share/<group>/');
  }
  if (!isFilter(filter, maxTopicLevels)) {
    throw new ParleyError('request-invalid', `${JSON.stringify(filter.slice(0, 200))} is not a topic filter`);
  }
}

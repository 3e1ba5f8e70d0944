import type { FastifyInstance } from 'fastify';
import { actorOf } from '../caller.ts';
import { publishedSchema, toPublish } from '../published.ts';
import type { Published } from '../published.ts';
import type { PublishAs } from '../refusal.ts';

const nothing = { type: 'null', description: 'Everything it causes is durable' };

/** `POST /api/publish`: any topic, with the caller's rights; 204 once everything it causes is durable. */
export function publishRoute(api: FastifyInstance, { publish }: { readonly publish: PublishAs }): void {
  api.post<{ Body: Published }>(
    '/api/publish',
    {
      schema: {
        summary: 'Publish to any topic',
        tags: ['messages'],
        body: publishedSchema,
        response: { 204: nothing },
      },
    },
    async (request, reply) => {
      await publish(toPublish(request.body), actorOf(request));
      return reply.status(204).send();
    },
  );
}

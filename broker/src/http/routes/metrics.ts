import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../../ops/metrics.ts';

const answer = { description: 'Prometheus text', content: { 'text/plain': { schema: { type: 'string' } } } };

/** `GET /metrics`: Prometheus text. */
export function metricsRoute(api: FastifyInstance, metrics: Metrics): void {
  const schema = { summary: 'Metrics for Prometheus', tags: ['hub'], response: { 200: answer } };
  api.get('/metrics', { schema }, async (_request, reply) =>
    reply
      .type(metrics.contentType)

      .send(await metrics.text()),
  );
}

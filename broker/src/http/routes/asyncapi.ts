import type { FastifyInstance } from 'fastify';
import { asyncApi } from '../asyncapi.ts';

/** `GET /api/asyncapi.json`: every topic with its payload; the same as docs/asyncapi.json. */
export function asyncApiRoute(api: FastifyInstance): void {
  let document: object | undefined;
  const schema = { summary: 'Topics as AsyncAPI 3', tags: ['hub'], response: { 200: { type: 'object' } } };
  api.get('/api/asyncapi.json', { schema }, () => (document ??= asyncApi()));
}

import type { FastifyInstance } from 'fastify';
import type { Alerts } from '../../alerts/alerts.ts';
import { alertSchema, newRuleSchema, termsSchema } from '../../alerts/rule.ts';
import type { Terms } from '../../alerts/rule.ts';
import { actorOf } from '../caller.ts';
import { jsonSchema } from '../zod.ts';

const alert = { title: 'Alert', ...jsonSchema(alertSchema) };
const all = { type: 'object', required: ['alerts'], properties: { alerts: { type: 'array', items: alert } } };
const gone = { type: 'null', description: 'Done' };
const params = {
  type: 'object',
  required: ['alert'],
  properties: { alert: { type: 'string', minLength: 1, maxLength: 1024 } },
};
const tags = ['devices'];

const schemas = {
  list: { summary: 'Alert rules, and for which devices each holds now', tags, response: { 200: all } },
  create: {
    summary: 'Make an alert rule',
    description: 'When it begins to hold and when it ceases to, a `notice` goes to its channel, once each.',
    tags,
    body: jsonSchema(newRuleSchema),
    response: { 201: alert },
  },
  get: { summary: 'One alert rule', tags, params, response: { 200: alert } },
  replace: {
    summary: 'Change an alert rule; what it had raised is cleared',
    tags,
    params,
    body: jsonSchema(termsSchema),
    response: { 200: alert },
  },
  delete: { summary: 'Delete an alert rule; what it had raised is cleared', tags, params, response: { 204: gone } },
} as const;

interface OfAlert {
  Params: { alert: string };
}

/** Rules over what devices measure. One is missing for who may not read the channel that its notices go to. */
export function alertRoutes(api: FastifyInstance, { alerts }: { readonly alerts: Alerts }): void {
  api.get('/api/alerts', { schema: schemas.list }, (request) => ({ alerts: alerts.list(actorOf(request)) }));

  api.post<{ Body: Terms & { name: string } }>('/api/alerts', { schema: schemas.create }, async (request, reply) => {
    const { name, ...terms } = request.body;
    return reply.status(201).send(await alerts.create(name, terms, actorOf(request)));
  });

  api.get<OfAlert>('/api/alerts/:alert', { schema: schemas.get }, (request) =>
    alerts.get(request.params.alert, actorOf(request)),
  );

  api.put<OfAlert & { Body: Terms }>('/api/alerts/:alert', { schema: schemas.replace }, (request) =>
    alerts.replace(request.params.alert, request.body, actorOf(request)),
  );

  api.delete<OfAlert>('/api/alerts/:alert', { schema: schemas.delete }, async (request, reply) => {
    await alerts.delete(request.params.alert, actorOf(request));
    return reply.status(204).send();
  });
}

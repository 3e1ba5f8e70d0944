import { json, ParleyError, topics } from '@parley/shared';
import type { FastifyInstance } from 'fastify';
import type { Jobs } from '../../devices/jobs.ts';
import type { Rights } from '../../auth/rights.ts';
import { actorOf } from '../caller.ts';
import { commandBody, commandParams, commandQuery, jobParams, jobSchema } from '../schemas/jobs.ts';

const tags = ['devices'];

interface Command {
  Params: { device: string; command: string };
  Querystring: { expirySeconds: number };
  Body: Buffer | undefined;
}

/** `POST /api/devices/:device/commands/:command`: 202 with the job that follows the command. */
export function commandRoute(api: FastifyInstance, { jobs }: { readonly jobs: Jobs }): void {
  const schema = {
    summary: 'Send a command to a device',
    description: 'The body is `{"args"}` or the args themselves; an `id` in it makes repeating the request safe.',
    tags,
    params: commandParams,
    querystring: commandQuery,
    body: commandBody,
    response: { 202: jobSchema },
  };
  api.post<Command>('/api/devices/:device/commands/:command', { schema }, async (request, reply) => {
    const payload = request.body ?? Buffer.alloc(0);
    // A payload that is no JSON is a text argument over MQTT; declared as JSON, it is a mistake.
    if (payload.length > 0 && request.headers['content-type']?.startsWith('application/json')) json.decode(payload);
    const job = await jobs.start({ ...request.params, ...request.query, payload }, actorOf(request));
    return reply
      .status(202)
      .header('Location', `/api/jobs/${encodeURIComponent(job.id)}`)
      .send(job);
  });
}

export interface JobContext {
  readonly jobs: Jobs;
  readonly rights: Rights;
}

/** `GET /api/jobs/:job`: for all who may read the replies of its device. */
export function jobRoute(api: FastifyInstance, { jobs, rights }: JobContext): void {
  const schema = { summary: 'How a command is going', tags, params: jobParams, response: { 200: jobSchema } };
  api.get<{ Params: { job: string } }>('/api/jobs/:job', { schema }, (request) => {
    const { job: id } = request.params;
    const job = jobs.get(id);
    const isVisible = job && rights.may(actorOf(request), 'read', topics.reply.build({ device: job.device, id }));
    if (isVisible) return job;
    throw new ParleyError('not-found', `there is no job ${id.slice(0, 128)}`);
  });
}

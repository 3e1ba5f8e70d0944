import { ParleyError } from '@parley/shared';
import type { FastifyInstance } from 'fastify';
import type { Rights } from '../../auth/rights.ts';
import type { Reload } from '../../reload.ts';
import { actorOf } from '../caller.ts';

const tags = ['hub'];
const answer = {
  type: 'object',
  required: ['needRestart'],
  properties: {
    needRestart: {
      description: 'Options that were changed but are used only after a restart',
      type: 'array',
      items: { type: 'string' },
    },
  },
};

/** `POST /api/reload`: what SIGHUP does, for administrators; with `auth: open` there are none. */
export function reloadRoute(api: FastifyInstance, { rights, reload }: { rights: Rights; reload: Reload }): void {
  const schema = { summary: 'Read limits, rights and certificates anew', tags, response: { 200: answer } };
  api.post('/api/reload', { schema }, (request) => {
    const who = actorOf(request);
    if (rights.may(who, 'administer', 'hub/admin')) return reload.run(who.user, request.ip);
    throw new ParleyError('not-authorized', `${who.user} is no administrator`);
  });
}

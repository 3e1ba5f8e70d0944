import { ParleyError } from '@parley/shared';
import type { FastifyInstance } from 'fastify';
import { isGuest, nameOf } from '../../auth/identity.ts';
import type { Actor } from '../../auth/rights.ts';
import type { Chat } from '../../chat/chat.ts';
import { actorOf } from '../caller.ts';
import { setDisplay } from '../schemas/chat.ts';
import { checkValues } from '../values.ts';
import type { ValuesSchema } from '../values.ts';

type Status = 'online' | 'away';

const statusBody = {
  type: 'object',
  additionalProperties: false,
  required: ['status'],
  properties: { status: { type: 'string', enum: ['online', 'away'] } },
} as const satisfies ValuesSchema;
/** Who is here, who has been, and how they want to be called. */
export function peopleRoutes(http: FastifyInstance, { chat }: { chat: Chat }): void {
  const { people } = chat;
  const here = () => ({ users: chat.presence.list() });
  chat.requests.register('who', here);
  chat.requests.register('presence', (values, who) =>
    values['status'] === undefined
      ? here()
      : setStatus(chat, who, checkValues(statusBody, values) as { status: Status }),
  );

  http.get('/api/users', (request) => {
    actorOf(request);
    return { users: people.list() };
  });

  http.put<{ Params: { user: string }; Body: { display: string } }>(
    '/api/users/:user',
    { schema: { body: setDisplay } },
    (request) => {
      const who = actorOf(request);
      const { user } = request.params;
      if (who.user !== user || isGuest(user))
        throw new ParleyError('not-authorized', `${who.user} may not name ${user}`);
      return people.setDisplay(user, request.body.display);
    },
  );

  http.get('/api/presence', (request) => {
    actorOf(request);
    return here();
  });

  http.put<{ Body: { status: Status } }>('/api/presence', { schema: { body: statusBody } }, (request) =>
    setStatus(chat, actorOf(request), request.body),
  );
}

/** @throws ParleyError `not-authorized` for a guest, who has no presence */
function setStatus({ presence }: Chat, who: Actor, { status }: { status: Status }) {
  const name = nameOf(who);
  if (isGuest(name)) throw new ParleyError('not-authorized', 'a guest has no presence; give a name');
  return presence.set(name, status);
}

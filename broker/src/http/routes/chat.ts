import type { FastifyInstance } from 'fastify';
import type { Scope } from '../../scope.ts';
import { apiScope } from '../api-scope.ts';
import { channelRoutes } from './channels.ts';
import { eventRoutes } from './events.ts';
import { answerHistory, draftRoutes, pageRoutes } from './messages.ts';
import type { PagesContext } from './messages.ts';
import { peopleRoutes } from './people.ts';
import { searchRoutes } from './search.ts';

/** Everything of the chat over HTTP, and the MQTT requests that stand for its GETs. */
export async function chatRoutes(http: FastifyInstance, { chat, readers }: PagesContext, scope: Scope): Promise<void> {
  answerHistory(chat);
  await apiScope(http, 'json', (api) => {
    channelRoutes(api, { chat });
    peopleRoutes(api, { chat });
    searchRoutes(api, { chat });
    eventRoutes(api, { chat, readers }, scope);
    pageRoutes(api, { chat, readers });
  });
  await apiScope(http, 'draft', (api) => draftRoutes(api, { chat }));
}

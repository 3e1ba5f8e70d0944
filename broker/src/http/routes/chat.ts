import type { FastifyInstance } from 'fastify';
import type { Chat } from '../../chat/chat.ts';
import type { Scope } from '../../scope.ts';
import { channelRoutes } from './channels.ts';
import { eventRoutes } from './events.ts';
import { messageRoutes } from './messages.ts';
import { peopleRoutes } from './people.ts';
import { searchRoutes } from './search.ts';

/** Everything of the chat over HTTP, and the MQTT requests that stand for its GETs. */
export async function chatRoutes(http: FastifyInstance, chat: Chat, scope: Scope): Promise<void> {
  channelRoutes(http, { chat });
  peopleRoutes(http, { chat });
  searchRoutes(http, { chat });
  eventRoutes(http, { chat }, scope);
  await messageRoutes(http, { chat });
}

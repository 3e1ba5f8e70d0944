import type { FastifyInstance } from 'fastify';
import type { ChannelFields } from '../../chat/channel-state.ts';
import type { Chat } from '../../chat/chat.ts';
import { actorOf } from '../caller.ts';
import { changeChannel, createChannel } from '../schemas/chat.ts';

interface OfChannel {
  Params: { channel: string };
}
interface OfMember {
  Params: { channel: string; name: string };
}

/** Channels and their members (PRODUCT.md §5). A private channel is missing for who is no member. */
export function channelRoutes(http: FastifyInstance, { chat }: { chat: Chat }): void {
  const { channels } = chat;
  chat.requests.register('channels', (_values, who) => ({ channels: channels.list(who) }));

  http.get('/api/channels', (request) => ({ channels: channels.list(actorOf(request)) }));

  http.post<{ Body: ChannelFields & { name: string } }>(
    '/api/channels',
    { schema: { body: createChannel } },
    async (request, reply) => {
      const { name, ...given } = request.body;
      return reply.status(201).send(await channels.create(name, given, actorOf(request)));
    },
  );

  http.get<OfChannel>('/api/channels/:channel', (request) =>
    channels.describe(request.params.channel, actorOf(request)),
  );

  http.patch<OfChannel & { Body: ChannelFields }>(
    '/api/channels/:channel',
    { schema: { body: changeChannel } },
    (request) => channels.change(request.params.channel, request.body, actorOf(request)),
  );

  http.delete<OfChannel>('/api/channels/:channel', async (request, reply) => {
    await channels.delete(request.params.channel, actorOf(request));
    return reply.status(204).send();
  });

  http.get<OfChannel>('/api/channels/:channel/members', (request) => ({
    members: channels.members(request.params.channel, actorOf(request)),
  }));

  http.put<OfMember>('/api/channels/:channel/members/:name', async (request, reply) => {
    await channels.putMember(request.params.channel, request.params.name, actorOf(request));
    return reply.status(204).send();
  });

  http.delete<OfMember>('/api/channels/:channel/members/:name', async (request, reply) => {
    await channels.deleteMember(request.params.channel, request.params.name, actorOf(request));
    return reply.status(204).send();
  });
}

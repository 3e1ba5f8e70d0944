import { channelSchema, entrySchema, pageSchema, presenceSchema } from '@parley/shared';
import { jsonSchema } from './zod.ts';

/** What OpenAPI says of a route beside the schemas that validate it. */
export interface Description {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly response: Readonly<Record<number, object>>;
}

const channel = { title: 'Channel', ...jsonSchema(channelSchema) };
const entry = { title: 'Entry', ...jsonSchema(entrySchema) };
const page = { title: 'Page', ...jsonSchema(pageSchema) };
const presence = { title: 'Presence', ...jsonSchema(presenceSchema) };
const direct = {
  type: 'object',
  required: ['user', 'log', 'lastSeq'],
  properties: { user: { type: 'string' }, log: { type: 'string' }, lastSeq: { type: 'integer' } },
};
const nothing = { type: 'null', description: 'Done' };
const anything = { type: 'object', description: 'See summary' };
const events = {
  description: 'Server-Sent Events; ids are `<log>:<seq>`, and `Last-Event-ID` resumes',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
};

function listOf(name: string, items: object): object {
  return { type: 'object', required: [name], properties: { [name]: { type: 'array', items } } };
}

function chat(summary: string, status: number, answer: object): Description {
  return { summary, tags: ['chat'], response: { [status]: answer } };
}

function hub(summary: string, answer: object): Description {
  return { summary, tags: ['hub'], response: { 200: answer } };
}

const posted = { 200: { description: 'The id was known: this is its entry', ...entry }, 201: entry };

/** By method and path. */
export const described: Readonly<Record<string, Description>> = {
  'GET /healthz': hub('Whether the process answers', anything),
  'GET /readyz': hub('Whether it takes clients; 503 when not', anything),
  'GET /api/hub': hub('What the hub is: version, auth, mqttPort, and the longest it takes', anything),
  'GET /api/openapi.json': hub('This document', anything),
  'GET /api/channels': chat('Channels the caller may see', 200, listOf('channels', channel)),
  'POST /api/channels': chat('Create a channel', 201, channel),
  'GET /api/channels/:channel': chat('One channel', 200, channel),
  'PATCH /api/channels/:channel': chat('Change a channel', 200, channel),
  'DELETE /api/channels/:channel': chat('Delete a channel with its log', 204, nothing),
  'GET /api/channels/:channel/members': chat('Members of a channel', 200, listOf('members', { type: 'string' })),
  'PUT /api/channels/:channel/members/:name': chat('Add a member', 204, nothing),
  'DELETE /api/channels/:channel/members/:name': chat('Remove a member', 204, nothing),
  'GET /api/channels/:channel/messages': chat('A page of a channel; with `wait` a long poll', 200, page),
  'POST /api/channels/:channel/messages': { summary: 'Send a draft', tags: ['chat'], response: posted },
  'GET /api/channels/:channel/events': chat('Entries of a channel as they come', 200, events),
  'GET /api/dm': chat('With whom the caller has direct messages', 200, listOf('directs', direct)),
  'GET /api/dm/:user/messages': chat('A page of direct messages; with `wait` a long poll', 200, page),
  'POST /api/dm/:user/messages': { summary: 'Send a direct message', tags: ['chat'], response: posted },
  'GET /api/dm/:user/events': chat('Direct messages as they come', 200, events),
  'GET /api/search': chat('Entries that have all words, newest first', 200, listOf('entries', entry)),
  'GET /api/users': chat('People by name, with display names', 200, anything),
  'PUT /api/users/:user': chat('Set the own display name', 200, anything),
  'GET /api/presence': chat('Who is here', 200, listOf('users', presence)),
  'PUT /api/presence': chat('Be away, or back', 200, anything),
};

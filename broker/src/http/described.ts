import * as chat from './schemas/chat.ts';
import { alive, hubFacts, readiness } from './schemas/hub.ts';

/** What OpenAPI says of a route beside the schemas that validate it. */
export interface Description {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly response: Readonly<Record<number, object>>;
}

const nothing = { type: 'null', description: 'Done' };
const document = { type: 'object', required: ['openapi', 'paths'], additionalProperties: {} };
const events = {
  description: 'Server-Sent Events; ids are `<log>:<seq>`, and `Last-Event-ID` resumes',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
};

function ofChat(summary: string, status: number, answer: object): Description {
  return { summary, tags: ['chat'], response: { [status]: answer } };
}

function ofHub(summary: string, answer: object): Description {
  return { summary, tags: ['hub'], response: { 200: answer } };
}

const posted = { 200: { description: 'The id was known: this is its entry', ...chat.entry }, 201: chat.entry };
const ready = { tags: ['hub'], response: { 200: readiness, 503: readiness } };

/** By method and path. */
export const described: Readonly<Record<string, Description>> = {
  'GET /healthz': ofHub('Whether the process answers', alive),
  'GET /readyz': { summary: 'Whether it takes clients; 503 when not', ...ready },
  'GET /api/hub': ofHub('What the hub is: version, auth, mqttPort, and the longest it takes', hubFacts),
  'GET /api/openapi.json': ofHub('This document', document),
  'GET /api/channels': ofChat('Channels the caller may see', 200, chat.channels),
  'POST /api/channels': ofChat('Create a channel', 201, chat.channel),
  'GET /api/channels/:channel': ofChat('One channel', 200, chat.channel),
  'PATCH /api/channels/:channel': ofChat('Change a channel', 200, chat.channel),
  'DELETE /api/channels/:channel': ofChat('Delete a channel with its log', 204, nothing),
  'GET /api/channels/:channel/members': ofChat('Members of a channel', 200, chat.members),
  'PUT /api/channels/:channel/members/:name': ofChat('Add a member', 204, nothing),
  'DELETE /api/channels/:channel/members/:name': ofChat('Remove a member', 204, nothing),
  'GET /api/channels/:channel/messages': ofChat('A page of a channel; with `wait` a long poll', 200, chat.page),
  'POST /api/channels/:channel/messages': { summary: 'Send a draft', tags: ['chat'], response: posted },
  'GET /api/channels/:channel/events': ofChat('Entries of a channel as they come', 200, events),
  'GET /api/dm': ofChat('With whom the caller has direct messages', 200, chat.directs),
  'GET /api/dm/:user/messages': ofChat('A page of direct messages; with `wait` a long poll', 200, chat.page),
  'POST /api/dm/:user/messages': { summary: 'Send a direct message', tags: ['chat'], response: posted },
  'GET /api/dm/:user/events': ofChat('Direct messages as they come', 200, events),
  'GET /api/search': ofChat('Entries that have all words, newest first', 200, chat.found),
  'GET /api/users': ofChat('People by name, with display names', 200, chat.people),
  'PUT /api/users/:user': ofChat('Set the own display name', 200, chat.person),
  'GET /api/presence': ofChat('Who is here', 200, chat.standings),
  'PUT /api/presence': ofChat('Be away, or back', 200, chat.standing),
};

import { Ajv } from 'ajv';
import { expect } from 'chai';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { as } from '../support/http.ts';
import { callsOf, closed, documentOf } from '../support/openapi.ts';
import type { Call } from '../support/openapi.ts';

interface Given {
  readonly url?: string;
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const id = '01JD0000000000000000000000';
const rule = {
  device: '*',
  metric: 'power',
  condition: 'above',
  threshold: 1,
  forSeconds: 0,
  channel: 'general',
};
const tus = { 'Tus-Resumable': '1.0.0' };
const part = { ...tus, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' };

/** Calls in the order they are made; `:job`, `:file` and `:upload` stand for what earlier ones gave. */
const table: readonly (readonly [call: string, given?: Given])[] = [
  ['GET /healthz'],
  ['GET /readyz'],
  ['GET /metrics'],
  ['GET /api/hub'],
  ['GET /api/nodes'],
  ['GET /api/openapi.json'],
  ['GET /api/asyncapi.json'],
  ['POST /api/channels', { status: 201, body: { name: 'secret', topic: 'x', display: 'S', private: true } }],
  ['GET /api/channels'],
  ['GET /api/channels/{channel}', { url: '/api/channels/secret' }],
  ['PATCH /api/channels/{channel}', { url: '/api/channels/secret', body: { topic: 'y' } }],
  ['PUT /api/channels/{channel}/members/{name}', { url: '/api/channels/secret/members/ben', status: 204 }],
  ['GET /api/channels/{channel}/members', { url: '/api/channels/secret/members' }],
  ['DELETE /api/channels/{channel}/members/{name}', { url: '/api/channels/secret/members/ben', status: 204 }],
  ['DELETE /api/channels/{channel}', { url: '/api/channels/secret', status: 204 }],
  [
    'POST /api/channels/{channel}/messages',
    { url: '/api/channels/general/messages', status: 201, body: { id, text: 'a' } },
  ],
  ['POST /api/channels/{channel}/messages', { url: '/api/channels/general/messages', body: { id, text: 'a' } }],
  [
    'POST /api/channels/{channel}/messages',
    {
      url: '/api/channels/general/messages',
      status: 201,
      body: { kind: 'reaction', target: id, text: '+', replyTo: id },
    },
  ],
  ['POST /api/channels/{channel}/messages', { url: '/api/channels/general/messages', status: 201, body: { any: [1] } }],
  ['GET /api/channels/{channel}/messages', { url: '/api/channels/general/messages' }],
  ['GET /api/channels/{channel}/events', { url: '/api/channels/general/events' }],
  ['POST /api/dm/{user}/messages', { url: '/api/dm/ben/messages', status: 201, body: { text: 'psst' } }],
  ['GET /api/dm'],
  ['GET /api/dm/{user}/messages', { url: '/api/dm/ben/messages' }],
  ['GET /api/dm/{user}/events', { url: '/api/dm/ben/events' }],
  ['GET /api/search', { url: '/api/search?q=psst' }],
  ['POST /api/publish', { status: 204, body: { topic: 'a', payload: 'x', properties: { contentType: 'a/b' } } }],
  ['GET /api/subscribe', { url: '/api/subscribe?filter=a' }],
  ['PUT /api/users/{user}', { url: '/api/users/ana', body: { display: 'Ana' } }],
  ['PUT /api/users/{user}', { url: '/api/users/ana', body: { display: '' } }],
  ['GET /api/users'],
  ['PUT /api/presence', { body: { status: 'away' } }],
  ['GET /api/presence'],
  ['GET /api/devices'],
  ['GET /api/devices/{device}', { url: '/api/devices/lamp-1' }],
  ['GET /api/devices/{device}/telemetry', { url: '/api/devices/lamp-1/telemetry?metric=power' }],
  ['GET /api/devices/{device}/telemetry', { url: '/api/devices/lamp-1/telemetry?metric=mood' }],
  [
    'POST /api/devices/{device}/commands/{command}',
    { url: '/api/devices/lamp-1/commands/set', status: 202, body: { id: 'j', args: { on: true } } },
  ],
  ['GET /api/jobs/{job}', { url: '/api/jobs/j' }],
  ['POST /api/alerts', { status: 201, body: { name: 'hot', ...rule } }],
  ['GET /api/alerts'],
  ['GET /api/alerts/{alert}', { url: '/api/alerts/hot' }],
  ['PUT /api/alerts/{alert}', { url: '/api/alerts/hot', body: { ...rule, threshold: 2 } }],
  ['DELETE /api/alerts/{alert}', { url: '/api/alerts/hot', status: 204 }],
  ['OPTIONS /api/files', { status: 204 }],
  [
    'POST /api/files',
    { url: '/api/files?name=a.txt', status: 201, body: 'a file', headers: { 'Content-Type': 'x/y' } },
  ],
  ['GET /api/files/{id}', { url: ':location' }],
  ['OPTIONS /api/files/{id}', { url: ':location', status: 204 }],
  ['DELETE /api/files/{id}', { url: ':location', status: 204, headers: tus }],
  ['POST /api/files', { status: 201, headers: { ...tus, 'Upload-Length': '1' } }],
  ['PATCH /api/files/{id}', { url: ':location', status: 204, body: 'x', headers: part }],
];

const ajv = new Ajv({ strict: false, validateFormats: false });

/** What the call is answered with, when it is what OpenAPI says. */
async function answerOf(hub: TestHub, { call, method, path, operation }: Call, given: Given, location: string) {
  const { url = path, status = 200, body, headers = {} } = given;
  const isText = typeof body === 'string' || body === undefined;
  const response = await fetch(hub.httpUrl + (url === ':location' ? location : url), {
    method,
    headers: { ...as('ana'), ...(!isText && { 'Content-Type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const isStream = type === 'text/event-stream';
  const text = isStream ? '' : await response.text();
  if (isStream) await response.body!.cancel();
  expect(response.status, `${call}: ${text}`).to.equal(status);
  expect(response.headers.get('parley-node'), call).to.be.a('string');
  const described = operation.responses[status];
  expect(described, `${call}: ${status} is described`).to.not.equal(undefined);
  const content = described!.content ?? {};
  // The answers of tus are in the headers, and it has 201 without a body.
  if (text === '' && !isStream)
    expect(status, `${call} answers nothing`).to.equal('Tus-Resumable' in headers ? status : 204);
  else if ('*/*' in content) return response;
  else expect(Object.keys(content), `${call}: content type`).to.include(type);
  if (type !== 'application/json') return response;
  const validate = ajv.compile(closed(content[type]!.schema));
  expect(validate(JSON.parse(text)), `${call}: ${JSON.stringify(validate.errors)}`).to.equal(true);
  return response;
}

async function furnish(hub: TestHub): Promise<void> {
  const lamp = await hub.client('lamp-1');
  const about = { model: 'Lamp', metrics: { power: { unit: 'W' } }, commands: { set: {} } };
  await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), { qos: 1, retain: true });
  await lamp.publishAsync('devices/lamp-1/status', 'online', { qos: 1, retain: true });
  await lamp.publishAsync('devices/lamp-1/state', '{"on":true}', { qos: 1, retain: true });
  await lamp.publishAsync('devices/lamp-1/telemetry', '{"power":1,"mood":"calm"}', { qos: 1 });
  await hub.client('ana');
}

describe('every call of /api/openapi.json', () => {
  it('answers what is described, and nothing beside it', async () => {
    await using hub = await startTestHub();
    await furnish(hub);
    const calls = new Map(callsOf(await documentOf(hub)).map((one) => [one.call, one]));
    let location = '';

    for (const [name, given = {}] of table) {
      const call = calls.get(name);
      expect(call, `${name} is described`).to.not.equal(undefined);
      const answer = await answerOf(hub, call!, given, location);
      location = answer.headers.get('location') ?? location;
    }

    const made = new Set(table.map(([name]) => name));
    expect([...calls.keys()].filter((name) => !made.has(name))).to.deep.equal([]);
  });
});

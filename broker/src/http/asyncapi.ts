import { draftSchema, topics } from '@parley/shared';
import type { Topic } from '@parley/shared';
import { version } from '../version.ts';
import { jsonSchema } from './zod.ts';

/** Payloads of these are text or any JSON, which no schema narrows. */
const unnarrowed: Readonly<Record<string, object>> = {
  'text/plain; charset=utf-8': { type: 'string' },
  'application/json': {},
};

type Entry = readonly [name: string, topic: Topic];

/** What is sent to these; what is received is the entry that the hub makes of it. */
const drafted = new Set(['chat', 'dm']);
const draft = {
  contentType: 'application/json',
  summary: 'Plain text is a draft too, and an object with none of these keys an entry of kind data.',
  payload: jsonSchema(draftSchema),
};

/** AsyncAPI 3.0 of every topic that means something, from the table that all sides build and parse them with. */
export function asyncApi(): Record<string, unknown> {
  const entries = Object.entries(topics) as unknown as Entry[];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parley',
      version,
      description: 'Topics outside these channels are plain MQTT: routed, retained and queued untouched.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      mqtt: { host: 'localhost:1883', protocol: 'mqtt', description: 'MQTT 5, 3.1.1 and 3.1 over TCP' },
      websocket: { host: 'localhost:8080', pathname: '/mqtt', protocol: 'ws', description: 'The same over WebSocket' },
    },
    channels: Object.fromEntries(entries.map(channelOf)),
    operations: Object.fromEntries(entries.flatMap(operationsOf)),
    components: { messages: { ...Object.fromEntries(entries.map(messageOf)), draft } },
  };
}

function channelOf([name, { pattern, about }]: Entry): [string, object] {
  const names = drafted.has(name) ? [name, 'draft'] : [name];
  const params = [...pattern.matchAll(/:(\w+)/g)].map(([, param]) => param!);
  return [
    name,
    {
      address: pattern.replaceAll(/:(\w+)/g, '{$1}'),
      description: about,
      messages: Object.fromEntries(names.map((one) => [one, { $ref: `#/components/messages/${one}` }])),
      ...(params.length > 0 && { parameters: Object.fromEntries(params.map((param) => [param, {}])) }),
    },
  ];
}

/** As a client sees it: what the hub alone publishes can only be received. */
function operationsOf([name, { publisher, qos, retain, about }]: Entry): [string, object][] {
  const channel = { $ref: `#/channels/${name}` };
  const bindings = { mqtt: { qos, retain, bindingVersion: '0.2.0' } };
  const only = (message: string): object[] => [{ $ref: `#/channels/${name}/messages/${message}` }];
  const received = { action: 'receive', channel, summary: about, messages: only(name), bindings };
  const receive: [string, object] = [`receive-${name}`, received];
  if (publisher === 'the hub') return [receive];
  const summary = `By ${publisher}`;
  const messages = only(drafted.has(name) ? 'draft' : name);
  return [[`send-${name}`, { action: 'send', channel, summary, messages, bindings }], receive];
}

function messageOf([name, { codec }]: Entry): [string, object] {
  const { contentType, schema } = codec;
  return [name, { contentType, payload: schema ? jsonSchema(schema) : (unnarrowed[contentType] ?? {}) }];
}

import { Agent, request } from 'node:http';
import { errorKinds } from '@parley/shared';
import { expect } from 'chai';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { follow } from '../support/messages.ts';
import { callsOf, documentOf } from '../support/openapi.ts';
import type { Call, Parameter, Schema } from '../support/openapi.ts';

/** One request that no route may take. */
interface Bad {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** What the answer has to name. */
  readonly names?: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly node: string | string[] | undefined;
}

/** As it is: no client puts a path in order first. */
function send(hub: TestHub, agent: Agent, { method, path, headers, body }: Bad): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: hub.ports.http, agent, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      const type = answer.headers['content-type'] ?? '';
      const node = answer.headers['parley-node'];
      const done = (): void => resolve({ status: answer.statusCode!, text: Buffer.concat(chunks).toString(), node });
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', done);
      if (!type.startsWith('text/event-stream')) return;
      answer.destroy();
      done();
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const json = { 'Content-Type': 'application/json', Authorization: `Basic ${btoa('ana:')}` };
const names: Readonly<Record<string, string>> = { channel: 'general', user: 'ben', name: 'ben', device: 'lamp-1' };

const strangeNames = {
  'a way out': '..%2f..%2f..%2fetc%2fpasswd',
  'a way out, undecoded': '..',
  'a way out, in other slashes': '..%5c..%5cwindows',
  'a null': 'a%00b',
  'no UTF-8': '%ff%fe',
  'half an escape': '%e0%a',
  'a space and capitals': 'Not%20A%20Name',
  'an emoji': '%F0%9F%98%80',
  'a wildcard': '%2b%2f%23',
  '65 characters': 'x'.repeat(65),
  '3000 characters': 'x'.repeat(3000),
  __proto__: '__proto__',
};

const noLevel = new Set(['a way out', 'a null', 'no UTF-8', 'half an escape', 'a wildcard', '3000 characters']);

function pathOf(path: string, changed: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => changed[name] ?? names[name] ?? 'none');
}

/** The least that a schema takes. */
function sampleOf({ type, enum: values, properties = {}, required = [], minimum }: Schema): unknown {
  if (values) return values[0];
  if (type === 'string') return 'x';
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return minimum ?? 1;
  if (type === 'array') return [];
  return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name]!)]));
}

function wrongValues({ type, enum: values, maxLength, maximum, minimum }: Schema): unknown[] {
  const wrong: unknown[] = values ? ['nonsense', 7] : [];
  if (type === 'string') wrong.push(7, null, {}, ['x']);
  if (type === 'boolean') wrong.push('yes', 1, null);
  if (type === 'integer' || type === 'number') wrong.push('1', null, {});
  if (type === 'integer') wrong.push(1.5);
  if (type === 'array' || type === 'object') wrong.push('x', 7);
  if (type === 'string' && maxLength !== undefined) wrong.push('x'.repeat(maxLength + 1));
  if (maximum !== undefined) wrong.push(maximum + 1);
  if (minimum !== undefined) wrong.push(minimum - 1);
  return wrong;
}

function* badPaths({ method, path }: Call): Generator<Bad> {
  for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
    for (const [what, value] of Object.entries(strangeNames)) {
      // Any level of a topic names a command.
      if (name === 'command' && !noLevel.has(what)) continue;
      yield { what: `${name} is ${what}`, method, path: pathOf(path, { [name!]: value }), headers: json };
    }
  }
}

function query(given: Record<string, string>): string {
  return new URLSearchParams(given).toString();
}

function* badQueries({ method, path, operation }: Call): Generator<Bad> {
  const parameters = (operation.parameters ?? []).filter((one) => one.in === 'query');
  if (parameters.length === 0) return;
  const required = parameters.filter((one) => one.required);
  const whole = Object.fromEntries(required.map(({ name, schema }) => [name, String(sampleOf(schema))]));
  const ask = (what: string, values: string, named: string): Bad => {
    return { what, method, path: `${pathOf(path)}?${values}`, headers: json, names: named };
  };
  yield ask('an unknown key', query({ ...whole, nonsense: '1' }), 'nonsense');
  for (const { name } of required) {
    const { [name]: _left, ...others } = whole;
    yield ask(`${name} is missing`, query(others), name);
  }
  for (const parameter of parameters) {
    const { name } = parameter;
    yield ask(`${name} is given twice`, `${query(whole)}&${name}=1&${name}=2`, name);
    for (const value of wrongTexts(parameter)) yield ask(`${name} is wrong`, query({ ...whole, [name]: value }), name);
  }
}

function wrongTexts({ schema: { type, maxLength, minimum, maximum } }: Parameter): string[] {
  const isNumber = type === 'integer' || type === 'number';
  return [
    ...(isNumber ? ['x', '', '1e999', 'NaN', 'true'] : []),
    ...(isNumber && minimum !== undefined ? [String(minimum - 1)] : []),
    ...(isNumber && maximum !== undefined && maximum < 2 ** 53 - 1 ? [String(maximum + 1)] : []),
    ...(maxLength !== undefined && maxLength < 10_000 ? ['x'.repeat(maxLength + 1)] : []),
  ];
}

/** Bodies that are JSON and nothing else, by their schema. */
function* badBodies({ method, path, operation }: Call): Generator<Bad> {
  const schema =
    Object.keys(operation.requestBody?.content ?? {}).join() === 'application/json' ? bodyOf(operation) : {};
  if (!schema.properties) return;
  const ask = (what: string, body: string | Buffer, named?: string): Bad => {
    return { what, method, path: pathOf(path), headers: json, body, ...(named !== undefined && { names: named }) };
  };
  const whole = sampleOf(schema) as Record<string, unknown>;
  const text = JSON.stringify(whole);
  yield ask('an unknown key', JSON.stringify({ ...whole, nonsense: 1 }), 'nonsense');
  for (const name of schema.required ?? []) {
    const { [name]: _left, ...others } = whole;
    yield ask(`${name} is missing`, JSON.stringify(others), name);
  }
  for (const [name, one] of Object.entries(schema.properties)) {
    for (const value of wrongValues(one)) {
      yield ask(`${name} is wrong`, JSON.stringify({ ...whole, [name]: value }), `body.${name}`);
    }
  }
  for (const wrong of ['', '{', '[]', 'null', '"x"', `${text}x`, '{"a":1e999', '[['.repeat(50_000)]) {
    yield ask(`the body is ${wrong.slice(0, 9)}`, wrong);
  }
  yield ask('the body is no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]));
  yield ask('a key is __proto__', `{"__proto__":{"a":1},${text.slice(1)}`);
  yield { ...ask('the body is of another type', text), headers: { ...json, 'Content-Type': 'text/plain' } };
  yield { ...ask('the body is of no type', text), headers: { Authorization: json.Authorization } };
}

function bodyOf({ requestBody }: Call['operation']): Schema {
  return requestBody!.content['application/json']!.schema;
}

/** Drafts and arguments, whose routes judge the bytes themselves. */
function* badBytes({ method, path, operation }: Call): Generator<Bad> {
  const content = operation.requestBody?.content ?? {};
  if (!('text/plain' in content)) return;
  const ask = (what: string, body: string | Buffer): Bad => ({ what, method, path: pathOf(path), headers: json, body });
  for (const wrong of ['{', '['.repeat(50_000), '{"id":7}', '{"id":"a/b"}'])
    yield ask(`the body is ${wrong.slice(0, 9)}`, wrong);
  if (!path.endsWith('/messages')) return;
  for (const wrong of ['', '[1]', '7', '{"text":7}', '{"text":""}', '{"text":"x","nonsense":1}', '{"kind":"none"}']) {
    yield ask(`the draft is ${wrong}`, wrong);
  }
  yield ask('the draft is no UTF-8', Buffer.from([0xff, 0xfe]));
  yield { ...ask('the draft is of another type', '<x/>'), headers: { ...json, 'Content-Type': 'application/xml' } };
}

function* badHeaders({ method, path, operation }: Call): Generator<Bad> {
  const open = /^\/(?:healthz|readyz|metrics|api\/(?:hub|nodes|openapi\.json|asyncapi\.json))$/;
  const headers = (operation.parameters ?? []).filter((one) => one.in === 'header');
  for (const { name } of headers) {
    yield { what: `${name} is wrong`, method, path: pathOf(path), headers: { ...json, [name]: 'x' }, names: name };
  }
  if (open.test(path) || method === 'OPTIONS') return;
  for (const wrong of ['Bearer', 'Digest x', 'Basic', 'Basic !!!', `Basic ${btoa('A B:')}`, `Basic ${btoa('hub:')}`]) {
    yield { what: `Authorization is ${wrong}`, method, path: pathOf(path), headers: { ...json, Authorization: wrong } };
  }
}

const kinds = [badPaths, badQueries, badBodies, badBytes, badHeaders];

describe('bad input', () => {
  it('to any route is answered with a coded error of the request, and disturbs nobody', async function () {
    this.timeout(60_000);
    await using hub = await startTestHub();
    using agent = keptOpen();
    const ben = await hub.client('ben');
    const entries = await follow(ben, 'chat/general');
    const calls = callsOf(await documentOf(hub)).filter(({ method }) => method !== 'OPTIONS');
    const failures: string[] = [];
    const tried = new Set<string>();

    for (const call of calls) {
      for (const kind of kinds) {
        for (const bad of kind(call)) {
          tried.add(kind.name);
          const problem = problemOf(await send(hub, agent.agent, bad), bad);
          if (problem) failures.push(`${call.call}, ${bad.what}: ${problem}`);
        }
      }
    }

    expect(failures, failures.join('\n')).to.deep.equal([]);
    expect([...tried]).to.have.members(kinds.map(({ name }) => name));
    await ben.publishAsync('chat/general', 'undisturbed', { qos: 1 });
    expect((await entries.next()).json()).to.include({ text: 'undisturbed', seq: 1 });
    expect(entries.queue).to.have.length(0);
  });

  it('of more bytes than a body may have is refused by every route that takes one', async () => {
    await using hub = await startTestHub({ maxPacketBytes: 10_000, maxFileBytes: 10_000 });
    using agent = keptOpen();
    const calls = callsOf(await documentOf(hub)).filter(({ operation }) => operation.requestBody);
    const body = JSON.stringify({ text: 'x'.repeat(20_000) });

    for (const { call, method, path } of calls) {
      const answer = await send(hub, agent.agent, { what: 'long', method, path: pathOf(path), headers: json, body });
      expect([answer.status, answer.text], call).to.satisfy(([status, text]: [number, string]) => {
        return status === 413 && text.includes('"too-large"');
      });
    }
  });
});

function keptOpen(): { readonly agent: Agent } & Disposable {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return { agent, [Symbol.dispose]: () => agent.destroy() };
}

/** What is wrong with the answer to something bad. */
function problemOf({ status, text, node }: Answer, { names: named, method }: Bad): string | undefined {
  if (status < 400 || status > 499) return `status ${status}: ${text.slice(0, 300)}`;
  if (node === undefined) return 'no Parley-Node';
  if (method === 'HEAD') return undefined;
  const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } };
  if (!error?.code || !Object.hasOwn(errorKinds, error.code)) return `no code: ${text.slice(0, 300)}`;
  if (!error.message || error.message.length > 1000) return `message of ${error.message?.length} characters`;
  const isNamed = named === undefined || error.message.includes(named);
  return isNamed ? undefined : `does not name ${named}: ${error.message.slice(0, 300)}`;
}

import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import mqtt from 'mqtt';
import { ulid } from 'ulid';
import { startTestHub } from './support/hub.ts';
import type { TestHub } from './support/hub.ts';
import { follow } from './support/messages.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function ask(hub: TestHub, path: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(hub.httpUrl + path, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

const messages = '/api/channels/general/messages';

function post(
  hub: TestHub,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const given = { 'Content-Type': 'application/json', Authorization: `Basic ${btoa('Ana:')}`, ...headers };
  return ask(hub, messages, { method: 'POST', body, headers: given });
}

describe('the HTTP API', () => {
  it('takes a draft and gives its entry, which MQTT readers get too', async () => {
    await using hub = await startTestHub();
    const reader = await hub.client('ben');
    const entries = await follow(reader, 'chat/general');

    const { status, body } = await post(hub, '{"text":"over http"}');

    expect(status).to.equal(201);
    expect(body).to.include({ seq: 1, from: 'ana', text: 'over http' });
    expect((await entries.next()).json()).to.deep.equal(body);
  });

  it('takes plain text, and a guest when nobody is named', async () => {
    await using hub = await startTestHub();

    const { body } = await ask(hub, messages, {
      method: 'POST',
      body: 'plain',
      headers: { 'Content-Type': 'text/plain' },
    });

    expect(body).to.include({ from: 'guest', kind: 'text', text: 'plain' });
  });

  it('answers a repeated id with 200 and the same entry, another sender with 409', async () => {
    await using hub = await startTestHub();
    const draft = JSON.stringify({ id: ulid(), text: 'once' });

    const [first, again] = [await post(hub, draft), await post(hub, draft)];
    const other = await post(hub, draft, { Authorization: `Basic ${btoa('ben:')}` });

    expect([first.status, again.status, other.status]).to.deep.equal([201, 200, 409]);
    expect(again.body).to.deep.equal(first.body);
    expect(other.body).to.have.nested.property('error.code', 'id-taken');
  });

  it('pages a log both ways', async () => {
    await using hub = await startTestHub();
    for (let index = 1; index <= 5; index++) await post(hub, `{"text":"${index}"}`);

    const texts = async (query: string): Promise<unknown[]> => {
      const { body } = await ask(hub, messages + query);
      return (body['entries'] as { text: string }[]).map(({ text }) => text);
    };

    expect(await texts('?limit=2')).to.deep.equal(['4', '5']);
    expect(await texts('?before=4&limit=2')).to.deep.equal(['2', '3']);
    expect(await texts('?after=1&limit=2')).to.deep.equal(['2', '3']);
    expect(await texts('?after=5')).to.deep.equal([]);
  });

  it('holds a long poll until the next entry', async () => {
    await using hub = await startTestHub();
    await post(hub, '{"text":"old"}');

    const poll = ask(hub, `${messages}?after=1&wait=30`);
    await post(hub, '{"text":"new"}');

    const { entries, lastSeq } = (await poll).body as { entries: object[]; lastSeq: number };
    expect(entries).to.have.length(1);
    expect(entries[0]).to.include({ seq: 2, text: 'new' });
    expect(lastSeq).to.equal(2);
  });

  it('ends a long poll empty when its time is up, and at once when there is something', async () => {
    await using hub = await startTestHub();

    const empty = await ask(hub, `${messages}?wait=0.05`);
    await post(hub, '{"text":"here"}');
    const full = await ask(hub, `${messages}?after=0&wait=60`);

    expect(empty.body).to.deep.include({ entries: [], lastSeq: 0 });
    expect(full.body['entries']).to.have.length(1);
  });

  it('answers with its node, its health, its channels and who is here', async () => {
    await using hub = await startTestHub();
    await hub.client('ana');

    const [health, ready, facts, channels, presence] = await Promise.all(
      ['/healthz', '/readyz', '/api/hub', '/api/channels', '/api/presence'].map((path) => ask(hub, path)),
    );

    expect([health!.status, ready!.status]).to.deep.equal([200, 200]);
    expect(facts!.body).to.include({ auth: 'open', mqttPort: hub.ports.mqtt });
    expect(facts!.headers.get('parley-node')).to.match(/^\w+$/);
    expect(channels!.body).to.have.nested.property('channels[0].name', 'general');
    expect(presence!.body).to.have.nested.property('users[0].status', 'online');
  });

  for (const [what, path, init, status, code] of [
    ['an unknown route', '/api/nothing', {}, 404, 'not-found'],
    ['a channel that is not there', '/api/channels/nowhere/messages', {}, 404, 'not-found'],
    ['a channel name that is none', '/api/channels/Not%20A%20Name/messages', {}, 400, 'name-invalid'],
    ['a path that does not decode', '/api/channels/%ff/messages', {}, 400, 'request-invalid'],
    ['a limit of 0', `${messages}?limit=0`, {}, 400, 'request-invalid'],
    ['a limit over 1000', `${messages}?limit=1001`, {}, 400, 'request-invalid'],
    ['a wait over a minute', `${messages}?wait=61`, {}, 400, 'request-invalid'],
    ['a position that is no number', `${messages}?after=x`, {}, 400, 'request-invalid'],
    ['an empty body', messages, { method: 'POST', headers: { 'Content-Type': 'text/plain' } }, 400, 'payload-invalid'],
    ['JSON that does not parse', messages, postInit('{'), 400, 'payload-invalid'],
    ['JSON that is no object', messages, postInit('[1]'), 400, 'payload-invalid'],
    ['a draft that fails the schema', messages, postInit('{"text":7}'), 400, 'payload-invalid'],
    ['bytes that are no UTF-8', messages, postInit(new Uint8Array([255])), 400, 'payload-invalid'],
    ['another content type', messages, postInit('x', { 'Content-Type': 'application/xml' }), 415, 'request-invalid'],
    ['an unknown scheme', messages, postInit('{"text":"x"}', { Authorization: 'Digest x' }), 400, 'request-invalid'],
    [
      'a user name that is none',
      messages,
      postInit('{"text":"x"}', { Authorization: `Basic ${btoa('A B:')}` }),
      400,
      'name-invalid',
    ],
    [
      "another site's page",
      messages,
      postInit('{"text":"x"}', { Origin: 'http://evil.example' }),
      403,
      'origin-refused',
    ],
    ['a body of 10 MB', messages, postInit('x'.repeat(10_000_000)), 413, 'too-large'],
  ] as const) {
    it(`refuses ${what} with ${status} ${code}`, async () => {
      await using hub = await startTestHub();

      const answer = await ask(hub, path, init);

      expect(answer.body).to.have.nested.property('error.code', code);
      expect(answer.status).to.equal(status);
      expect((await ask(hub, messages)).body).to.include({ lastSeq: 0 });
    });
  }
});

function postInit(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } };
}

describe('stopping', () => {
  it('ends long polls, TCP and WebSocket clients at once', async () => {
    const hub = await startTestHub();
    const clients = await Promise.all([hub.client('ana'), hub.client('ben', { url: hub.wsUrl })]);
    const poll = fetch(`${hub.httpUrl}${messages}?wait=60`).then(
      () => 'answered',
      () => 'ended',
    );
    await fetch(`${hub.httpUrl}/healthz`);

    const started = performance.now();
    await hub.close();

    // PRODUCT.md §6.7.
    expect(performance.now() - started).to.be.below(10_000);
    expect(clients.some(({ connected }) => connected)).to.equal(false);
    expect(await poll).to.be.oneOf(['answered', 'ended']);
  });
});

describe('stopping with a socket that says nothing', () => {
  it('takes no longer for a silent HTTP socket, and tells MQTT 5 clients why', async () => {
    const hub = await startTestHub();
    const silent = connect(hub.ports.http, '127.0.0.1');
    silent.on('error', () => {});
    await once(silent, 'connect');
    const client = await mqtt.connectAsync(hub.mqttUrl, { protocolVersion: 5, reconnectPeriod: 0 });
    const told = new Promise<number | undefined>((resolve) => {
      client.once('disconnect', ({ reasonCode }) => resolve(reasonCode));
    });

    const started = performance.now();
    await Promise.all([hub.close(), told]);

    expect(await told).to.equal(0x8b);
    expect(performance.now() - started).to.be.below(10_000);
  });
});

describe('what is no HTTP', () => {
  it('is answered in the form of every other error', async () => {
    await using hub = await startTestHub();
    const socket = connect(hub.ports.http, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));

    socket.write('NONSENSE\r\n\r\n');
    await once(socket, 'close');

    expect(answer)
      .to.match(/^HTTP\/1\.1 400 /)
      .and.match(/^parley-node: \w+\r$/im)
      .and.include('"code":"request-invalid"');
  });

  it('is refused from a page whose name was made to point at this machine', async () => {
    await using hub = await startTestHub();
    const socket = connect(hub.ports.http, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));

    const head =
      'POST /api/channels/general/messages HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n';
    socket.write(`${head}Content-Type: text/plain\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx`);
    await once(socket, 'close');

    expect(answer)
      .to.match(/^HTTP\/1\.1 403 /)
      .and.include('origin-refused');
  });
});

import { Agent, request } from 'node:http';
import { expect } from 'chai';
import { EventReader } from '../support/event-source.ts';
import { as, call } from '../support/http.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

/** More than are answered in one turn. */
const MANY = 600;

async function waiting({ httpUrl }: TestHub): Promise<number> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text();
  return Number(/^parley_http_polls_waiting (\d+)$/m.exec(text)![1]);
}

function poll(hub: TestHub, path: string, user = 'ben'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: hub.ports.http, path, headers: as(user), agent };
    const asked = request(options, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode!, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

const agent = new Agent({ maxSockets: Infinity });
const after = '/api/channels/general/messages?after=0&wait=60';

describe('long polls', () => {
  it('that wait for the same are all answered with it, each as it asked', async function () {
    this.timeout(30_000);
    await using hub = await startTestHub();
    const polls = Array.from({ length: MANY }, () => poll(hub, after));
    const short = poll(hub, '/api/channels/general/messages?after=0&wait=60&limit=1');
    await until(async () => (await waiting(hub)) === MANY + 1, 'all waiting', 20_000);

    await call(hub, 'ana', 'POST', '/api/channels/general/messages', { text: 'now' });
    const answers = await Promise.all(polls);

    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(new Set(answers.map(({ body }) => body)).size).to.equal(1);
    expect(JSON.parse(answers[0]!.body)).to.have.nested.property('entries[0].text', 'now');
    expect(JSON.parse((await short).body).entries).to.have.length(1);
    expect(await waiting(hub)).to.equal(0);
  });

  it('tell a caller who may no longer read that there is nothing', async () => {
    await using hub = await startTestHub();
    await call(hub, 'ana', 'POST', '/api/channels', { name: 'secret', private: true });
    await call(hub, 'ana', 'PUT', '/api/channels/secret/members/ben');
    const path = '/api/channels/secret/messages?after=0&wait=60';
    const [ben, ana] = [poll(hub, path, 'ben'), poll(hub, path, 'ana')];
    await until(async () => (await waiting(hub)) === 2, 'both waiting');

    await call(hub, 'ana', 'DELETE', '/api/channels/secret/members/ben');
    await call(hub, 'ana', 'POST', '/api/channels/secret/messages', { text: 'hidden' });

    expect((await ana).body).to.include('hidden');
    expect(await ben).to.have.property('status', 404);
    expect((await ben).body).not.to.include('hidden');
  });

  it('end with their channel, and are forgotten with their caller', async () => {
    await using hub = await startTestHub();
    await call(hub, 'ana', 'POST', '/api/channels', { name: 'brief' });
    const ended = poll(hub, '/api/channels/brief/messages?after=0&wait=60');
    const gone = new AbortController();
    const left = fetch(hub.httpUrl + after, { signal: gone.signal }).catch(() => undefined);
    await until(async () => (await waiting(hub)) === 2, 'both waiting');

    gone.abort();
    await call(hub, 'ana', 'DELETE', '/api/channels/brief');

    expect(await ended).to.have.property('status', 404);
    await left;
    await until(async () => (await waiting(hub)) === 0, 'nobody waiting');
  });
});

describe('many event streams of one channel', () => {
  it('all bring every entry in order, whatever comes while others have their turn', async function () {
    this.timeout(30_000);
    await using hub = await startTestHub();
    const path = '/api/channels/general/events';
    const readers = await Promise.all(Array.from({ length: MANY }, () => EventReader.open(hub, path)));
    const ana = await hub.client('ana');

    const texts = Array.from({ length: 20 }, (_none, index) => `${index}`);
    for (const text of texts) await ana.publishAsync('chat/general', text, { qos: 1 });

    for (const reader of readers) {
      const seen = await reader.entries(texts.length);
      expect(seen.map(({ text }) => text)).to.deep.equal(texts);
    }
    await Promise.all(readers.map((reader) => reader[Symbol.asyncDispose]()));
  });
});

import { expect } from 'chai';
import { connect } from 'node:net';
import { once } from 'node:events';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { openEvents } from '../support/events.ts';
import { ask, post } from '../support/http.ts';
import { until } from '../support/until.ts';

describe('GET /api/subscribe', () => {
  it('gives retained messages first, then what is published, as the object that publish takes', async () => {
    await using hub = await startTestHub();
    const ana = await hub.client('ana');
    await ana.publishAsync('home/door', 'shut', { qos: 1, retain: true });

    using events = await openEvents(hub, '/api/subscribe?filter=home/%23');
    await ana.publishAsync('home/lamp', Buffer.from([255, 0]), { qos: 1 });

    expect(events.response.headers.get('content-type')).to.match(/^text\/event-stream/);
    expect(events.response.headers.get('parley-node')).to.match(/^\w+$/);
    const base = { encoding: 'utf8', qos: 1 };
    expect(await events.next()).to.deep.equal({ ...base, topic: 'home/door', payload: 'shut', retain: true });
    expect(await events.next()).to.deep.equal({
      topic: 'home/lamp',
      payload: '/wA=',
      encoding: 'base64',
      qos: 1,
      retain: false,
    });
  });

  it('gives back every property that was published', async () => {
    await using hub = await startTestHub();
    using events = await openEvents(hub, '/api/subscribe?filter=a');
    const message = {
      topic: 'a',
      payload: '{}',
      encoding: 'utf8',
      qos: 0,
      retain: false,
      properties: {
        payloadFormatIndicator: true,
        messageExpiryInterval: 60,
        contentType: 'application/json',
        responseTopic: 'b',
        correlationData: 'AP8=',
        userProperties: [['k', 'v']],
      },
    };

    await ask(hub, '/api/publish', post(message));

    expect(await events.next()).to.deep.equal(message);
  });

  it('keeps the order of many retained messages before what came meanwhile', async () => {
    await using hub = await startTestHub();
    const ana = await hub.client('ana');
    const topics = Array.from({ length: 1000 }, (_, index) => `many/${index}`);
    await Promise.all(topics.map((topic) => ana.publishAsync(topic, 'x'.repeat(1000), { qos: 1, retain: true })));

    using events = await openEvents(hub, '/api/subscribe?filter=many/%23');
    await ana.publishAsync('many/live', 'now', { qos: 1 });

    await until(() => events.received.length === 1001, 'all of them');
    expect(events.received.slice(0, 1000).every(({ retain }) => retain === true)).to.equal(true);
    expect(events.received[1000]).to.include({ topic: 'many/live', retain: false });
  });

  it('shows nobody the direct messages and read positions of others', async () => {
    await using hub = await startTestHub();
    const [ana, eve] = await Promise.all([hub.client('ana'), hub.client('eve')]);
    await ana.publishAsync('chat/general', 'first', { qos: 1 });
    await ana.publishAsync('users/ana/read/general', '1', { qos: 1, retain: true });
    using own = await openEvents(hub, '/api/subscribe?filter=%23', 'ana');
    using other = await openEvents(hub, '/api/subscribe?filter=%23', 'eve');

    await ana.publishAsync('dm/ana/ben', 'between us', { qos: 1 });
    await eve.publishAsync('end', '', { qos: 1 });

    const seen = async ({ received }: typeof own): Promise<unknown[]> => {
      await until(() => received.some(({ topic }) => topic === 'end'), 'the last one');
      return received.map(({ topic }) => topic).filter((topic) => /^(?:dm|users)\//.test(String(topic)));
    };
    expect(await seen(own)).to.deep.equal(['users/ana/read/general', 'dm/ana/ben']);
    expect(await seen(other)).to.deep.equal([]);
  });

  for (const [what, query, status, code] of [
    ['no filter', '', 400, 'request-invalid'],
    ['an empty filter', '?filter=', 400, 'request-invalid'],
    ['a malformed filter', '?filter=a%23', 400, 'request-invalid'],
    ['a filter of too many levels', `?filter=${'a/'.repeat(100)}`, 400, 'request-invalid'],
    ['a shared subscription', '?filter=%24share/g/a', 400, 'request-invalid'],
    ['an unknown value', '?filter=a&qos=1', 400, 'request-invalid'],
    ['the direct messages of others', '?filter=dm/ana/ben', 403, 'not-authorized'],
    ['everything of another user', '?filter=users/ana/%23', 403, 'not-authorized'],
    ["another client's errors", '?filter=hub/errors/x', 403, 'not-authorized'],
  ] as const) {
    it(`refuses ${what} with ${status} ${code}`, async () => {
      await using hub = await startTestHub();

      const answer = await ask(hub, `/api/subscribe${query}`);

      expect(answer.body).to.have.nested.property('error.code', code);
      expect(answer.status).to.equal(status);
    });
  }

  it('ends when the hub stops', async () => {
    const hub = await startTestHub();
    using events = await openEvents(hub, '/api/subscribe?filter=%23');

    // It does not wait until the reader goes, which it never does.
    await hub.close();

    await events.ended;
  });

  it('drops a reader that takes nothing, and no one else waits for it', async () => {
    await using hub = await startTestHub({ maxOutboundBytes: 64 * 1024 });
    const ana = await hub.client('ana');
    const silent = connect(hub.ports.http, '127.0.0.1');
    silent.write('GET /api/subscribe?filter=flood HTTP/1.1\r\nHost: hub\r\n\r\n');
    await once(silent, 'readable');
    using reader = await openEvents(hub, '/api/subscribe?filter=flood');

    const closed = once(silent, 'close');
    const payload = 'x'.repeat(32 * 1024);
    for (let index = 0; index < 400; index++) await ana.publishAsync('flood', payload, { qos: 1 });
    await until(() => reader.received.length === 400, 'all for the other reader');
    silent.resume();

    await closed;
    expect(silent.bytesRead).to.be.below(400 * payload.length);
  });

  it('leaves nothing behind when its reader goes', async () => {
    await using hub = await startTestHub();
    const events = await openEvents(hub, '/api/subscribe?filter=%23');
    expect(await readers(hub)).to.equal('1');

    events[Symbol.dispose]();

    await until(async () => (await readers(hub)) === '0', 'the reader is gone');
  });
});

async function readers({ httpUrl }: TestHub): Promise<string | undefined> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text();
  return /^parley_http_event_readers (\d+)$/m.exec(text)?.[1];
}

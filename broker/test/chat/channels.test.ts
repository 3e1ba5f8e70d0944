import { expect } from 'chai';
import { createData } from '../../src/store/memory.ts';
import { startTestHub } from '../support/hub.ts';
import { call } from '../support/http.ts';
import { follow } from '../support/messages.ts';
import { until } from '../support/until.ts';
import { SlowStore } from '../support/store.ts';

describe('channels over HTTP', () => {
  it('are created, described, changed and deleted, and their documents follow', async () => {
    await using hub = await startTestHub();
    const reader = await hub.client('ben');
    const documents = await follow(reader, 'channels/garden');

    const created = await call(hub, 'ana', 'POST', '/api/channels', { name: 'garden', topic: 'tomatoes' });
    const first = (await documents.next()).json();
    const changed = await call(hub, 'ben', 'PATCH', '/api/channels/garden', { topic: 'peas', display: 'The Garden' });
    const second = (await documents.next()).json();
    const deleted = await call(hub, 'ben', 'DELETE', '/api/channels/garden');
    const third = await documents.next();

    expect(created.status).to.equal(201);
    expect(created.body).to.include({ name: 'garden', topic: 'tomatoes', private: false, lastSeq: 0 });
    expect(first).to.deep.equal(created.body);
    expect(changed.body).to.include({ topic: 'peas', display: 'The Garden', log: created.body.log });
    expect(second).to.deep.equal(changed.body);
    expect(deleted.status).to.equal(204);
    expect(third.payload).to.have.length(0);
    expect((await call(hub, 'ana', 'GET', '/api/channels/garden/messages')).status).to.equal(404);
  });

  it('tell who is taken out of a private one, and nobody else', async () => {
    await using hub = await startTestHub();
    await call(hub, 'ana', 'POST', '/api/channels', { name: 'secret', private: true });
    await call(hub, 'ana', 'PUT', '/api/channels/secret/members/ben');
    const [his, hers] = await Promise.all(
      ['ben', 'ana'].map(async (name) => follow(await hub.client(name), `users/+/channels/+`)),
    );

    await call(hub, 'ana', 'DELETE', '/api/channels/secret/members/ben');
    const told = await his!.next();
    await call(hub, 'ana', 'PUT', '/api/channels/secret/members/ben');
    await call(hub, 'ben', 'DELETE', '/api/channels/secret/members/ana');

    expect([told.topic, told.json()]).to.deep.equal(['users/ben/channels/secret', { member: false }]);
    expect((await hers!.next()).topic).to.equal('users/ana/channels/secret');
    expect(hers!.queue).to.deep.equal([]);
  });

  it('begin a new log when a name is used again', async () => {
    await using hub = await startTestHub();
    const path = '/api/channels/garden/messages';
    await call(hub, 'ana', 'POST', path, { text: 'old' });
    const before = (await call(hub, 'ana', 'GET', path)).body;

    await call(hub, 'ana', 'DELETE', '/api/channels/garden');
    await call(hub, 'ana', 'POST', path, { text: 'new' });
    const after = (await call(hub, 'ana', 'GET', path)).body;

    expect(after.log).to.not.equal(before.log);
    expect(after.entries).to.have.length(1);
    expect(after.entries[0]).to.include({ seq: 1, text: 'new' });
  });

  it('come back after a restart with their log, members and entries', async () => {
    const data = createData();
    let before;
    {
      await using hub = await startTestHub({}, { store: new SlowStore(data) });
      await call(hub, 'ana', 'POST', '/api/channels', { name: 'secret', private: true });
      await call(hub, 'ana', 'PUT', '/api/channels/secret/members/ben');
      await call(hub, 'ana', 'POST', '/api/channels/secret/messages', { text: 'kept' });
      await call(hub, 'ana', 'POST', '/api/dm/ben/messages', { text: 'kept too' });
      before = (await call(hub, 'ben', 'GET', '/api/channels/secret/messages')).body;
    }

    await using hub = await startTestHub({}, { store: new SlowStore(data) });
    const again = await call(hub, 'ben', 'POST', '/api/channels/secret/messages', { text: 'next' });

    expect(again.body).to.include({ seq: 2 });
    const after = (await call(hub, 'ben', 'GET', '/api/channels/secret/messages?before=2')).body;
    expect(after).to.deep.equal({ ...before, lastSeq: 2 });
    expect((await call(hub, 'eve', 'GET', '/api/channels/secret/messages')).status).to.equal(404);
    expect((await call(hub, 'ben', 'GET', '/api/dm/ana/messages')).body.entries[0]).to.include({ text: 'kept too' });
  });

  it('leave direct messages to a list of their own, which only the two see', async () => {
    await using hub = await startTestHub();
    await call(hub, 'ben', 'POST', '/api/dm/ana/messages', { text: 'one' });
    await call(hub, 'ana', 'POST', '/api/dm/ben/messages', { text: 'two' });
    const { log } = (await call(hub, 'ana', 'GET', '/api/dm/ben/messages')).body;

    expect((await call(hub, 'ana', 'GET', '/api/dm')).body).to.deep.equal({
      directs: [{ user: 'ben', log, lastSeq: 2 }],
    });
    expect((await call(hub, 'ben', 'GET', '/api/dm')).body.directs[0]).to.include({ user: 'ana', lastSeq: 2 });
    expect((await call(hub, 'eve', 'GET', '/api/dm')).body).to.deep.equal({ directs: [] });
  });

  it('have another log, and the same entries, in a store that was restored', async () => {
    const data = createData();
    let before;
    {
      await using hub = await startTestHub({}, { store: new SlowStore(data) });
      await call(hub, 'ana', 'POST', '/api/channels/general/messages', { text: 'kept' });
      before = (await call(hub, 'ana', 'GET', '/api/channels/general/messages')).body;
    }

    await using hub = await startTestHub({}, { store: new SlowStore({ ...data, id: 'another' }) });
    const after = (await call(hub, 'ana', 'GET', '/api/channels/general/messages')).body;
    const documents = await follow(await hub.client('ben'), 'channels/general');

    expect(after.log).to.not.equal(before.log);
    expect(after.entries).to.deep.equal(before.entries);
    expect((await documents.next()).json()).to.include({ log: after.log, lastSeq: 1 });
  });

  it('answer 507 when the store has no room, change nothing, and go on when it has', async () => {
    const store = new SlowStore();
    await using hub = await startTestHub({}, { store });
    await call(hub, 'ana', 'POST', '/api/channels/general/messages', { text: 'one' });

    store.holding = true;
    const failing = [
      call(hub, 'ana', 'POST', '/api/channels/general/messages', { text: 'lost' }),
      call(hub, 'ana', 'POST', '/api/channels', { name: 'lost' }),
      call(hub, 'ana', 'PUT', '/api/users/ana', { display: 'lost' }),
    ];
    await until(() => store.waiting >= 3, 'three commits waiting');
    store.fail();
    const answers = await Promise.all(failing);
    store.release();

    expect(answers.map(({ status, body }) => [status, body.error?.code])).to.deep.equal([
      [507, 'not-stored'],
      [507, 'not-stored'],
      [507, 'not-stored'],
    ]);
    const { body } = await call(hub, 'ana', 'GET', '/api/channels');
    expect(body.channels.map(({ name }: { name: string }) => name)).to.deep.equal(['general']);
    expect((await call(hub, 'ana', 'POST', '/api/channels/general/messages', { text: 'two' })).body.seq).to.equal(2);
  });

  for (const [what, method, path, body, status, code] of [
    ['a name that is none', 'POST', '/api/channels', { name: 'No Name' }, 400, 'name-invalid'],
    ['no name', 'POST', '/api/channels', {}, 400, 'request-invalid'],
    ['a name in use', 'POST', '/api/channels', { name: 'general' }, 409, 'name-taken'],
    ['JSON that does not parse', 'POST', '/api/channels', '{', 400, 'request-invalid'],
    ['a topic too long', 'POST', '/api/channels', { name: 'x', topic: 'x'.repeat(1025) }, 400, 'request-invalid'],
    ['a private general', 'PATCH', '/api/channels/general', { private: true }, 403, 'not-authorized'],
    ['no change', 'PATCH', '/api/channels/general', {}, 400, 'request-invalid'],
    ['the end of general', 'DELETE', '/api/channels/general', undefined, 403, 'not-authorized'],
    ['the end of nothing', 'DELETE', '/api/channels/nowhere', undefined, 404, 'not-found'],
    ['a change of nothing', 'PATCH', '/api/channels/nowhere', { topic: 'x' }, 404, 'not-found'],
    ['a member that is no name', 'PUT', '/api/channels/general/members/No%20Name', undefined, 400, 'name-invalid'],
    ['a member of nothing', 'PUT', '/api/channels/nowhere/members/ben', undefined, 404, 'not-found'],
    ['a member that is none', 'DELETE', '/api/channels/general/members/ben', undefined, 404, 'not-found'],
    ['messages to oneself', 'POST', '/api/dm/ana/messages', { text: 'x' }, 400, 'topic-invalid'],
    ['messages to nobody', 'GET', '/api/dm/No%20Name/messages', undefined, 400, 'name-invalid'],
    ["another one's display name", 'PUT', '/api/users/ben', { display: 'x' }, 403, 'not-authorized'],
    ['a display name too long', 'PUT', '/api/users/ana', { display: 'x'.repeat(129) }, 400, 'request-invalid'],
    ['an unknown status', 'PUT', '/api/presence', { status: 'busy' }, 400, 'request-invalid'],
    ['a search for nothing', 'GET', '/api/search?q=', undefined, 400, 'request-invalid'],
    ['a search without words', 'GET', '/api/search?q=%2B%2B', undefined, 400, 'request-invalid'],
    ['a search nowhere', 'GET', '/api/search?q=x&channel=nowhere', undefined, 404, 'not-found'],
    ['events of nothing', 'GET', '/api/channels/nowhere/events', undefined, 404, 'not-found'],
  ] as const) {
    it(`refuse ${what} with ${status} ${code}`, async () => {
      await using hub = await startTestHub();

      const answer = await call(hub, 'ana', method, path, body);

      expect(answer.body.error.code).to.equal(code);
      expect(answer.status).to.equal(status);
    });
  }

  it('are as many as there may be, and no more by any way; those that are there go on', async () => {
    await using hub = await startTestHub({ maxChannels: 2 });
    const ana = await hub.client('ana', { protocolVersion: 5 });
    await ana.publishAsync('chat/garden', 'first', { qos: 1 });

    const draft = await ana
      .publishAsync('chat/kitchen', 'x', { qos: 1 })
      .catch((error: { code: number }) => error.code);
    const posted = await call(hub, 'ana', 'POST', '/api/channels/kitchen/messages', { text: 'x' });
    const created = await call(hub, 'ana', 'POST', '/api/channels', { name: 'kitchen' });
    const known = await call(hub, 'ana', 'POST', '/api/channels/garden/messages', { text: 'second' });
    await call(hub, 'ana', 'DELETE', '/api/channels/garden');
    const after = await call(hub, 'ana', 'POST', '/api/channels/kitchen/messages', { text: 'x' });

    expect(draft).to.equal(0x97);
    for (const refused of [posted, created]) {
      expect(refused.status).to.equal(507);
      expect(refused.body).to.have.nested.property('error.code', 'quota-exceeded');
    }
    expect([known.status, after.status]).to.deep.equal([201, 201]);
  });
});

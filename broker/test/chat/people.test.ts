import { expect } from 'chai';
import { createData } from '../../src/store/memory.ts';
import { call } from '../support/http.ts';
import { startTestHub } from '../support/hub.ts';
import { follow } from '../support/messages.ts';
import { SlowStore } from '../support/store.ts';

describe('people', () => {
  it('are everybody who was here, with the names they gave themselves, and no devices', async () => {
    await using hub = await startTestHub();
    const lamp = await hub.client('lamp-1');
    await lamp.publishAsync('devices/lamp-1/status', 'online', { qos: 1, retain: true });
    await hub.client('ben');

    const named = await call(hub, 'ana', 'PUT', '/api/users/ana', { display: ' Ana Bö ' });
    const { body } = await call(hub, 'eve', 'GET', '/api/users');

    expect(named.body).to.deep.equal({ user: 'ana', display: 'Ana Bö' });
    expect(body).to.deep.equal({ users: [{ user: 'ana', display: 'Ana Bö' }, { user: 'ben' }] });
  });

  it('are away when they say so, until they are back or gone', async () => {
    await using hub = await startTestHub();
    const ben = await hub.client('ben');
    const presence = await follow(await hub.client('ana'), 'presence/ben');
    await presence.next();

    const away = await call(hub, 'ben', 'PUT', '/api/presence', { status: 'away' });
    const seen = (await presence.next()).json();
    await call(hub, 'ben', 'PUT', '/api/presence', { status: 'online' });
    await presence.next();
    await call(hub, 'ben', 'PUT', '/api/presence', { status: 'away' });
    await presence.next();
    await ben.endAsync();
    const gone = (await presence.next()).json();
    await hub.client('ben');

    expect(away.body).to.include({ user: 'ben', status: 'away', connections: 1 });
    expect(seen).to.include({ status: 'away' });
    expect(gone).to.include({ status: 'offline' });
    expect((await presence.next()).json()).to.include({ status: 'online' });
    expect((await call(hub, undefined, 'PUT', '/api/presence', { status: 'away' })).status).to.equal(403);
  });

  it('are offline after a restart of the hub, unless they come back within the grace', async () => {
    const data = createData();
    const first = await startTestHub({}, { store: new SlowStore(data) });
    await Promise.all([first.client('ana'), first.client('ben')]);
    // What a crash leaves: the store as it is, and nothing that closed.
    const crashed = structuredClone(
      [...data.retained].filter(([topic]) => topic.startsWith('presence/')).map(([topic]) => topic),
    );

    await using hub = await startTestHub({ presenceGraceSeconds: 1 }, { store: new SlowStore(data) });
    await hub.client('ana');
    const presence = await follow(await hub.client('eve'), 'presence/ben');

    expect(crashed).to.include.members(['presence/ana', 'presence/ben']);
    await presence.next(({ json }) => json()['status'] === 'offline');
    const { users } = (await call(hub, 'eve', 'GET', '/api/presence')).body;
    expect(users.find(({ user }: { user: string }) => user === 'ana')).to.include({ status: 'online', connections: 1 });
    await first.close();
  });
});

describe('read positions', () => {
  it('are kept for their user alone and only grow', async () => {
    await using hub = await startTestHub();
    for (const text of ['1', '2', '3']) await call(hub, 'ana', 'POST', '/api/channels/general/messages', { text });
    const ana = await hub.client('ana');
    const topic = 'users/ana/read/general';

    await ana.publishAsync(topic, '2', { qos: 1 });
    await ana.publishAsync(topic, '1', { qos: 1, retain: true });
    const mine = await follow(await hub.client('ana'), 'users/ana/#');
    const kept = await mine.next();
    await ana.publishAsync(topic, '3', { qos: 1, retain: true });

    expect([kept.text(), kept.packet.retain]).to.deep.equal(['2', true]);
    expect((await mine.next()).text()).to.equal('3');
  });

  it('begin anew with the log, and go with the channel', async () => {
    await using hub = await startTestHub();
    const path = '/api/channels/garden/messages';
    for (const text of ['1', '2']) await call(hub, 'ana', 'POST', path, { text });
    const ana = await hub.client('ana');
    const mine = await follow(ana, 'users/ana/read/garden');
    await ana.publishAsync('users/ana/read/garden', '2', { qos: 1, retain: true });
    await mine.next();

    await call(hub, 'ana', 'DELETE', '/api/channels/garden');
    const emptied = await mine.next();
    await call(hub, 'ana', 'POST', path, { text: 'new' });
    await ana.publishAsync('users/ana/read/garden', '1', { qos: 1, retain: true });

    expect(emptied.payload).to.have.length(0);
    expect((await mine.next()).text()).to.equal('1');
  });

  for (const [what, topic, payload, code] of [
    ['no integer', 'users/ana/read/general', '1.5', 'payload-invalid'],
    ['text', 'users/ana/read/general', 'all', 'payload-invalid'],
    ['nothing', 'users/ana/read/general', '', 'payload-invalid'],
    ['less than nothing', 'users/ana/read/general', '-1', 'payload-invalid'],
    ['beyond the last entry', 'users/ana/read/general', '2', 'payload-invalid'],
    ['in a channel that is not there', 'users/ana/read/nowhere', '0', 'not-found'],
    ['in direct messages, beyond the last', 'users/ana/read/dm/ben', '1', 'payload-invalid'],
    ["another user's", 'users/ben/read/general', '1', 'not-authorized'],
  ] as const) {
    it(`are refused when they are ${what}`, async () => {
      await using hub = await startTestHub();
      await call(hub, 'ana', 'POST', '/api/channels/general/messages', { text: 'one' });
      const ana = await hub.client('ana');
      const errors = await follow(ana, 'hub/errors/+', { qos: 0 });

      await ana.publishAsync(topic, payload, { qos: 1, retain: true });

      expect((await errors.next()).json()).to.include({ code });
    });
  }
});

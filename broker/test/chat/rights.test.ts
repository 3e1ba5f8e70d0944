import { expect } from 'chai';
import mqtt from 'mqtt';
import { Rights } from '../../src/auth/rights.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { call } from '../support/http.ts';
import { follow } from '../support/messages.ts';
import { until } from '../support/until.ts';

describe('rights', () => {
  const members = new Map([['secret', new Set(['ana', 'ben'])]]);
  const rights = new Rights({ version: 1, membersOf: (channel) => members.get(channel) });
  const [ana, eve] = ['ana', 'eve'].map((user) => ({ id: `${user}’s phone`, user }));
  const own = 'ana%E2%80%99s%20phone';

  for (const [topic, anas, eves] of [
    ['chat/general', 'publish read manage', 'publish read manage'],
    ['chat/secret', 'publish read manage', ''],
    ['chat/secret/typing', 'publish read manage', ''],
    ['chat/secret/deep/down', 'publish read manage', ''],
    ['chat/secretive', 'publish read manage', 'publish read manage'],
    ['channels/general', 'read manage', 'read manage'],
    ['channels/secret', 'read manage', ''],
    ['presence/ana', 'read manage', 'read manage'],
    ['$SYS/broker/uptime', 'read manage', 'read manage'],
    ['dm/ana/ben', 'publish read manage', ''],
    ['dm/ana/ben/typing', 'publish read manage', ''],
    ['dm/eve/zoe', '', 'publish read manage'],
    ['users/ana/read/general', 'publish read manage', ''],
    ['hub/requests/who', 'publish read manage', 'publish read manage'],
    [`hub/errors/${own}`, 'read manage', 'manage'],
    [`hub/replies/${own}/1`, 'read manage', 'manage'],
    ['devices/lamp/state', 'publish read manage', 'publish read manage'],
    ['home/kitchen', 'publish read manage', 'publish read manage'],
  ] as const) {
    it(`of ${topic} are what PRODUCT.md says, for those inside and outside`, () => {
      const of = (who: typeof ana) =>
        (['publish', 'read', 'manage', 'moderate'] as const).filter((action) => rights.may(who!, action, topic));

      expect(of(ana).join(' ')).to.equal(anas);
      expect(of(eve).join(' ')).to.equal(eves);
      expect(rights.may(null, 'moderate', topic)).to.equal(true);
    });
  }

  for (const [filter, anas, eves] of [
    ['#', true, true],
    ['chat/#', true, true],
    ['chat/+', true, true],
    ['chat/secret', true, false],
    ['chat/secret/#', true, false],
    ['$share/g/chat/secret', true, false],
    ['channels/secret', true, false],
    ['+/secret', true, true],
    ['dm/+/+', true, true],
    ['dm/ana/ben', true, false],
    ['dm/ana/#', true, true],
    ['dm/ana/ben/#', true, false],
    ['users/ana/#', true, false],
    ['users/+/read/+', true, true],
    ['hub/errors/+', true, true],
    [`hub/replies/${own}/+`, true, false],
    ['presence/+', true, true],
  ] as const) {
    it(`to subscribe ${filter} are given when it can match something readable`, () => {
      expect(rights.maySubscribe(ana!, filter)).to.equal(anas);
      expect(rights.maySubscribe(eve!, filter)).to.equal(eves);
    });
  }

  it('change with the memberships they were decided by', () => {
    const changing = { version: 1, membersOf: () => new Set(['ana']) as ReadonlySet<string> | undefined };
    const cached = new Rights(changing);

    const before = cached.may(eve!, 'read', 'chat/secret');
    changing.membersOf = () => undefined;
    changing.version++;

    expect([before, cached.may(eve!, 'read', 'chat/secret')]).to.deep.equal([false, true]);
  });
});

async function withSecret(hub: TestHub): Promise<void> {
  await call(hub, 'ana', 'POST', '/api/channels', { name: 'secret', private: true, topic: 'plans' });
  await call(hub, 'ana', 'PUT', '/api/channels/secret/members/ben');
}

describe('a private channel', () => {
  it('reaches its members alone: live, retained, shared and queued', async () => {
    await using hub = await startTestHub();
    await withSecret(hub);
    const kept = { clean: false, clientId: 'eve-kept', protocolVersion: 5 as const };
    const eveKept = await hub.client('eve', { ...kept, properties: { sessionExpiryInterval: 60 } });
    await eveKept.subscribeAsync('chat/#', { qos: 1 });
    await eveKept.endAsync();
    const [ben, eve] = await Promise.all([hub.client('ben'), hub.client('eve')]);
    const atBen = await follow(ben, '#');
    const atEve = await follow(eve, '#');
    await eve.subscribeAsync('$share/g/chat/+', { qos: 1 });
    const ana = await hub.client('ana');

    await ana.publishAsync('chat/secret', 'plan', { qos: 1 });
    await ana.publishAsync('chat/secret/typing', '');
    await ana.publishAsync('chat/general', 'loud', { qos: 1 });

    expect((await atBen.next(({ topic }) => topic === 'chat/secret')).json()).to.include({ text: 'plan' });
    expect((await atBen.next(({ topic }) => topic === 'channels/secret')).json()).to.include({ topic: 'plans' });
    await atEve.next(({ topic }) => topic === 'chat/general');
    const queued: string[] = [];
    const back = mqtt.connect(hub.mqttUrl, { ...kept, username: 'eve', reconnectPeriod: 0 });
    back.on('message', (topic) => queued.push(topic));
    await until(() => queued.includes('chat/general'), 'the queue arriving');
    await back.endAsync(true);
    expect([...atEve.queue.map(({ topic }) => topic), ...queued].join(' ')).to.not.include('secret');
  });

  it('is missing for everybody else over HTTP', async () => {
    await using hub = await startTestHub();
    await withSecret(hub);
    await call(hub, 'ana', 'POST', '/api/channels/secret/messages', { text: 'plan' });

    for (const [method, path, body] of [
      ['GET', '/api/channels/secret'],
      ['GET', '/api/channels/secret/messages'],
      ['GET', '/api/channels/secret/messages?after=1&wait=30'],
      ['POST', '/api/channels/secret/messages', { text: 'x' }],
      ['GET', '/api/channels/secret/events'],
      ['GET', '/api/channels/secret/members'],
      ['PUT', '/api/channels/secret/members/eve'],
      ['DELETE', '/api/channels/secret/members/ana'],
      ['PATCH', '/api/channels/secret', { private: false }],
      ['DELETE', '/api/channels/secret'],
      ['GET', '/api/search?q=plan&channel=secret'],
    ] as const) {
      const hidden = await call(hub, 'eve', method, path, body);
      expect([path, hidden.status, hidden.body.error.code]).to.deep.equal([path, 404, 'not-found']);
    }
    const { body } = await call(hub, 'eve', 'GET', '/api/channels');
    expect(JSON.stringify(body)).to.not.include('secret');
    expect((await call(hub, 'eve', 'GET', '/api/search?q=plan')).body.entries).to.deep.equal([]);
    expect((await call(hub, 'ben', 'GET', '/api/search?q=plan')).body.entries).to.have.length(1);
  });

  it('refuses a publish and a literal subscription of others', async () => {
    await using hub = await startTestHub();
    await withSecret(hub);
    const eve = await hub.client('eve', { protocolVersion: 5 });

    const published = await eve.publishAsync('chat/secret', 'x', { qos: 1 }).catch((error: unknown) => error);
    const subscribed = await eve.subscribeAsync('chat/secret').catch((error: unknown) => error);

    expect(published).to.include({ code: 0x87 });
    expect(subscribed).to.be.instanceOf(Error);
    expect((await call(hub, 'ana', 'GET', '/api/channels/secret/messages')).body.lastSeq).to.equal(0);
  });

  it('shows itself to a new member and hides from one who left', async () => {
    await using hub = await startTestHub();
    await withSecret(hub);
    const [ana, eve] = await Promise.all([hub.client('ana'), hub.client('eve')]);
    const atEve = await follow(eve, 'chat/+');

    await call(hub, 'ben', 'PUT', '/api/channels/secret/members/eve');
    await ana.publishAsync('chat/secret', 'hello eve', { qos: 1 });
    const seen = (await atEve.next()).json();
    await call(hub, 'eve', 'DELETE', '/api/channels/secret/members/eve');
    await ana.publishAsync('chat/secret', 'she left', { qos: 1 });
    await ana.publishAsync('chat/general', 'after', { qos: 1 });

    expect(seen).to.include({ text: 'hello eve' });
    expect((await atEve.next()).json()).to.include({ text: 'after' });
    expect((await call(hub, 'eve', 'GET', '/api/channels/secret/messages')).status).to.equal(404);
  });

  it('is not left without a member', async () => {
    await using hub = await startTestHub();
    await call(hub, 'ana', 'POST', '/api/channels', { name: 'secret', private: true });

    const answer = await call(hub, 'ana', 'DELETE', '/api/channels/secret/members/ana');

    expect([answer.status, answer.body.error.code]).to.deep.equal([400, 'request-invalid']);
  });

  it('leaves nothing in the queues of others that its end would set free', async () => {
    await using hub = await startTestHub();
    await withSecret(hub);
    const kept = { clean: false, clientId: 'eve-kept', protocolVersion: 5 as const, username: 'eve' };
    const first = await hub.client('eve', { ...kept, properties: { sessionExpiryInterval: 60 } });
    await first.subscribeAsync('chat/#', { qos: 1 });
    await first.endAsync();
    const ana = await hub.client('ana');

    await ana.publishAsync('chat/secret', 'plan', { qos: 1 });
    await call(hub, 'ana', 'DELETE', '/api/channels/secret');
    await ana.publishAsync('chat/general', 'loud', { qos: 1 });
    const queued: string[] = [];
    const back = mqtt.connect(hub.mqttUrl, { ...kept, reconnectPeriod: 0 });
    back.on('message', (topic) => queued.push(topic));
    await until(() => queued.includes('chat/general'), 'the queue arriving');
    await back.endAsync(true);

    expect(queued).to.deep.equal(['chat/general']);
  });

  it('gives a shared message to a member, not to a session that may not read it', async () => {
    await using hub = await startTestHub();
    await withSecret(hub);
    const session = { clean: false, protocolVersion: 5 as const, properties: { sessionExpiryInterval: 60 } };
    for (const user of ['eve', 'ben']) {
      const client = await hub.client(user, { ...session, clientId: user });
      await client.subscribeAsync('$share/g/chat/+', { qos: 1 });
      await client.endAsync();
    }
    const ana = await hub.client('ana');

    for (let count = 0; count < 4; count++) await ana.publishAsync('chat/secret', `plan ${count}`, { qos: 1 });
    const atBen: string[] = [];
    const back = mqtt.connect(hub.mqttUrl, { ...session, clientId: 'ben', username: 'ben', reconnectPeriod: 0 });
    back.on('message', (_topic, payload) => atBen.push(payload.toString()));
    await until(() => atBen.length === 4, 'all four arriving');
    await back.endAsync(true);
  });
});

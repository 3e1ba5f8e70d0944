import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ConnectionState } from '@parley/shared/client';
import { connectHub } from '@parley/shared/client/node';
import { expect } from 'chai';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { until } from '../../../broker/test/support/until.ts';
import { connect, nowhere, rejection } from './support/client.ts';
import { fakeLinks } from './support/fake-link.ts';

function timers(): number {
  return process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
}

describe('a client', () => {
  for (const [transport, url] of [
    ['TCP', 'mqttUrl'],
    ['WebSocket', 'wsUrl'],
    ['WebSocket, from the address of the page', 'httpUrl'],
  ] as const) {
    it(`connects over ${transport}`, async () => {
      await using hub = await startTestHub();
      await using ana = await connectHub({ url: hub[url], user: 'Ana' });

      await ana.whenOnline();

      expect(ana.user).to.equal('ana');
      expect(ana.connection.state).to.equal('online');
    });
  }

  it('has no more on its way than the hub takes at a time, and keeps the order', async () => {
    await using hub = await startTestHub({ receiveMaximum: 4 });
    await using ana = await connect(hub, 'ana', { ackTimeoutMs: 15_000 });
    const numbers = ana.subscribe('numbers');
    await ana.whenOnline();
    const states: string[] = [];
    ana.on('connection', ({ state }) => states.push(state));

    await Promise.all(Array.from({ length: 100 }, (_, index) => ana.publish('numbers', `${index}`, { qos: 1 })));

    const seen: number[] = [];
    while (seen.length < 100) seen.push(Number(new TextDecoder().decode((await numbers.next()).value!.payload)));
    expect(seen).to.deep.equal(Array.from({ length: 100 }, (_, index) => index));
    expect(states).to.deep.equal([]);
  });

  it('is told why a publish is refused, in the call itself', async () => {
    await using hub = await startTestHub({ maxPacketBytes: 2000 });
    await using ana = await connect(hub, 'ana');
    const codeOf = async (topic: string, payload = 'x', qos: 0 | 1 | 2 = 1) =>
      (await rejection(ana.publish(topic, payload, { qos }))).code;

    expect(await codeOf('presence/ben')).to.equal('not-authorized');
    expect(await codeOf('chat/Not A Name')).to.equal('name-invalid');
    expect(await codeOf('dm/zoe/ana', 'x', 2)).to.equal('topic-invalid');
    expect(await codeOf('anything', 'x'.repeat(2000))).to.equal('too-large');
    expect(await codeOf('anything', 'x'.repeat(2000), 0)).to.equal('too-large');
    expect(ana.connection.state).to.equal('online');
  });

  it('tells where its connection stands', async () => {
    await using hub = await startTestHub();
    const states: ConnectionState['state'][] = [];
    const { links, openLink } = fakeLinks();
    const ana = await connect(hub, 'ana', { platform: { openLink } });
    ana.on('connection', ({ state }) => states.push(state));
    await until(() => links[0], 'a link');

    links[0]!.events.opened();
    links[0]!.events.closed({ code: 'link-down', message: 'cable pulled' }, false);
    const lost = ana.connection;
    await until(() => links[1], 'another link');
    links[1]!.events.opened();
    await ana.close();

    expect(lost).to.deep.include({ state: 'waiting', failure: { code: 'link-down', message: 'cable pulled' } });
    expect(states).to.deep.equal(['online', 'waiting', 'connecting', 'online', 'closed']);
    expect(links[1]!.isEnded).to.equal(true);
  });

  it('does not try again with credentials that are refused, until it is told to', async () => {
    const { links, openLink } = fakeLinks();
    let token = 'old';
    await using ana = await connect(nowhere, 'ana', { platform: { openLink }, token: () => token });
    await until(() => links[0], 'a link');
    const waiting = rejection(ana.whenOnline());

    links[0]!.events.closed({ code: 'not-authorized', message: 'token is over', reasonCode: 0x87 }, true);
    expect(ana.connection.state).to.equal('refused');
    expect(await waiting).to.include({ code: 'connection-refused', message: 'token is over' });
    token = 'new';
    ana.reconnect();

    await until(() => links[1], 'another try');
  });

  it('is refused by a hub that knows why', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'hub');

    expect(await rejection(ana.whenOnline())).to.include({ code: 'connection-refused' });
    expect(ana.connection).to.have.nested.property('failure.reasonCode', 0x86);
  });

  it('comes back at once when it is woken', async () => {
    const { links, openLink } = fakeLinks();
    const reconnect = { baseMs: 60_000, capMs: 60_000 };
    await using ana = await connect(nowhere, 'ana', { platform: { openLink, random: () => 0.999 }, reconnect });
    await until(() => links[0], 'a link');
    links[0]!.events.closed({ code: 'link-down', message: 'gone' }, false);

    ana.wake();

    await until(() => links[1], 'another link');
  });

  it('notices a connection that has died without a word when it is woken', async () => {
    const { links, openLink } = fakeLinks();
    await using ana = await connect(nowhere, 'ana', { platform: { openLink }, ackTimeoutMs: 50 });
    await until(() => links[0], 'a link');
    links[0]!.events.opened();

    ana.wake();

    await until(() => links[1], 'another link');
    expect(links[0]!.isEnded).to.equal(true);
  });

  it('gives up on a connection without acknowledgements', async () => {
    const { links, openLink } = fakeLinks();
    await using ana = await connect(nowhere, 'ana', { platform: { openLink }, ackTimeoutMs: 50 });
    await until(() => links[0], 'a link');
    links[0]!.answer = () => new Promise(() => undefined);
    links[0]!.events.opened();

    expect(await rejection(ana.publish('a', 'b', { qos: 1 }))).to.include({ code: 'link-down' });
    await until(() => links[1], 'another link');
  });

  it('closes with its signal, and once', async () => {
    const aborter = new AbortController();
    const ana = await connect(nowhere, 'ana', { signal: aborter.signal });

    aborter.abort();
    await Promise.all([ana.close(), ana.close()]);

    expect(ana.connection).to.deep.equal({ state: 'closed' });
    expect(await rejection(ana.whenOnline())).to.include({ code: 'closed' });
  });

  it('leaves nothing running', async () => {
    await using hub = await startTestHub();
    const before = timers();
    const ana = await connect(hub, 'ana');
    const general = ana.channel('general');
    general.type();
    await general.send('hello').whenSent();
    general.markRead();
    void ana.people;
    ana.device('lamp-1');
    void rejection(ana.device('lamp-1').command('set'));
    void ana.subscribe('#').next();
    const offline = await connect(nowhere, 'ana');
    offline.channel('general').send('never');

    await Promise.all([ana.close(), offline.close()]);

    await until(() => timers() <= before, 'timers gone');
  });

  it('says goodbye within a second to a hub that does not answer', async () => {
    await using server = createServer(() => undefined).listen(0, '127.0.0.1');
    await until(() => server.listening, 'listening');
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ana = await connect({ mqttUrl: url, httpUrl: nowhere.httpUrl }, 'ana');
    const from = Date.now();

    await ana.close();

    expect(Date.now() - from).to.be.below(1000);
  });
});

describe('plain MQTT', () => {
  it('carries any bytes to whoever subscribes', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    await ana.publish('plain/kept', 'kept', { qos: 1, retain: true });
    await using messages = ana.subscribe('plain/+');
    const { value: kept } = await messages.next();
    await ana.publish('plain/bytes', Uint8Array.of(0, 255), { qos: 1 });

    const { value: live } = await messages.next();

    expect(kept).to.include({ topic: 'plain/kept', retain: true });
    expect(live).to.include({ topic: 'plain/bytes', retain: false });
    expect([...(live as { payload: Uint8Array }).payload]).to.deep.equal([0, 255]);
  });

  it('comes once to each of several filters that match', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    await ana.publish('plain/kept', 'kept', { qos: 1, retain: true });
    await using all = ana.subscribe('plain/#');
    await using one = ana.subscribe('plain/+');
    await Promise.all([all.next(), one.next()]);

    await ana.publish('plain/live', 'live', { qos: 1 });
    const [first, second] = await Promise.all([all.next(), one.next()]);
    await ana.publish('plain/last', 'last', { qos: 1 });

    expect(first.value).to.include({ topic: 'plain/live', retain: false });
    expect(second.value).to.include({ topic: 'plain/live', retain: false });
    expect((await all.next()).value).to.include({ topic: 'plain/last' });
    expect((await one.next()).value).to.include({ topic: 'plain/last' });
  });

  it('goes on over a reconnect', async () => {
    const { links, openLink } = fakeLinks();
    await using ana = await connect(nowhere, 'ana', { platform: { openLink } });
    await using messages = ana.subscribe('a/+');
    for (const count of [0, 1]) {
      const link = await until(() => links[count], 'a link');
      link.events.opened();
      link.deliver('a/b', `${count}`);
      if (count === 0) link.events.closed({ code: 'link-down', message: '' }, false);
    }

    const seen = [await messages.next(), await messages.next()];

    expect(seen.map(({ value }) => Buffer.from((value as { payload: Uint8Array }).payload).toString())).to.deep.equal([
      '0',
      '1',
    ]);
    expect(links[1]!.subscribed).to.include('a/+');
  });

  it('drops the oldest for a reader that is too slow, and counts it', async () => {
    const { links, openLink } = fakeLinks();
    await using ana = await connect(nowhere, 'ana', { platform: { openLink } });
    const link = await until(() => links[0], 'a link');
    link.events.opened();
    await using messages = ana.subscribe('a', { bound: 2 });

    for (const text of ['1', '2', '3']) link.deliver('a', text);

    expect(messages.dropped).to.equal(1);
    const { value } = await messages.next();
    expect(Buffer.from((value as { payload: Uint8Array }).payload).toString()).to.equal('2');
  });

  it('lets go of its filter when the loop ends', async () => {
    const { links, openLink } = fakeLinks();
    await using ana = await connect(nowhere, 'ana', { platform: { openLink } });
    const link = await until(() => links[0], 'a link');
    link.events.opened();
    const messages = ana.subscribe('a');
    link.deliver('a', '1');

    for await (const _message of messages) break;

    await until(() => !link.subscribed.includes('a'), 'unsubscribed');
  });

  it('waits for a connection, and no longer than its signal', async () => {
    await using ana = await connect(nowhere, 'ana');

    const error = await rejection(ana.publish('a', 'b', { signal: AbortSignal.timeout(20) }));

    expect(error.name).to.equal('TimeoutError');
  });
});

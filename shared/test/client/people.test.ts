import { memoryStorage } from '@parley/shared/client';
import { expect } from 'chai';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { until } from '../../../broker/test/support/until.ts';
import { Connection } from '../../src/client/connection.ts';
import { Typing } from '../../src/client/typing.ts';
import { connect, nowhere } from './support/client.ts';
import { FakeClock } from './support/fake-clock.ts';
import { fakeLinks } from './support/fake-link.ts';

/** Everything but time and the hub is as it is in a client. */
function typingOf(user: string) {
  const clock = new FakeClock();
  const { links, openLink } = fakeLinks();
  const options = { url: '', clientId: 'x', username: user, password: async () => undefined };
  const connection = new Connection({ openLink, clock, random: Math.random }, options);
  const typing = new Typing({ connection, clock }, { topic: 'chat/general/typing', user });
  connection.open();
  const link = until(() => links[0], 'a link').then((one) => (one.events.opened(), one));
  return { clock, typing, link, connection };
}

describe('people', () => {
  it('are known by their presence, kept and live', async () => {
    await using hub = await startTestHub();
    await using ben = await connect(hub, 'ben');
    await ben.whenOnline();
    await using ana = await connect(hub, 'ana');
    const { people } = ana;
    await until(() => people.get('ben')?.status === 'online' && people.get('ana'), 'both online');
    const left = new Promise((resolve) =>
      people.on(
        'change',
        ({ name, presence, live }) => name === 'ben' && presence?.status === 'offline' && resolve(live),
      ),
    );

    await ben.close();

    expect(await left).to.equal(true);
    expect([...people.all().keys()].toSorted()).to.deep.equal(['ana', 'ben']);
  });

  it('are listed by the hub', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    await ana.whenOnline();

    const users = await until(async () => {
      const found = await ana.people.who();
      return found.length > 0 ? found : undefined;
    }, 'somebody here');

    expect(users.map(({ user, status }) => [user, status])).to.deep.equal([['ana', 'online']]);
  });
});

describe('channels', () => {
  it('are known as they are made', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    const { channels } = ana;
    await until(() => channels.get('general'), 'general');

    await ana.channel('garden').send('first').whenSent();

    await until(() => channels.get('garden')?.lastSeq === 1, 'garden');
    expect([...channels.all().keys()].toSorted()).to.deep.equal(['garden', 'general']);
  });
});

describe('typing', () => {
  it('is told to the others, and ends with what was typed', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    await using ben = await connect(hub, 'ben');
    const [writes, reads] = [ana.channel('general'), ben.channel('general')];
    await Promise.all([writes.whenLoaded(), reads.whenLoaded()]);

    await until(() => {
      writes.type();
      return reads.typing.includes('ana');
    }, 'ana types');
    expect(writes.typing).to.deep.equal([]);
    writes.send('done');

    await until(() => reads.typing.length === 0, 'ana is done');
  });

  it('is published every 3 s at most, however often it is said', async () => {
    const { clock, typing, link } = typingOf('ana');
    const { published } = await link;

    for (let count = 0; count < 70; count++) {
      typing.say();
      clock.advance(100);
    }

    expect(published).to.have.length(3);
    typing.sent();
    typing.say();
    expect(published).to.have.length(4);
  });

  it('is over after 6 s without news of it', async () => {
    const { clock, typing, link } = typingOf('ana');
    const hub = await link;
    const said = JSON.stringify({ from: 'ben', at: 1 });

    hub.deliver('chat/general/typing', said);
    clock.advance(5999);
    hub.deliver('chat/general/typing', said);
    clock.advance(5999);
    expect(typing.names).to.deep.equal(['ben']);
    clock.advance(1);

    expect(typing.names).to.deep.equal([]);
  });

  it('leaves no timer behind', async () => {
    const { clock, typing, link, connection } = typingOf('ana');
    (await link).deliver('chat/general/typing', JSON.stringify({ from: 'ben', at: 1 }));
    expect(clock.waiting).to.be.above(0);

    typing.close();
    await connection.close();

    expect(clock.waiting).to.equal(0);
  });
});

describe('read positions', () => {
  it('are shared by all clients of a user', async () => {
    await using hub = await startTestHub();
    await using one = await connect(hub, 'ana');
    await using other = await connect(hub, 'ana');
    const [here, there] = [one.channel('general'), other.channel('general')];
    await Promise.all([here.whenLoaded(), there.whenLoaded()]);
    await here.send('1').whenSent();
    await here.send('2').whenSent();
    await until(() => there.lastSeq === 2, 'both entries');
    expect(there.unread).to.equal(2);

    here.markRead();

    await until(() => there.readSeq === 2, 'read over there');
    expect(there.unread).to.equal(0);
  });

  it('only grow', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    const general = ana.channel('general');
    await general.send('1').whenSent();
    await general.send('2').whenSent();

    general.markRead(2);
    general.markRead(1);
    general.markRead(99);

    expect(general.readSeq).to.equal(2);
    await ana.publish('users/ana/read/general', '1', { qos: 1, retain: true });
    await general.send('3').whenSent();
    expect(general.readSeq).to.equal(2);
  });

  it('that were made offline are told when there is a hub', async () => {
    await using hub = await startTestHub();
    const storage = memoryStorage();
    const before = await connect(hub, 'ana', { storage });
    await before.channel('general').send('1').whenSent();
    await before.close();
    const offline = await connect(nowhere, 'ana', { storage });
    const cached = offline.channel('general');
    await until(() => cached.lastSeq === 1, 'the cache');
    cached.markRead();
    await offline.close();

    await using other = await connect(hub, 'ana');
    await using ana = await connect(hub, 'ana', { storage });

    expect(ana.reads.get('general')).to.equal(1);
    await until(() => other.reads.get('general') === 1, 'told to the other client');
  });
});

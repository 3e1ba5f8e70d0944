import stats from 'aedes-stats';
import { expect } from 'chai';
import { RawClient } from './engine/raw-client.ts';
import { startTestHub } from './support/hub.ts';
import { follow } from './support/messages.ts';

describe('an embedder of the hub', () => {
  it('gets true numbers from aedes-stats', async () => {
    await using hub = await startTestHub();
    stats(hub.aedes, { interval: 50 });
    const ana = await hub.client('ana');
    const [numbers, words] = await Promise.all([
      follow(ana, `$SYS/${hub.aedes.id}/#`),
      follow(await hub.client('ben'), 'words'),
    ]);
    const passing = await hub.client('cid');
    await passing.endAsync();

    for (const word of ['one', 'two', 'three']) await ana.publishAsync('words', word, { qos: 1 });
    for (const word of ['one', 'two', 'three']) expect((await words.next()).text()).to.equal(word);
    const topic = (name: string) => `$SYS/${hub.aedes.id}/${name}`;
    const number = async (name: string, value: string): Promise<unknown> =>
      numbers.next((one) => one.topic === topic(name) && one.text() === value);

    // What is already queued may be older: each number becomes true within some intervals.
    await number('clients/total', '2');
    await number('clients/maximum', '3');
    expect((hub.aedes as unknown as { stats: object }).stats).to.include({ connectedClients: 2 });
    await numbers.next(({ topic: name, text }) => name === topic('messages/publish/sent') && Number(text()) >= 3);
    const late = await follow(await hub.client('dora'), topic('uptime'));
    expect((await late.next(({ packet }) => packet.retain)).text()).to.match(/^\d+$/);
  });

  it('rewrites a payload in authorizePublish: live, retained and queued readers get the new one', async () => {
    await using hub = await startTestHub();
    hub.aedes.authorizePublish = (_client, packet, done) => {
      if (packet.topic === 'shout') packet.payload = packet.payload.toString().toUpperCase();
      done(null);
    };
    const kept = { version: 4, clean: false } as const;
    using away = await RawClient.connect(hub.ports.mqtt, 'away', kept);
    await away.subscribe('shout', 1);
    away.send({ cmd: 'disconnect' });
    await away.whenClosed();
    const [ana, ben] = await Promise.all([hub.client('ana'), hub.client('ben')]);
    const live = await follow(ben, 'shout');

    await ana.publishAsync('shout', 'hello', { qos: 1, retain: true });
    const late = await follow(await hub.client('late'), 'shout');
    using back = await RawClient.connect(hub.ports.mqtt, 'away', kept);
    const queued = await back.expect('publish');

    expect((await live.next()).text()).to.equal('HELLO');
    expect((await late.next()).text()).to.equal('HELLO');
    expect(String(queued['payload'])).to.equal('HELLO');
  });
});

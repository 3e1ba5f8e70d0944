import { expect } from 'chai';
import { ulid } from 'ulid';
import { startTestHub } from '../support/hub.ts';
import { follow } from '../support/messages.ts';

describe('chat over MQTT', () => {
  it('reaches a subscriber on another connection, stamped', async () => {
    await using hub = await startTestHub();
    const [sender, reader] = await Promise.all([hub.client('Ana'), hub.client('ben')]);
    const entries = await follow(reader, 'chat/general');

    await sender.publishAsync('chat/general', 'hello');

    const { packet, ...entry } = await entries.next();
    expect(entry.json()).to.include({ seq: 1, from: 'ana', kind: 'text', text: 'hello' });
    expect(packet).to.include({ qos: 1, retain: false });
  });

  it('crosses from TCP to WebSocket and back', async () => {
    await using hub = await startTestHub();
    const [overTcp, overWebSocket] = await Promise.all([hub.client('ana'), hub.client('ben', { url: hub.wsUrl })]);
    const [atTcp, atWebSocket] = await Promise.all([follow(overTcp, 'chat/#'), follow(overWebSocket, 'chat/#')]);

    await overWebSocket.publishAsync('chat/general', 'from a browser', { qos: 1 });
    await overTcp.publishAsync('chat/general', 'from a device', { qos: 2 });

    for (const entries of [atTcp, atWebSocket]) {
      expect((await entries.next()).json()).to.include({ seq: 1, from: 'ben', text: 'from a browser' });
      expect((await entries.next()).json()).to.include({ seq: 2, from: 'ana', text: 'from a device' });
    }
  });

  it('makes a channel of a first draft and announces it, retained', async () => {
    await using hub = await startTestHub();
    const [sender, late] = await Promise.all([hub.client('ana'), hub.client('ben')]);

    await sender.publishAsync('chat/garden', '{"text":"tomatoes"}', { qos: 1 });
    const channels = await follow(late, 'channels/+');

    const garden = (await channels.next(({ topic }) => topic === 'channels/garden')).json();
    expect(garden).to.include({ name: 'garden', private: false, lastSeq: 1 });
    expect(garden['log']).to.match(/^[0-9A-Z]{26}$/);
  });

  it('delivers a repeated id once', async () => {
    await using hub = await startTestHub();
    const [sender, reader] = await Promise.all([hub.client('ana'), hub.client('ben')]);
    const entries = await follow(reader, 'chat/general');
    const draft = JSON.stringify({ id: ulid(), text: 'once' });

    await sender.publishAsync('chat/general', draft, { qos: 1 });
    await sender.publishAsync('chat/general', draft, { qos: 1 });
    await sender.publishAsync('chat/general', 'after', { qos: 1 });

    expect((await entries.next()).json()).to.include({ text: 'once', seq: 1 });
    expect((await entries.next()).json()).to.include({ text: 'after', seq: 2 });
  });

  it('ignores retain on a draft: late readers have the history', async () => {
    await using hub = await startTestHub();
    const [sender, late] = await Promise.all([hub.client('ana'), hub.client('ben')]);

    await sender.publishAsync('chat/general', 'kept?', { qos: 1, retain: true });
    const entries = await follow(late, 'chat/general');
    await sender.publishAsync('chat/general', 'live', { qos: 1 });

    expect((await entries.next()).json()).to.include({ text: 'live' });
  });

  it('stamps a will and what the embedding program publishes by the same rules', async () => {
    await using hub = await startTestHub();
    const reader = await hub.client('ben');
    const entries = await follow(reader, 'chat/general');
    const will = { topic: 'chat/general', payload: Buffer.from('farewell'), qos: 1 as const, retain: false };
    const dying = await hub.client('ana', { will });

    dying.stream.destroy();
    const last = (await entries.next()).json();
    hub.aedes.publish(
      { cmd: 'publish', topic: 'chat/general', payload: 'hub speaking', qos: 1, retain: false, dup: false },
      () => {},
    );

    expect(last).to.include({ from: 'ana', text: 'farewell', seq: 1 });
    expect((await entries.next()).json()).to.include({ from: 'hub', text: 'hub speaking', seq: 2 });
  });

  it('writes who is typing and when itself', async () => {
    await using hub = await startTestHub();
    const [sender, reader] = await Promise.all([hub.client('ana'), hub.client('ben')]);
    const typing = await follow(reader, 'chat/general/typing');

    await sender.publishAsync('chat/general/typing', '{"from":"someone-else"}', { retain: true });

    const { packet, json } = await typing.next();
    expect(json()).to.include({ from: 'ana' }).and.have.all.keys('from', 'at');
    expect(packet).to.include({ qos: 0, retain: false });
  });

  it('shows direct messages to the two they are for, and to nobody else', async () => {
    await using hub = await startTestHub();
    const [ana, ben, eve] = await Promise.all([hub.client('ana'), hub.client('ben'), hub.client('eve')]);
    const [atBen, atEve] = await Promise.all([follow(ben, 'dm/+/+'), follow(eve, '#')]);

    await ana.publishAsync('dm/ana/ben', 'psst', { qos: 1 });
    await ana.publishAsync('chat/general', 'loud', { qos: 1 });

    expect((await atBen.next()).json()).to.include({ from: 'ana', text: 'psst' });
    expect((await atEve.next(({ topic }) => topic === 'chat/general')).json()).to.include({ text: 'loud' });
    expect(atEve.queue.filter(({ topic }) => topic.startsWith('dm/'))).to.deep.equal([]);
    expect(await eve.subscribeAsync('dm/ana/ben').catch((error: Error) => error.message)).to.include(
      'Unspecified error',
    );
  });
});

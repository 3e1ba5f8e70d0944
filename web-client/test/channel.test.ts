import { expect } from 'chai';
import { ApiError } from '../src/link/api.ts';
import { ChannelState } from '../src/state/channel.ts';
import { Outbox } from '../src/state/outbox.ts';
import { entries, entry, FakeLog, idOf, LOG_B } from './support/entries.ts';
import { FakeLink, settled } from './support/fake-link.ts';

function make(log = new FakeLog()) {
  const link = new FakeLink();
  const outbox = new Outbox(link, { makeId: () => idOf(900) });
  const channel = new ChannelState('general', { link, outbox, api: log });
  channel.open();
  return { log, link, outbox, channel, seqs: () => channel.entries.map(({ seq }) => seq) };
}

describe('a channel', () => {
  it('loads the newest page when the link is up, and older ones when asked', async () => {
    const { log, link, channel } = make();
    log.kept = entries(1, 250);
    expect(channel.loaded).to.equal(false);

    link.up();
    await settled();
    expect([channel.firstSeq, channel.lastSeq, channel.hasOlder]).to.deep.equal([151, 250, true]);
    await channel.loadOlder();
    await channel.loadOlder();

    expect([channel.firstSeq, channel.hasOlder]).to.deep.equal([1, false]);
    expect(log.asked).to.deep.equal([{ limit: 100 }, { before: 151, limit: 100 }, { before: 51, limit: 100 }]);
  });

  it('adds what is live, and fetches what a gap skipped', async () => {
    const { log, link, seqs } = make();
    log.kept = entries(1, 3);
    link.up();
    await settled();

    link.deliver('chat/general', entry(4));
    log.kept = entries(1, 7);
    link.deliver('chat/general', entry(7));
    expect(seqs()).to.deep.equal([1, 2, 3, 4]);
    await settled();

    expect(seqs()).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    expect(log.asked.at(-1)).to.deep.equal({ after: 4, limit: 1000 });
  });

  it('keeps what arrives while its first page is on the way', async () => {
    const { log, link, seqs } = make();
    log.kept = entries(1, 3);
    let answer!: () => void;
    log.gate = new Promise((resolve) => (answer = resolve));
    link.up();

    link.deliver('chat/general', entry(4));
    answer();
    await settled();

    expect(seqs()).to.deep.equal([1, 2, 3, 4]);
  });

  it('fetches what it missed after every reconnect', async () => {
    const { log, link, seqs } = make();
    log.kept = entries(1, 2);
    link.up();
    await settled();

    link.down();
    log.kept = entries(1, 5);
    link.up();
    await settled();

    expect(seqs()).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('starts over when the log is another one', async () => {
    const { log, link, channel } = make();
    log.kept = entries(1, 5);
    link.up();
    await settled();

    link.down();
    log.log = LOG_B;
    log.kept = [entry(1, { id: idOf(1, LOG_B), text: 'new life' })];
    link.up();
    await settled();

    expect(channel.entries.map(({ text }) => text)).to.deep.equal(['new life']);
    expect(channel.log).to.equal(LOG_B);
  });

  it('starts over when a live entry contradicts what it holds, or the hub describes another log', async () => {
    const { log, link, channel } = make();
    log.kept = entries(1, 5);
    link.up();
    await settled();
    log.log = LOG_B;
    log.kept = [entry(1, { id: idOf(1, LOG_B) })];

    link.deliver('chat/general', log.kept[0]);
    await settled();
    expect(channel.log).to.equal(LOG_B);
    log.log = LOG_B.replace('B', 'C');
    channel.described({ name: 'general', topic: '', private: false, log: log.log, createdAt: 0, lastSeq: 1 });
    await settled();

    expect(channel.log).to.equal(log.log);
  });

  it('replaces what it holds when it missed more than is worth fetching', async () => {
    const { log, link, channel } = make();
    log.kept = entries(1, 5);
    link.up();
    await settled();

    link.down();
    log.kept = entries(1, 3000);
    link.up();
    await settled();

    expect([channel.firstSeq, channel.lastSeq, channel.hasOlder]).to.deep.equal([2901, 3000, true]);
  });

  it('takes a channel that does not exist yet as an empty one, and is there for its first entry', async () => {
    const { log, link, channel, seqs } = make();
    log.failure = new ApiError(404, 'there is no such channel');
    link.up();
    await settled();
    expect([channel.loaded, channel.error]).to.deep.equal([true, undefined]);

    link.deliver('chat/general', entry(1));

    expect(seqs()).to.deep.equal([1]);
  });

  it('says why nothing could be loaded, and recovers', async () => {
    const { log, link, channel, seqs } = make();
    log.failure = new TypeError('fetch failed');
    link.up();
    await settled();
    expect(channel.error).to.equal('The hub could not be reached.');

    log.failure = undefined;
    log.kept = entries(1, 2);
    await channel.catchUp();

    expect(channel.error).to.equal(undefined);
    expect(seqs()).to.deep.equal([1, 2]);
    channel.close();
  });

  it('confirms our message by the entry that carries its id, live or fetched', async () => {
    const { log, link, outbox, channel } = make();
    link.up();
    await settled();

    outbox.send('general', 'mine');
    expect(channel.outgoing).to.have.lengthOf(1);
    link.deliver('chat/general', entry(1, { id: idOf(900) }));
    expect(channel.outgoing).to.deep.equal([]);
    outbox.send('general', 'missed');
    log.kept = [entry(1), entry(2, { id: idOf(900) })];
    await channel.catchUp();

    expect(channel.outgoing).to.deep.equal([]);
  });

  it('passes over what is no entry', async () => {
    const { link, seqs } = make();
    link.up();
    await settled();

    for (const payload of ['text', '{"seq":1}', new Uint8Array([255]), '']) link.deliver('chat/general', payload);

    expect(seqs()).to.deep.equal([]);
  });
});

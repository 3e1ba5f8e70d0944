import { memoryStorage } from '@parley/shared/client';
import type { Conversation } from '@parley/shared/client';
import { expect } from 'chai';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import type { TestHub } from '../../../broker/test/support/hub.ts';
import { until } from '../../../broker/test/support/until.ts';
import { refusal } from '../support.ts';
import { connect, nowhere, rejection } from './support/client.ts';

async function say(hub: TestHub, channel: string, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    const url = `${hub.httpUrl}/api/channels/${channel}/messages`;
    const { ok } = await fetch(url, { method: 'POST', body: text, headers: { 'content-type': 'text/plain' } });
    expect(ok).to.equal(true);
  }
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_none, index) => `${index + 1}`);
}

function textsOf({ entries }: Conversation): (string | undefined)[] {
  return entries.map(({ text }) => text);
}

describe('a channel', () => {
  it('begins with the newest page and goes back from there', async () => {
    await using hub = await startTestHub();
    await say(hub, 'general', ...numbers(7));
    await using ana = await connect(hub, 'ana', { pageSize: 3 });
    const general = ana.channel('general');
    await general.whenLoaded();
    expect(textsOf(general)).to.deep.equal(['5', '6', '7']);

    expect(await general.older()).to.have.length(3);
    expect(await general.older()).to.have.length(1);

    expect(textsOf(general)).to.deep.equal(numbers(7));
    expect(general.hasOlder).to.equal(false);
    expect(await general.older()).to.deep.equal([]);
  });

  it('asks once when it is asked twice at a time', async () => {
    await using hub = await startTestHub();
    await say(hub, 'general', ...numbers(6));
    await using ana = await connect(hub, 'ana', { pageSize: 2 });
    const general = ana.channel('general');
    await general.whenLoaded();

    await Promise.all([general.older(), general.older()]);

    expect(textsOf(general)).to.deep.equal(['3', '4', '5', '6']);
  });

  it('gives what comes live, each once and in order', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    const general = ana.channel('general');
    await general.whenLoaded();
    await using follows = general.follow();

    await say(hub, 'general', ...numbers(3));

    const seen = [await follows.next(), await follows.next(), await follows.next()];
    expect(seen.map(({ value }) => (value as { seq: number }).seq)).to.deep.equal([1, 2, 3]);
  });

  it('ends a loop over it with the signal', async () => {
    await using ana = await connect(nowhere, 'ana');
    const aborter = new AbortController();
    const loop = (async () => {
      for await (const _entry of ana.channel('general').follow(aborter)) expect.fail('no hub, no entry');
    })();

    aborter.abort();

    await loop;
  });

  it('fetches what was missed while there was no connection', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana', { reconnect: { baseMs: 400, capMs: 400 } });
    const general = ana.channel('general');
    await say(hub, 'general', '1');
    await until(() => general.lastSeq === 1, 'the first');
    const live: boolean[] = [];
    general.on('entry', (one) => live.push(one.live));

    for (const client of Object.values(
      (hub.aedes as unknown as { clients: Record<string, { close(): void }> }).clients,
    ))
      client.close();
    await say(hub, 'general', '2', '3');

    await until(() => general.lastSeq === 3, 'what was missed');
    expect(textsOf(general)).to.deep.equal(numbers(3));
    expect(live).to.deep.equal([false, false]);
  });

  it('that nobody has written to is empty, and begins with the first entry', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    const garden = ana.channel('garden');
    await garden.whenLoaded();
    expect(garden).to.include({ lastSeq: 0, log: undefined, failure: undefined });

    await say(hub, 'garden', '1');

    await until(() => garden.lastSeq === 1 && garden.log, 'the first entry and the name of its log');
  });

  it('holds a bounded number of entries', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana', { keepEntries: 4 });
    const general = ana.channel('general');
    await general.whenLoaded();

    await say(hub, 'general', ...numbers(9));

    await until(() => general.lastSeq === 9, 'all nine');
    expect(textsOf(general)).to.deep.equal(['6', '7', '8', '9']);
  });

  it('starts over from the newest page when it has missed too much', async () => {
    await using hub = await startTestHub();
    const storage = memoryStorage();
    await say(hub, 'general', ...numbers(2));
    const before = await connect(hub, 'ana', { storage });
    await before.channel('general').whenLoaded();
    await before.close();
    await say(hub, 'general', ...numbers(20));

    await using ana = await connect(hub, 'ana', { storage, maxCatchUp: 10, pageSize: 5 });
    const general = ana.channel('general');
    await until(() => general.lastSeq === 22, 'the newest');

    expect(general.entries.map(({ seq }) => seq)).to.deep.equal([18, 19, 20, 21, 22]);
    expect(general.hasOlder).to.equal(true);
  });

  it('marks a gap that retention has left', async () => {
    await using hub = await startTestHub({ historyMessages: 3 });
    const storage = memoryStorage();
    await say(hub, 'general', '1', '2');
    const before = await connect(hub, 'ana', { storage });
    await before.channel('general').whenLoaded();
    await before.close();
    await say(hub, 'general', ...numbers(8));

    await using ana = await connect(hub, 'ana', { storage });
    const general = ana.channel('general');
    await until(() => general.lastSeq === 10, 'the newest');

    expect(general.gaps).to.deep.equal([{ after: 2, before: 8 }]);
    expect(general.items.map(({ type }) => type)).to.deep.equal(['entry', 'entry', 'gap', 'entry', 'entry', 'entry']);
  });

  it('takes no name that is none', async () => {
    await using ana = await connect(nowhere, 'ana');

    expect(refusal(() => ana.channel('No Such')).code).to.equal('name-invalid');
  });

  it('says why it cannot be fetched, and fetches it when it can', async () => {
    await using hub = await startTestHub();
    let isBroken = true;
    const flaky: typeof fetch = (...call) => (isBroken ? Promise.reject(new Error('down')) : fetch(...call));
    await using ana = await connect(hub, 'ana', { platform: { fetch: flaky } });
    const general = ana.channel('general');
    await until(() => general.failure, 'the failure');
    expect(general.failure).to.include({ code: 'hub-unreachable' });

    isBroken = false;

    await general.whenLoaded();
    expect(general.failure).to.equal(undefined);
  });

  it('gives up waiting with the signal', async () => {
    await using ana = await connect(nowhere, 'ana');

    const error = await rejection(
      ana.channel('general').whenLoaded({ signal: AbortSignal.abort(new Error('enough')) }),
    );

    expect(error.message).to.equal('enough');
  });
});

describe('the cache', () => {
  it('shows what was read before, without a hub', async () => {
    await using hub = await startTestHub();
    const storage = memoryStorage();
    await say(hub, 'general', ...numbers(5));
    const before = await connect(hub, 'ana', { storage, cacheEntries: 3 });
    await before.channel('general').whenLoaded();
    await before.close();

    await using ana = await connect(nowhere, 'ana', { storage });
    const general = ana.channel('general');
    await until(() => general.lastSeq === 5, 'what is cached');

    expect(textsOf(general)).to.deep.equal(['3', '4', '5']);
    expect(general.loaded).to.equal(false);
  });

  it('of another log is dropped, and so is what was read of it', async () => {
    const storage = memoryStorage();
    const first = await startTestHub();
    await say(first, 'general', ...numbers(5));
    await using ana = await connect(first, 'ana', { storage });
    const general = ana.channel('general');
    await general.whenLoaded();
    general.markRead();
    const logs: (string | undefined)[] = [];
    general.on('log', ({ log }) => logs.push(log));
    const { mqtt, http } = first.ports;
    await first.close();

    await using second = await startTestHub({ mqttPort: mqtt, httpPort: http });
    // The pool of `fetch` may still hold a connection to the first one.
    const said = (): Promise<boolean> =>
      say(second, 'general', 'new').then(
        () => true,
        () => false,
      );
    await until(said, 'an entry of the new log');
    await until(() => general.lastSeq === 1, 'the new log');

    expect(textsOf(general)).to.deep.equal(['new']);
    expect(logs).to.deep.equal([general.log]);
    expect(general).to.include({ readSeq: 0, unread: 1 });
  });

  it('that another version wrote, or a crash spoilt, is passed over', async () => {
    await using hub = await startTestHub();
    const storage = memoryStorage();
    await storage.set('cache/ana/general', '{"entries":[{"seq":"many"}]');
    await say(hub, 'general', '1');

    await using ana = await connect(hub, 'ana', { storage });
    await ana.channel('general').whenLoaded();

    expect(textsOf(ana.channel('general'))).to.deep.equal(['1']);
  });
});

describe('direct messages', () => {
  it('reach the other user live, and no one else', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    await using ben = await connect(hub, 'ben');
    await using eve = await connect(hub, 'eve');
    const [toBen, toAna] = [ana.dm('ben'), ben.dm('ana')];
    await Promise.all([toBen.whenLoaded(), toAna.whenLoaded()]);

    const sent = await toBen.send('psst').whenSent();

    await until(() => toAna.lastSeq === 1, 'the message');
    expect(toAna.entries).to.deep.equal([sent]);
    const refused = await rejection(eve.subscribe('dm/ana/ben').next());
    expect(refused).to.include({ name: 'Refused', code: 'not-authorized' });
  });
});

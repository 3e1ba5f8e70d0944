import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { Rights } from '../../src/auth/rights.ts';
import { LogStream } from '../../src/http/event-stream.ts';
import { createData } from '../../src/store/memory.ts';
import { EventReader } from '../support/event-source.ts';
import { call } from '../support/http.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { SlowStore } from '../support/store.ts';
import { until } from '../support/until.ts';
import { openLog, send } from './open-log.ts';

const path = '/api/channels/general/events';

async function say(hub: TestHub, ...texts: string[]): Promise<void> {
  for (const text of texts) await call(hub, 'ana', 'POST', '/api/channels/general/messages', { text });
}

const seqs = (entries: readonly { seq: number }[]): number[] => entries.map(({ seq }) => seq);

describe('server-sent events of a channel', () => {
  it('bring what is committed from now on, each with its place', async () => {
    await using hub = await startTestHub();
    await say(hub, 'before');
    await using reader = await EventReader.open(hub, path);

    await say(hub, 'one', 'two');

    const [first, second] = [await reader.next(), await reader.next()];
    const { log } = (await call(hub, 'ben', 'GET', '/api/channels/general/messages')).body;
    expect([first.id, second.id]).to.deep.equal([`${log}:2`, `${log}:3`]);
    expect(JSON.parse(first.data)).to.include({ seq: 2, from: 'ana', text: 'one' });
    expect(first.event).to.equal('message');
  });

  it('resume exactly after the last event, however many were missed', async () => {
    await using hub = await startTestHub();
    await say(hub, 'one');
    const first = await EventReader.open(hub, path);
    await until(() => first.lastEventId !== '', 'the place of the start');
    await first[Symbol.asyncDispose]();
    const texts = Array.from({ length: 150 }, (_, index) => `missed ${index}`);
    const client = await hub.client('ana');
    await Promise.all(texts.map((text) => client.publishAsync('chat/general', text, { qos: 1 })));

    await using again = await EventReader.open(hub, path, 'ben', first.lastEventId);
    const missed = await again.entries(150);
    await say(hub, 'live');

    expect(missed.map(({ text }) => text)).to.deep.equal(texts);
    expect(seqs(await again.entries(1))).to.deep.equal([152]);
  });

  it('say what retention has passed, and go on after it', async () => {
    await using hub = await startTestHub({ historyMessages: 2 });
    await say(hub, 'one');
    const { log } = (await call(hub, 'ben', 'GET', '/api/channels/general/messages')).body;
    await say(hub, 'two', 'three', 'four');

    await using reader = await EventReader.open(hub, path, 'ben', `${log}:1`);
    const gap = await reader.next();

    expect(gap).to.include({ event: 'gap', id: `${log}:2`, data: '{"after":1,"before":3}' });
    expect(seqs(await reader.entries(2))).to.deep.equal([3, 4]);
  });

  it('name another log and bring all of it', async () => {
    const data = createData();
    let lastEventId = '';
    {
      await using hub = await startTestHub({}, { store: new SlowStore(data) });
      await using reader = await EventReader.open(hub, path);
      await say(hub, 'one', 'two');
      await reader.entries(2);
      ({ lastEventId } = reader);
    }
    await using hub = await startTestHub({}, { store: new SlowStore({ ...data, id: 'restored' }) });

    await using reader = await EventReader.open(hub, path, 'ben', lastEventId);
    const other = await reader.next();

    const { log } = (await call(hub, 'ben', 'GET', '/api/channels/general/messages')).body;
    expect(other).to.include({ event: 'log', id: `${log}:0` });
    expect(JSON.parse(other.data)).to.deep.equal({ log, lastSeq: 2 });
    expect(seqs(await reader.entries(2))).to.deep.equal([1, 2]);
  });

  it('bring nothing that is not committed', async () => {
    const store = new SlowStore();
    await using hub = await startTestHub({}, { store });
    await using reader = await EventReader.open(hub, path);
    await until(() => reader.lastEventId !== '', 'the start');
    store.holding = true;
    const lost = call(hub, 'ana', 'POST', '/api/channels/general/messages', { text: 'lost' });
    await until(() => store.waiting > 0, 'a commit waiting');

    store.fail();
    store.release();
    await lost;
    await say(hub, 'kept');

    expect(await reader.entries(1))
      .to.deep.include.members([])
      .and.to.have.nested.property('[0].text', 'kept');
  });

  it('end when the channel goes, when its reader may no longer read, and when the hub stops', async () => {
    const hub = await startTestHub();
    await call(hub, 'ana', 'POST', '/api/channels', { name: 'secret', private: true });
    await call(hub, 'ana', 'PUT', '/api/channels/secret/members/ben');
    await call(hub, 'ana', 'POST', '/api/channels', { name: 'brief' });
    const [left, gone, stopped] = await Promise.all([
      EventReader.open(hub, '/api/channels/secret/events'),
      EventReader.open(hub, '/api/channels/brief/events'),
      EventReader.open(hub, path),
    ]);

    await call(hub, 'ana', 'DELETE', '/api/channels/secret/members/ben');
    await call(hub, 'ana', 'POST', '/api/channels/secret/messages', { text: 'hidden' });
    await call(hub, 'ana', 'DELETE', '/api/channels/brief');
    await until(() => left.ended && gone.ended, 'two streams ending');
    const wasOpen = !stopped.ended;
    await hub.close();
    await until(() => stopped.ended, 'the last stream ending');

    expect(wasOpen).to.equal(true);
    await left.next().then(
      () => expect.fail('something was told'),
      (error: Error) => expect(error.message).to.equal('the stream ended'),
    );
  });

  it('of direct messages reach the two, in their order', async () => {
    await using hub = await startTestHub();
    await using reader = await EventReader.open(hub, '/api/dm/ana/events', 'ben');
    await call(hub, 'ana', 'POST', '/api/dm/ben/messages', { text: 'psst' });
    await call(hub, 'ben', 'POST', '/api/dm/ana/messages', { text: 'what?' });

    expect((await reader.entries(2)).map(({ text }) => text)).to.deep.equal(['psst', 'what?']);
    const { body } = await call(hub, 'eve', 'GET', '/api/dm/ana/messages');
    expect(body).to.include({ lastSeq: 0 });
  });

  it('refuse a place that is none', async () => {
    await using hub = await startTestHub();

    for (const place of ['x', '01:2', 'general:1', '-1']) {
      const { status, body } = await call(hub, 'ben', 'GET', path, undefined, { 'Last-Event-ID': place });
      expect([status, body.error.code]).to.deep.equal([400, 'request-invalid']);
    }
  });

  it('do not delay others for one who does not read, who gets it all later', async function () {
    this.timeout(20_000);
    await using hub = await startTestHub();
    const socket = connect(hub.ports.http, '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(socket, 'data');
    socket.pause();
    await using reader = await EventReader.open(hub, path);
    const text = 'x'.repeat(200_000);

    for (let count = 0; count < 100; count++) await say(hub, text);
    const seen = seqs(await reader.entries(100));
    let bytes = 0;
    socket.on('data', (chunk) => (bytes += chunk.length)).resume();
    await until(() => bytes > 100 * text.length, 'the slow one catching up', 10_000);

    expect(seen).to.deep.equal(Array.from({ length: 100 }, (_, index) => index + 1));
    socket.destroy();
  });

  it('are written no further than a socket takes them, and read on from the store when it does', () => {
    const opened = openLog(1000);
    for (let count = 0; count < 300; count++) send(opened, { kind: 'text', text: 'x'.repeat(10_000) });
    const written: Buffer[] = [];
    const raw = {
      writableNeedDrain: false,
      writableEnded: false,
      write(bytes: Buffer): boolean {
        written.push(bytes);
        this.writableNeedDrain = true;
        return false;
      },
    };
    const rights = new Rights({ version: 0, membersOf: () => undefined });
    const stream = new LogStream(opened.log, rights, () => {});
    const reader = { raw: raw as unknown as ServerResponse, who: { id: '', user: 'ben' }, at: 0, stalled: 0 };

    stream.add(reader);
    for (let count = 0; count < 10; count++) stream.wake();
    const held = Buffer.concat(written).length;
    while (reader.at < 300) {
      raw.writableNeedDrain = false;
      stream.pump(reader);
    }

    expect(held).to.be.below(100_000);
    const places = Buffer.concat(written)
      .toString()
      .matchAll(/^id: \w+:(\d+)$/gm);
    expect(Array.from(places, ([, seq]) => Number(seq))).to.deep.equal(Array.from({ length: 300 }, (_, i) => i + 1));
  });
});

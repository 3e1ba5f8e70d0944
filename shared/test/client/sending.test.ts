import { EventEmitter, once } from 'node:events';
import { memoryStorage } from '@parley/shared/client';
import type { ClientStorage, Send } from '@parley/shared/client';
import { expect } from 'chai';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { until } from '../../../broker/test/support/until.ts';
import { refusal } from '../support.ts';
import { connect, nowhere, rejection } from './support/client.ts';

const UNKNOWN = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

function failureOf({ state }: Send): { code: string; message: string } {
  if (state.state !== 'failed') return expect.fail(`${state.state}, not failed`);
  return state.failure;
}

describe('a send', () => {
  it('shows at once as pending and becomes the entry of the same id', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    const general = ana.channel('general');

    const send = general.send('hello');

    expect(general.sends).to.deep.equal([send]);
    expect(general.items).to.deep.equal([{ type: 'send', send }]);
    expect(send.state).to.deep.equal({ state: 'pending' });
    const entry = await send.whenSent();
    expect(entry).to.include({ id: send.id, seq: 1, from: 'ana', kind: 'text', text: 'hello' });
    expect(send.state).to.deep.equal({ state: 'sent', entry });
    expect(general.items).to.deep.equal([{ type: 'entry', entry }]);
  });

  it('is an entry in the same moment in which it stops being on its way', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    const general = ana.channel('general');
    const rows: number[] = [];
    general.on('change', () => rows.push(general.items.length));

    await general.send('hello').whenSent();

    expect(new Set(rows.slice(rows.indexOf(1)))).to.deep.equal(new Set([1]));
  });

  it('carries every kind of draft', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    const general = ana.channel('general');
    const first = await general.send('helo').whenSent();

    const edit = await general.send({ kind: 'edit', target: first.id, text: 'hello' }).whenSent();
    const data = await general.send({ data: { on: true } }).whenSent();

    expect(edit).to.include({ kind: 'edit', target: first.id, text: 'hello' });
    expect(data).to.deep.include({ kind: 'data', data: { on: true } });
  });

  it('of a draft that no hub takes is refused before it is anything', async () => {
    await using ana = await connect(nowhere, 'ana');
    const general = ana.channel('general');

    expect(refusal(() => general.send('')).code).to.equal('payload-invalid');
    expect(refusal(() => general.send({ kind: 'edit', text: 'x' })).code).to.equal('payload-invalid');
    expect(refusal(() => general.send('\uD800')).code).to.equal('payload-invalid');
    expect(general.sends).to.deep.equal([]);
  });

  it('that the hub refuses fails with its code, and what comes after it is sent', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    const general = ana.channel('general');

    const bad = general.send({ kind: 'delete', target: UNKNOWN });
    const good = general.send('after');

    expect(await rejection(bad.whenSent())).to.include({ name: 'Refused', code: 'payload-invalid' });
    expect(failureOf(bad).message).to.contain(UNKNOWN);
    expect(await good.whenSent()).to.include({ seq: 1 });
    expect(general.sends).to.deep.equal([bad]);
  });

  it('that failed goes to the end when it is sent again', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana', { sendWindow: 1 });
    await using ben = await connect(hub, 'ben');
    const general = ana.channel('general');
    await ben.whenOnline();
    const target = ben.channel('general').send({ id: UNKNOWN, text: 'mine' });
    await target.whenSent();
    const edit = general.send({ kind: 'edit', target: UNKNOWN, text: 'ours' });
    expect(await rejection(edit.whenSent())).to.include({ code: 'not-authorized' });

    edit.retry();

    expect(edit.state.state).to.equal('pending');
    expect(await rejection(edit.whenSent())).to.include({ code: 'not-authorized' });
    expect(edit.discard()).to.equal(true);
    expect(general.sends).to.deep.equal([]);
  });

  it('whose id another sender has taken gets a new one when it is sent again', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    await using ben = await connect(hub, 'ben');
    await ben.channel('general').send({ id: UNKNOWN, text: 'first' }).whenSent();
    const send = ana.channel('general').send({ id: UNKNOWN, text: 'second' });
    expect(await rejection(send.whenSent())).to.include({ code: 'id-taken' });

    send.retry();

    expect((await send.whenSent()).id)
      .to.equal(send.id)
      .and.not.equal(UNKNOWN);
  });

  it('that is too large for the hub fails instead of ending every connection', async () => {
    await using hub = await startTestHub({ maxPacketBytes: 2000 });
    await using ana = await connect(hub, 'ana');
    const general = ana.channel('general');

    const large = general.send('x'.repeat(3000));
    const small = general.send('small');

    expect(await rejection(large.whenSent())).to.include({ code: 'too-large' });
    expect(await small.whenSent()).to.include({ text: 'small' });
  });

  it('that is longer than an entry may be fails at once with the code the hub gives, on the same connection', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    await ana.whenOnline();
    const states: string[] = [];
    ana.on('connection', ({ state }) => states.push(state));

    const long = ana.channel('general').send('x'.repeat(300_000));

    expect(await rejection(long.whenSent())).to.include({ code: 'too-large', reasonCode: 0x80 });
    expect(states).to.deep.equal([]);
  });

  it('waits for its signal no longer than it should', async () => {
    await using ana = await connect(nowhere, 'ana');
    const send = ana.channel('general').send('later');
    const aborter = new AbortController();
    const waiting = rejection(send.whenSent(aborter));

    aborter.abort(new Error('enough'));

    expect((await waiting).message).to.equal('enough');
    expect(send.state.state).to.equal('pending');
  });

  it('that never left can be taken back', async () => {
    await using ana = await connect(nowhere, 'ana');
    const general = ana.channel('general');
    const send = general.send('no');

    expect(send.discard()).to.equal(true);

    expect(general.sends).to.deep.equal([]);
  });

  it('is over for those who wait when the client is closed', async () => {
    const ana = await connect(nowhere, 'ana');
    const waiting = rejection(ana.channel('general').send('later').whenSent());

    await ana.close();

    expect(await waiting).to.include({ code: 'closed' });
  });
});

describe('the outbox', () => {
  it('delivers what was sent offline after a restart, in order and once, though nobody opens the channel', async () => {
    await using hub = await startTestHub();
    const storage = memoryStorage();
    const before = await connect(nowhere, 'ana', { storage });
    const ids = ['one', 'two', 'three'].map((text) => before.channel('garden').send(text).id);
    await before.close();

    await using ana = await connect(hub, 'ana', { storage });
    await until(async () => (await storage.list('outbox/')).length === 0, 'everything sent');

    const garden = ana.channel('garden');
    await garden.whenLoaded();
    expect(garden.entries.map(({ id }) => id)).to.deep.equal(ids);
  });

  it('keeps what failed over a restart', async () => {
    await using hub = await startTestHub();
    const storage = memoryStorage();
    const before = await connect(hub, 'ana', { storage });
    const send = before.channel('general').send({ kind: 'delete', target: UNKNOWN });
    await rejection(send.whenSent());
    await before.close();

    await using ana = await connect(nowhere, 'ana', { storage });

    const [again] = ana.channel('general').sends;
    expect(again).to.include({ id: send.id });
    expect(failureOf(again!).code).to.equal('payload-invalid');
  });

  it('sends nothing before it is stored', async () => {
    await using hub = await startTestHub();
    const kept = memoryStorage();
    const gate = new EventEmitter();
    const held = once(gate, 'open');
    const storage: ClientStorage = { ...kept, set: async (key, value) => (await held, kept.set(key, value)) };
    await using ana = await connect(hub, 'ana', { storage });
    await using ben = await connect(hub, 'ben');
    const [general, seen] = [ana.channel('general'), ben.channel('general')];
    await Promise.all([general.whenLoaded(), seen.whenLoaded()]);

    const send = general.send('hello');
    await ben.channel('general').send('meanwhile').whenSent();
    expect(seen.entries.map(({ text }) => text)).to.deep.equal(['meanwhile']);
    gate.emit('open');

    expect(await send.whenSent()).to.include({ seq: 2 });
  });

  it('fails what cannot be stored, and sends it when it can', async () => {
    await using hub = await startTestHub();
    const kept = memoryStorage();
    let isFull = true;
    const set = async (key: string, value: string): Promise<void> => {
      if (isFull) throw new Error('disk full');
      await kept.set(key, value);
    };
    await using ana = await connect(hub, 'ana', { storage: { ...kept, set } });
    const send = ana.channel('general').send('hello');
    expect(await rejection(send.whenSent())).to.include({ code: 'storage-failed' });
    expect(await rejection(send.whenStored())).to.include({ code: 'storage-failed' });

    isFull = false;
    send.retry();

    expect(await send.whenSent()).to.include({ text: 'hello' });
  });

  it('leaves what another version stored where it is', async () => {
    const storage = memoryStorage();
    await storage.set('outbox/ana/x', '{"version":9}');

    await using ana = await connect(nowhere, 'ana', { storage });

    expect(ana.channel('general').sends).to.deep.equal([]);
    expect(await storage.get('outbox/ana/x')).to.equal('{"version":9}');
  });

  it('goes on sending from a channel that was closed, and lets go of it then', async () => {
    await using hub = await startTestHub();
    await using ana = await connect(hub, 'ana');
    const garden = ana.channel('garden');
    const send = garden.send('last word');

    await garden.close();

    expect(await send.whenSent()).to.include({ text: 'last word' });
    expect(ana.channel('garden')).to.not.equal(garden);
  });
});

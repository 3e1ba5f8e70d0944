import { senmlCbor } from '@parley/shared';
import { expect } from 'chai';
import { Channels } from '../src/state/channels.ts';
import { Devices } from '../src/state/devices.ts';
import { Drafts } from '../src/state/drafts.ts';
import { People } from '../src/state/people.ts';
import { LOG_A } from './support/entries.ts';
import { FakeLink, settled } from './support/fake-link.ts';
import { memory } from './support/memory.ts';

const described = (name: string, lastSeq: number, log = LOG_A) => {
  return { name, topic: '', private: false, log, createdAt: 0, lastSeq };
};

describe('people', () => {
  it('are who the hub says is here; joining and leaving is what happens live', () => {
    const link = new FakeLink();
    const people = new People();
    people.open(link);
    const say = (name: string, status: string, retain = false): void =>
      link.deliver(`presence/${name}`, { status, at: 7, connections: 1 }, { retain });

    say('ben', 'online', true);
    say('ana', 'offline', true);
    say('cleo', 'online');
    say('ben', 'away');
    say('ben', 'offline');

    expect(people.all().map(({ name, presence }) => `${name} ${presence.status}`)).to.deep.equal([
      'cleo online',
      'ana offline',
      'ben offline',
    ]);
    expect(people.arrivals).to.deep.equal([
      { name: 'cleo', came: true, at: 7 },
      { name: 'ben', came: false, at: 7 },
    ]);
  });
});

describe('channels', () => {
  it('are those the hub describes; what one left is known and not listed, over visits', () => {
    const link = new FakeLink();
    const kept = memory();
    const seen: string[] = [];
    const context = {
      user: 'ana',
      memory: kept,
      described: ({ name }: { name: string }) => void seen.push(name),
      gone: (name: string) => void seen.push(`no ${name}`),
    };
    const channels = new Channels(context);
    channels.open(link);

    link.deliver('channels/general', described('general', 40), { retain: true });
    link.deliver('channels/workshop', described('workshop', 2));
    link.deliver('channels/broken', 'not json');
    channels.setLeft('workshop', true);
    channels.setMuted('general', true);

    expect(seen).to.deep.equal(['general', 'workshop']);
    expect(channels.names()).to.deep.equal(['general']);
    expect(channels.known()).to.deep.equal(['general', 'workshop']);
    const next = new Channels(context);
    expect([next.hasLeft('workshop'), next.isMuted('general')]).to.deep.equal([true, true]);
    link.deliver('channels/workshop', '');
    link.deliver('channels/plans', described('plans', 2));
    link.deliver('users/ana/channels/plans', { member: false });
    expect(channels.known()).to.deep.equal(['general']);
    expect(seen.slice(2)).to.deep.equal(['no workshop', 'plans', 'no plans']);
  });

  it('start over from what another version wrote', () => {
    const kept = memory();
    kept.setItem('parley:ana:left', '{"general":"?"}');
    kept.setItem('parley:ana:muted', 'not json');

    const channels = new Channels({ user: 'ana', memory: kept, described: () => undefined, gone: () => undefined });

    expect([channels.hasLeft('general'), channels.isMuted('general')]).to.deep.equal([false, false]);
  });
});

describe('drafts', () => {
  it('are kept per channel and user', () => {
    const kept = memory();
    new Drafts('ana', kept).set('general', 'half a');

    expect(new Drafts('ana', kept).get('general')).to.equal('half a');
    expect(new Drafts('ben', kept).get('general')).to.equal('');
    new Drafts('ana', kept).set('general', '');
    expect(new Drafts('ana', kept).get('general')).to.equal('');
  });
});

describe('devices', () => {
  it('gather readings of every format, with units from the pack or from about', () => {
    const link = new FakeLink();
    const devices = new Devices(link, { now: () => 1_800_000_000_000 });
    devices.open();

    link.deliver('devices/d1/about', { model: 'M', metrics: { power: { unit: 'W' } }, commands: {} }, { retain: true });
    link.deliver('devices/d1/telemetry', { power: 4, open: true });
    link.deliver('devices/d1/telemetry/cbor', senmlCbor.encode([{ bn: 'd1/', n: 'temp', u: 'Cel', v: 21.5 }]));
    link.deliver('devices/d1/telemetry', 'unreadable');

    const { series, about } = devices.get('d1')!;
    expect(about?.model).to.equal('M');
    expect(
      series.map(({ metric, value, unit, points }) => ({ metric, value, unit, points: points.length })),
    ).to.deep.equal([
      { metric: 'power', value: 4, unit: 'W', points: 1 },
      { metric: 'open', value: true, unit: undefined, points: 1 },
      { metric: 'temp', value: 21.5, unit: 'Cel', points: 1 },
    ]);
  });

  it('keep a bounded line in order of time, and the newest value', () => {
    const link = new FakeLink();
    const devices = new Devices(link);
    devices.open();

    for (let second = 1; second <= 200; second++) {
      link.deliver('devices/d1/telemetry', [{ n: 'd1/x', t: 1_800_000_000 + second, v: second }]);
    }
    link.deliver('devices/d1/telemetry', [{ n: 'd1/x', t: 1_800_000_190.5, v: -1 }]);

    const { value, points } = devices.get('d1')!.series[0]!;
    expect(value).to.equal(200);
    expect(points).to.have.lengthOf(120);
    expect(points.map(({ at }) => at)).to.deep.equal(points.map(({ at }) => at).toSorted((a, b) => a - b));
    expect(points.at(-11)!.value).to.equal(-1);
  });

  it('are told things, and their answer belongs to what was asked', async () => {
    let made = 0;
    const link = new FakeLink();
    const devices = new Devices(link, { makeId: () => `id-${++made}` });
    devices.open();
    link.deliver('devices/d1/status', 'online', { retain: true });
    link.up();

    devices.command('d1', 'set', { on: true });
    expect(link.sent[0]!.topic).to.equal('devices/d1/commands/set');
    expect(JSON.parse(new TextDecoder().decode(link.sent[0]!.payload))).to.deep.equal({
      id: 'id-1',
      args: { on: true },
    });
    link.deliver('devices/d1/replies/other', { ok: true });
    expect(devices.get('d1')!.sent['set']!.reply).to.equal(undefined);
    link.deliver('devices/d1/replies/id-1', { ok: false, error: 'stuck' });

    expect(devices.get('d1')!.sent['set']!.reply).to.deep.equal({ ok: false, error: 'stuck' });
    link.down();
    devices.command('d1', 'set', { on: false });
    await settled();
    expect(devices.get('d1')!.sent['set']!.problem).to.equal('down');
  });

  it('show the units of readings that the hub kept, also when those came before what they are', () => {
    const link = new FakeLink();
    const devices = new Devices(link);
    devices.open();

    devices.addKept([{ device: 'm1', seenAt: 5, latest: { power: { value: 4, at: 5 } } }]);
    link.deliver('devices/m1/about', { model: 'M', metrics: { power: { unit: 'W' } }, commands: {} }, { retain: true });

    expect(devices.get('m1')!.series[0]).to.include({ metric: 'power', unit: 'W', value: 4 });
  });

  it('are listed in the order in which a person counts', () => {
    const link = new FakeLink();
    const devices = new Devices(link);
    devices.open();

    for (const name of ['lamp-10', 'lamp-2', 'door-1', 'lamp-1']) {
      link.deliver(`devices/${name}/status`, 'online', { retain: true });
    }

    expect(devices.names()).to.deep.equal(['door-1', 'lamp-1', 'lamp-2', 'lamp-10']);
  });

  it('are forgotten when their retained messages are emptied and they never spoke', () => {
    const link = new FakeLink();
    const devices = new Devices(link);
    devices.open();
    link.deliver('devices/d1/status', 'online', { retain: true });
    expect(devices.has('d1')).to.equal(true);

    link.deliver('devices/d1/status', '');

    expect(devices.names()).to.deep.equal([]);
  });
});

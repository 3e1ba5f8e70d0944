import { expect } from 'chai';
import { topics } from '@parley/shared';
import { behaviours } from '../src/behaviours/all.ts';
import { startFleet } from '../src/fleet.ts';
import { parseScenario } from '../src/scenario/load.ts';
import { FakeClock } from './support/clock.ts';
import { bringUp, recordingLinks } from './support/recording-link.ts';

const scenario = parseScenario('groups: [{name: lamp-1, behaviour: lamp, interval: 1s}]', 'test.yaml');
const device = 'lamp-1';

function startLamp() {
  const clock = new FakeClock();
  const { links, open } = recordingLinks();
  const fleet = startFleet({
    scenario,
    behaviours: [behaviours.lamp],
    seed: 1,
    urlOf: () => 'mqtt://x',
    clock,
    openLink: open,
  });
  const link = links[0]!;
  const order = (command: string, payload: string): void =>
    link.deliver(topics.command.build({ device, command }), payload);
  const replies = () =>
    link.sent.flatMap(({ topic, payload }) => {
      const reply = topics.reply.parse(topic);
      return reply ? [{ id: reply.id, ...topics.reply.codec.decode(payload) }] : [];
    });
  return { clock, fleet, link, order, replies };
}

describe('a device', () => {
  it('leaves a retained will that it is offline', () => {
    const { link } = startLamp();

    const { will, username, clientId } = link.options;

    expect({ username, clientId }).to.deep.equal({ username: device, clientId: device });
    expect(will).to.include({ topic: 'devices/lamp-1/status', qos: 1, retain: true });
    expect(topics.deviceStatus.codec.decode(will!.payload)).to.equal('offline');
  });

  it('says everything about itself again each time it connects', () => {
    const { link } = startLamp();

    bringUp(link);
    const first = link.sent.splice(0);
    bringUp(link);

    expect(first.map(({ topic }) => topic)).to.deep.equal(
      ['about', 'status', 'state'].map((what) => `devices/lamp-1/${what}`),
    );
    for (const message of first) expect(message).to.include({ qos: 1, retain: true });
    expect(link.sent).to.deep.equal(first);
    expect(link.filters).to.deep.equal(['devices/lamp-1/commands/+', 'devices/lamp-1/commands/+']);
  });

  it('sends nothing while it is not connected, and keeps no readings for later', () => {
    const { clock, link } = startLamp();

    clock.pass(60_000);
    const before = link.sent.length;
    bringUp(link);

    expect(before).to.equal(0);
    expect(link.sent).to.have.length(3);
  });

  it('answers a command with what it reports, and publishes what changed once', () => {
    const { link, order, replies } = startLamp();
    bringUp(link);
    link.sent.length = 0;

    order('set', '{"id":"a","args":{"on":true,"brightness":33}}');
    order('set', '{"id":"b","args":{"on":true}}');

    const result = { on: true, brightness: 33 };
    expect(replies()).to.deep.equal([
      { id: 'a', ok: true, result },
      { id: 'b', ok: true, result },
    ]);
    const states = link.sent.filter(({ topic }) => topic === 'devices/lamp-1/state');
    expect(states.map(({ payload }) => topics.deviceState.codec.decode(payload))).to.deep.equal([result]);
  });

  it('answers a command that it refuses with what is wrong', () => {
    const { link, order, replies } = startLamp();
    bringUp(link);

    order('set', '{"id":"a","args":{"brightness":101}}');
    order('dance', '{"id":"b","args":{}}');

    const [first, second] = replies();
    expect(first).to.include({ id: 'a', ok: false }).and.have.property('error').that.includes('args.brightness');
    expect(second).to.include({ id: 'b', ok: false }).and.have.property('error').that.includes('dance');
  });

  it('takes bare arguments too, as another broker than Parley would deliver them', () => {
    const { link, order, replies } = startLamp();
    bringUp(link);

    order('set', '{"brightness":12}');

    expect(replies()[0]).to.deep.include({ ok: true }).and.have.nested.property('result.brightness', 12);
  });

  it('lives on when a command is nothing that could be answered', () => {
    const { link, order, replies } = startLamp();
    bringUp(link);

    order('set', '{"id":"no/level","args":{}}');
    order('set', '\xff');
    order('set', '{"id":"c","args":{"on":true}}');

    expect(replies().at(-1)).to.include({ id: 'c', ok: true });
  });

  it('says that it is offline when it is stopped, and then nothing', async () => {
    const { clock, fleet, link } = startLamp();
    bringUp(link);

    await fleet.stop();
    const last = link.sent.at(-1)!;
    const count = link.sent.length;
    clock.pass(60_000);

    expect(last).to.include({ topic: 'devices/lamp-1/status', retain: true });
    expect(topics.deviceStatus.codec.decode(last.payload)).to.equal('offline');
    expect(link.sent).to.have.length(count);
  });
});

import { expect } from 'chai';
import { topics } from '@parley/shared';
import { behaviours } from '../src/behaviours/all.ts';
import { startFleet } from '../src/fleet.ts';
import { parseScenario } from '../src/scenario/load.ts';
import { FakeClock } from './support/clock.ts';
import { bringUp, recordingLinks } from './support/recording-link.ts';

const device = 'press';

function startMachine() {
  const scenario = parseScenario(
    `groups: [{name: ${device}, behaviour: machine, interval: 1h, protocol: 5}]`,
    'x.yaml',
  );
  const clock = new FakeClock();
  const { links, open } = recordingLinks();
  const fleet = startFleet({
    scenario,
    behaviours: [behaviours.machine],
    seed: 1,
    urlOf: () => 'mqtt://x',
    clock,
    openLink: open,
  });
  const link = links[0]!;
  bringUp(link);
  const order = (command: string, payload: string, incoming = {}): void =>
    link.deliver(topics.command.build({ device, command }), payload, incoming);
  const replies = (id: string) =>
    link.sent
      .filter(({ topic }) => topics.reply.parse(topic)?.id === id)
      .map(({ payload }) => topics.reply.codec.decode(payload));
  return { clock, fleet, link, order, replies };
}

const update = '{"id":"u","args":{"version":"2.0.0","seconds":10}}';

describe('a command that takes its time', () => {
  it('tells its progress, and has its effect at the end', () => {
    const { clock, order, replies } = startMachine();

    order('update', update);
    clock.pass(5500);
    const halfway = replies('u');
    clock.pass(5000);

    expect(halfway).to.deep.equal([0, 0.1, 0.2, 0.3, 0.4, 0.5].map((progress) => ({ progress })));
    expect(replies('u').at(-1)).to.deep.include({ ok: true }).and.have.nested.property('result.firmware', '2.0.0');
    expect(replies('u')).to.have.length(11);
  });

  it('is refused at once when its arguments are wrong, or another one is running', () => {
    const { clock, order, replies } = startMachine();

    order('update', '{"id":"a","args":{"version":"new"}}');
    order('update', update);
    order('maintain', '{"id":"b","args":{"seconds":2}}');
    clock.pass(60_000);
    order('maintain', '{"id":"c","args":{"seconds":2}}');
    clock.pass(60_000);

    expect(replies('a')[0]).to.have.property('error').that.includes('args.version');
    expect(replies('b')).to.deep.equal([{ ok: false, error: 'busy with update' }]);
    expect(replies('c').at(-1)).to.include({ ok: true });
  });

  it('lets quick commands through meanwhile', () => {
    const { order, replies } = startMachine();

    order('update', update);
    order('nonsense', '{"id":"n"}');

    expect(replies('n')[0]).to.include({ ok: false });
  });

  it('is refused when it cannot end before it expires', () => {
    const { order, replies } = startMachine();

    order('update', update, { expirySeconds: 5 });

    expect(replies('u')).to.deep.equal([{ ok: false, error: 'update takes 10 s, and the command expires in 5 s' }]);
  });

  it('is given up when the device is switched off', async () => {
    const { clock, fleet, order, replies } = startMachine();

    order('update', update);
    await fleet.stop();
    clock.pass(60_000);

    expect(replies('u')).to.deep.equal([{ progress: 0 }]);
  });
});

describe('a command that comes more than once', () => {
  it('is obeyed once, and answered each time with the same answer', () => {
    const { clock, order, replies } = startMachine();

    order('update', update);
    order('update', update);
    clock.pass(60_000);
    order('update', update);

    const answers = replies('u').filter((reply) => 'ok' in reply);
    expect(answers).to.have.length(2);
    expect(answers[1]).to.deep.equal(answers[0]);
  });

  it('is not obeyed again after a reconnect when it is retained', () => {
    const { clock, link, order, replies } = startMachine();
    const retained = { retained: true };

    order('update', update, retained);
    clock.pass(60_000);
    const once = replies('u').length;
    bringUp(link);
    order('update', update, retained);
    clock.pass(60_000);

    expect(replies('u')).to.have.length(once);
  });

  it('is not obeyed again although a retained one has no id', () => {
    const { link, order } = startMachine();
    const count = (): number => link.sent.filter(({ topic }) => topics.reply.parse(topic)).length;

    order('nonsense', '{"speed":1}', { retained: true });
    order('nonsense', '{"speed":1}', { retained: true });
    order('nonsense', '{"speed":2}', { retained: true });
    order('nonsense', '', { retained: true });

    expect(count()).to.equal(2);
  });

  it('is refused when it has expired', () => {
    const { order, replies } = startMachine();

    order('update', update, { expirySeconds: 0 });

    expect(replies('u')).to.deep.equal([{ ok: false, error: 'the command has expired' }]);
  });
});

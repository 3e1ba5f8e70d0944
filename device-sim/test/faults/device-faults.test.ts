import { expect } from 'chai';
import { readings } from '@parley/shared';
import { FakeClock } from '../support/clock.ts';
import { lampWith, startScenario } from '../support/fleet.ts';
import { bringUp, recordingLinks } from '../support/recording-link.ts';

/** One lamp with these faults, on a link that records what reaches it. */
async function lamp(faults: string, more = '') {
  const clock = new FakeClock();
  const start = clock.now();
  const { links, open } = recordingLinks();
  const fleet = await startScenario('', { scenario: lampWith(`faults: [${faults}]${more}`), clock, openLink: open });
  const link = links[0]!;
  bringUp(link);
  const telemetry = () => link.sent.filter(({ topic }) => topic.endsWith('/telemetry'));
  const sent = () => telemetry().map(({ payload }) => Buffer.from(payload).toString('latin1'));
  return { clock, start, fleet, link, telemetry, sent };
}

/** What the same lamp would have sent without any fault. */
async function unharmed(ms: number): Promise<string[]> {
  const { clock, sent } = await lamp('');
  clock.pass(ms);
  return sent();
}

describe('a fault', () => {
  it('drops the connection at its times, and at no other', async () => {
    const { clock, link } = await lamp('{kind: drop, at: [2s, 5s]}');

    clock.pass(1999);
    const before = link.acts.length;
    clock.pass(10_000);

    expect(before).to.equal(0);
    expect(link.acts).to.deep.equal(['cut', 'cut']);
  });

  it('drops it again and again with every', async () => {
    const { clock, link } = await lamp('{kind: storm, every: 3s}');

    clock.pass(10_000);

    expect(link.acts).to.deep.equal(['cut hastily', 'cut hastily', 'cut hastily']);
  });

  it('flaps for as long as it lasts', async () => {
    const { clock, link } = await lamp('{kind: flapping, at: 1s, lasts: 2500ms, period: 1s}');

    clock.pass(60_000);

    expect(link.acts).to.deep.equal(['cut hastily', 'cut hastily', 'cut hastily']);
  });

  it('makes the device silent and then loud again', async () => {
    const { clock, link } = await lamp('{kind: silence, at: 1s, lasts: 5s}');

    clock.pass(5999);
    const during = [...link.acts];
    clock.pass(1);

    expect(during).to.deep.equal(['silent']);
    expect(link.acts).to.deep.equal(['silent', 'loud']);
  });

  it('holds messages back for its delay, in their order', async () => {
    const { clock, sent } = await lamp('{kind: latency, delay: 2500ms, spread: 2s}');

    clock.pass(30_000);
    const late = sent();

    expect(late.length).to.be.within(24, 28);
    expect(late).to.deep.equal((await unharmed(30_000)).slice(0, late.length));
  });

  it('sends readings twice', async () => {
    const { clock, sent } = await lamp('{kind: duplicate}');

    clock.pass(10_000);

    expect(sent()).to.deep.equal((await unharmed(10_000)).flatMap((one) => [one, one]));
  });

  it('sends a reading after the next one', async () => {
    const { clock, sent } = await lamp('{kind: reorder}');

    clock.pass(10_000);
    const [first, second, third, fourth] = await unharmed(10_000);

    expect(sent().slice(0, 4)).to.deep.equal([second, first, fourth, third]);
  });

  it('draws by its probability, the same each time for a seed', async () => {
    const runs = await Promise.all([1, 2].map(() => lamp('{kind: duplicate, probability: 0.2}')));
    for (const { clock } of runs) clock.pass(300_000);

    const [first, second] = runs.map(({ sent }) => sent());

    expect(second).to.deep.equal(first);
    expect(first!.length).to.be.within(330, 390);
  });

  it('freezes one sensor and leaves the others', async () => {
    const { clock, sent } = await lamp('{kind: stuck, metric: power, at: 2s, lasts: 6s}');

    clock.pass(20_000);
    const power = sent().map((one) => (JSON.parse(one) as { power: number }).power);
    const real = (await unharmed(20_000)).map((one) => (JSON.parse(one) as { power: number }).power);

    // One reading within each second: the third is the first after the fault began.
    expect(new Set(power.slice(2, 8)).size).to.equal(1);
    expect([...power.slice(0, 2), ...power.slice(8)]).to.deep.equal([...real.slice(0, 2), ...real.slice(8)]);
  });

  it('makes a sensor drift', async () => {
    const { clock, sent } = await lamp('{kind: drift, metric: brightness, perHour: 3600}');

    clock.pass(20_000);
    const brightness = sent().map((one) => (JSON.parse(one) as { brightness: number }).brightness);

    expect(brightness.at(-1)! - brightness[0]!).to.be.closeTo(19, 0.01);
  });

  for (const codec of ['json', 'senml+json', 'senml+cbor']) {
    it(`breaks payloads in ${codec} so that no reader takes them`, async () => {
      const { clock, link } = await lamp('{kind: corrupt}', `, codec: ${codec}`);

      clock.pass(20_000);
      const broken = link.sent.filter(({ topic }) => topic.includes('/telemetry'));

      expect(broken.length).to.be.above(10);
      for (const { payload } of broken) {
        expect(() => readings(payload, codec.endsWith('cbor') ? 'cbor' : 'json', 0)).to.throw();
      }
    });
  }

  it('pads payloads to a size, and they can still be read', async () => {
    const { clock, telemetry } = await lamp('{kind: oversized, bytes: 2 KiB}');

    clock.pass(2000);

    expect(telemetry()[0]!.payload).to.have.length(2048);
    expect(readings(telemetry()[0]!.payload, 'json', 0)).to.have.length(3);
  });

  it('sets the clock of the device back', async () => {
    const { clock, start, telemetry } = await lamp('{kind: skew, by: -5m}', ', codec: senml+json');

    clock.pass(2000);
    const [reading] = readings(telemetry()[0]!.payload, 'json', start);

    expect(reading!.at - start).to.be.within(-300_000, -298_000);
  });

  it('reads in small bites, and follows what gives it something to read', async () => {
    const { clock, link } = await lamp("{kind: slow-reader, at: 1s, lasts: 3s, pause: 1s, filter: 'devices/#'}");

    clock.pass(10_000);

    expect(link.filters).to.include('devices/#');
    expect(link.acts[0]).to.equal('stopped');
    expect(link.acts.filter((act) => act === 'reading').length).to.be.at.least(3);
    expect(link.acts.at(-1)).to.equal('reading');
  });

  it('has only its share of a group, and the same devices each time', async () => {
    const keys = "name: 'd-{n}', behaviour: lamp, interval: 1s, count: 400";
    const chosen = async () => {
      const clock = new FakeClock();
      const { links, open } = recordingLinks();
      const { parseScenario } = await import('../../src/scenario/load.ts');
      const scenario = parseScenario(`groups: [{${keys}, faults: [{kind: drop, at: 1s, share: 25%}]}]`, 'x.yaml');
      await startScenario('', { scenario, clock, openLink: open });
      clock.pass(1500);
      return links.filter(({ acts }) => acts.length > 0).map(({ options }) => options.clientId);
    };

    const [first, second] = [await chosen(), await chosen()];

    expect(first.length).to.be.within(70, 130);
    expect(second).to.deep.equal(first);
  });

  it('is over when the device is stopped', async () => {
    const { clock, fleet, link } = await lamp('{kind: drop, every: 1s}');

    clock.pass(2500);
    await fleet.stop();
    clock.pass(60_000);

    expect(link.acts).to.have.length(2);
  });
});

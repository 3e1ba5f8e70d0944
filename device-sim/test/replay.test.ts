import { expect } from 'chai';
import { FakeClock } from './support/clock.ts';
import { startScenario } from './support/fleet.ts';
import { bringUp, recordingLinks } from './support/recording-link.ts';
import type { RecordedLink } from './support/recording-link.ts';

/** Ten minutes of the home, as the messages of each device. */
async function live(seed: number, meanwhile: (links: RecordedLink[], clock: FakeClock) => void = () => {}) {
  const clock = new FakeClock();
  const { links, open } = recordingLinks();
  const fleet = await startScenario('home', { seed, clock, openLink: open });
  links.forEach(bringUp);
  clock.pass(300_000);
  meanwhile(links, clock);
  clock.pass(300_000);
  await fleet.stop();
  return new Map(
    links.map(({ options, sent }) => [
      options.clientId,
      sent.map(({ topic, payload }) => `${topic} ${Buffer.from(payload).toString('latin1')}`),
    ]),
  );
}

describe('a seed', function () {
  this.timeout(60_000);

  it('replays every state and reading of a home exactly', async () => {
    const [first, second] = await Promise.all([live(42), live(42)]);

    expect(second).to.deep.equal(first);
    for (const [device, messages] of first) expect(messages.length, device).to.be.greaterThan(100);
  });

  it('gives another home than another seed', async () => {
    const [first, second] = await Promise.all([live(1), live(2)]);

    for (const [device, messages] of first) expect(second.get(device)).not.to.deep.equal(messages);
  });

  it('gives the same readings when a connection is lost on the way', async () => {
    const [whole, broken] = await Promise.all([
      live(5),
      live(5, (links, clock) => {
        links.forEach((link) => (link.connected = false));
        clock.pass(0);
        links.forEach(bringUp);
      }),
    ]);

    for (const [device, messages] of whole) {
      const readings = messages.filter((message) => message.includes('/telemetry'));
      expect(broken.get(device)!.filter((message) => message.includes('/telemetry'))).to.deep.equal(readings);
    }
  });

  it('spreads the first readings of a group over an interval', async () => {
    const clock = new FakeClock();
    const { links, open } = recordingLinks();
    const fleet = await startScenario('home', { seed: 3, clock, openLink: open });
    links.forEach(bringUp);

    const speaking = Array.from({ length: 20 }, () => {
      clock.pass(250);
      return links.filter(({ sent }) => sent.some(({ topic }) => topic.includes('/telemetry'))).length;
    });

    await fleet.stop();
    expect(new Set(speaking).size).to.be.greaterThan(5);
    expect(speaking.at(-1)).to.equal(12);
  });
});

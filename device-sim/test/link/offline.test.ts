import { expect } from 'chai';
import { openLink } from '../../src/link.ts';
import type { Outcome } from '../../src/link.ts';
import { Outbox } from '../../src/link/outbox.ts';
import { startTestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const message = (text: string) => ({ topic: 'plain/a', payload: Buffer.from(text), qos: 1 as const, retain: false });

describe('while the broker is away', function () {
  this.timeout(60_000);

  it('the newest messages of QoS 1 are kept, in their order, and the oldest dropped', async () => {
    const gone = await startTestHub();
    await gone[Symbol.asyncDispose]();
    const outcomes: [text: string, outcome: Outcome][] = [];
    const link = openLink(
      { url: gone.urls.tcp, clientId: 'x', random: () => 0.5, maxWaiting: 3 },
      { up: () => {}, down: () => {}, refused: () => {}, message: () => {} },
    );

    for (const text of ['a', 'b', 'c', 'd', 'e']) link.send(message(text), (outcome) => outcomes.push([text, outcome]));
    const dropped = [...outcomes];
    await using hub = await startTestHub(gone.ports);
    const watcher = await hub.watch('plain/#');
    await until('what was kept is there', () => link.unacknowledged === 0 || watcher.seen.length === 3);
    await link.close();

    expect(dropped).to.deep.equal([
      ['a', 'lost'],
      ['b', 'lost'],
    ]);
    expect(outcomes.slice(2)).to.deep.equal([
      ['c', 'sent'],
      ['d', 'sent'],
      ['e', 'sent'],
    ]);
  });

  it('what waits is abandoned when the link is closed, and its sender told', async () => {
    const link = openLink(
      { url: 'mqtt://127.0.0.1:9', clientId: 'x', random: () => 0.5 },
      { up: () => {}, down: () => {}, refused: () => {}, message: () => {} },
    );
    const sent = link.publish(message('a')).catch((error: unknown) => error);

    await link.close();

    expect(await sent).to.be.instanceOf(Error);
    expect(await link.publish(message('b')).catch((error: unknown) => error)).to.be.instanceOf(Error);
  });

  it('packet identifiers that are in flight are not given again', () => {
    const outbox = new Outbox(10);
    outbox.wait(message('held'), undefined);
    const [[held]] = [...outbox.release()] as [[number, unknown]];

    const ids = new Set(Array.from({ length: 65_534 }, () => outbox.nextId()));

    expect(ids.has(held)).to.equal(false);
    expect(ids.size).to.equal(65_534);
  });

  it('only a window of messages is in flight', () => {
    const outbox = new Outbox(1000);
    outbox.window = 5;
    for (let index = 0; index < 20; index++) outbox.wait(message(String(index)), undefined);

    const first = [...outbox.release()].map(([id]) => id);
    outbox.settle(first[0]!, 'sent');
    const next = [...outbox.release()];

    expect(first).to.have.length(5);
    expect(next).to.have.length(1);
    expect(outbox.size).to.equal(19);
  });
});

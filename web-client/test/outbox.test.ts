import { expect } from 'chai';
import { ApiError } from '../src/link/api.ts';
import { Outbox } from '../src/state/outbox.ts';
import { idOf } from './support/entries.ts';
import { draftsOf, FakeLink, settled } from './support/fake-link.ts';

function make(options: ConstructorParameters<typeof Outbox>[1] = {}) {
  const link = new FakeLink();
  let made = 0;
  const outbox = new Outbox(link, { now: () => 5000, makeId: () => idOf(++made), ...options });
  // As the session does.
  link.watch(() => link.status.state === 'online' && outbox.flush());
  const states = (): string[] =>
    outbox.of('general').map(({ state, reason }) => (reason ? `${state}: ${reason}` : state));
  return { link, outbox, states };
}

describe('the outbox', () => {
  it('publishes a draft as JSON with an id at QoS 1, and keeps it until the entry is seen', async () => {
    const { link, outbox, states } = make();
    link.up();

    const id = outbox.send('general', 'hello');
    const [sent] = link.sent;
    sent!.acknowledge();
    await settled();

    expect(sent).to.include({ topic: 'chat/general', qos: 1 });
    expect(draftsOf(link)).to.deep.equal([{ id, kind: 'text', text: 'hello' }]);
    expect(states()).to.deep.equal(['sending']);
    outbox.confirm(id);
    expect(states()).to.deep.equal([]);
    outbox.close();
  });

  it('keeps what is written offline and sends it in order, one at a time', async () => {
    const { link, outbox } = make();
    const ids = ['one', 'two', 'three'].map((text) => outbox.send('general', text));
    outbox.send('workshop', 'elsewhere');
    expect(outbox.waiting).to.equal(4);

    link.up();

    expect(draftsOf(link).map(({ text }) => text)).to.deep.equal(['one', 'elsewhere']);
    outbox.confirm(ids[0]!);
    outbox.confirm(ids[1]!);
    expect(draftsOf(link).map(({ text }) => text)).to.deep.equal(['one', 'elsewhere', 'two', 'three']);
    outbox.close();
  });

  it('sends again under the same id when the connection ended before the acknowledgement', async () => {
    const { link, outbox, states } = make();
    link.up();
    const id = outbox.send('general', 'hello');

    link.down();
    await settled();
    expect(states()).to.deep.equal(['waiting']);
    link.up();

    expect(draftsOf(link).map((draft) => draft.id)).to.deep.equal([id, id]);
    outbox.close();
  });

  it('sends again what was acknowledged but not shown before the connection ended', async () => {
    const { link, outbox } = make();
    link.up();
    outbox.send('general', 'hello');
    link.sent[0]!.acknowledge();
    await settled();

    link.down();
    link.up();

    expect(draftsOf(link)).to.have.lengthOf(2);
    outbox.close();
  });

  it('fails the message that was in flight when the hub refuses its topic, and goes on with the next', async () => {
    const { link, outbox, states } = make();
    link.up();
    outbox.send('general', 'bad');
    outbox.send('general', 'good');

    outbox.refuse({ code: 'payload-invalid', message: 'draft is not valid', topic: 'chat/other', at: 1 });
    expect(states()).to.deep.equal(['sending', 'waiting']);
    outbox.refuse({ code: 'payload-invalid', message: 'draft is not valid', topic: 'chat/general', at: 1 });
    await settled();

    expect(states()).to.deep.equal(['failed: draft is not valid', 'sending']);
    expect(outbox.waiting).to.equal(1);
    outbox.close();
  });

  it('looks again for what was acknowledged and not shown, then says so', async () => {
    const looked: string[] = [];
    const { link, outbox, states } = make({ confirmMs: 1 });
    const seen = new Promise<void>((resolve) => {
      outbox.lookAgain = async (channel) => {
        looked.push(channel);
        resolve();
        throw new ApiError(500, 'not now');
      };
    });
    link.up();
    outbox.send('general', 'hello');

    link.sent[0]!.acknowledge();
    await seen;
    await settled();

    expect(looked).to.deep.equal(['general']);
    expect(states()).to.have.lengthOf(1);
    expect(states()[0]).to.match(/^failed: The hub took it but did not show it/);
  });

  it('gives up on what ends the connection every time, and retries under the same id when asked', async () => {
    const { link, outbox, states } = make({ attempts: 2 });
    link.up();
    const id = outbox.send('general', 'too long');

    for (let attempt = 1; attempt <= 2; attempt++) {
      link.down();
      await settled();
      link.up();
    }

    expect(states()[0]).to.match(/^failed: The connection ended each time/);
    expect(link.sent).to.have.lengthOf(2);
    outbox.retry(id);
    expect(draftsOf(link).at(-1)!.id).to.equal(id);
    outbox.discard(id);
    expect(states()).to.deep.equal([]);
  });

  it('fails at once what has no form on the wire', async () => {
    const { link, outbox, states } = make();
    link.up();

    outbox.send('general', '');
    await settled();

    expect(states()).to.deep.equal(['failed: draft has an empty text']);
    expect(link.sent).to.deep.equal([]);
  });
});

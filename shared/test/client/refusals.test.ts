import { memoryStorage } from '@parley/shared/client';
import type { Fetch, Hub } from '@parley/shared/client';
import { connectHub } from '@parley/shared/client/node';
import { expect } from 'chai';
import { until } from '../../../broker/test/support/until.ts';
import { rejection } from './support/client.ts';
import { fakeLinks } from './support/fake-link.ts';
import type { FakeLink } from './support/fake-link.ts';

const LOG = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

/** A hub over HTTP that has an empty log, and judges drafts as the test says. */
function httpHub(judge: (draft: { text?: string }) => { status: number; body: unknown }): Fetch {
  return async (_url, { method, body }) => {
    const empty = { status: 200, body: { entries: [], lastSeq: 0, log: LOG, limited: false } };
    const answer = method === 'POST' ? judge(JSON.parse(body!) as { text?: string }) : empty;
    return { ok: answer.status < 300, status: answer.status, json: async () => answer.body };
  };
}

const silent: Fetch = () => Promise.reject(new Error('no HTTP here'));

/** A client whose hub is the test: MQTT by the links, HTTP by `fetch`. */
async function withLinks(fetch: Fetch, options: { confirmMs?: number } = {}): Promise<{ hub: Hub; links: FakeLink[] }> {
  const { links, openLink } = fakeLinks();
  const platform = { openLink, fetch };
  const reconnect = { baseMs: 5, capMs: 5 };
  const hub = await connectHub({
    url: 'mqtt://hub',
    user: 'ana',
    storage: memoryStorage(),
    platform,
    reconnect,
    ...options,
  });
  return { hub, links };
}

/** The same, connected. */
async function withLink(fetch: Fetch, options: { confirmMs?: number } = {}): Promise<{ hub: Hub; link: FakeLink }> {
  const { hub, links } = await withLinks(fetch, options);
  const link = await until(() => links[0], 'a link');
  link.events.opened();
  return { hub, link };
}

function drafts(link: FakeLink): { id: string; text: string }[] {
  const chat = link.published.filter(({ topic }) => topic === 'chat/general');
  return chat.map(({ payload }) => JSON.parse(Buffer.from(payload).toString()) as { id: string; text: string });
}

function stamp(link: FakeLink, seq: number, index: number): void {
  link.deliver('chat/general', JSON.stringify({ kind: 'text', ...drafts(link)[index], seq, at: 1, from: 'ana' }));
}

describe('a refusal', () => {
  it('in an MQTT 5 acknowledgement fails its send with code and reason code', async () => {
    const { hub, link } = await withLink(httpHub(() => expect.fail('not asked')));
    await using _hub = hub;
    link.answer = ({ topic }) =>
      topic === 'chat/general' ? { reasonCode: 0x87, reason: 'members only' } : { reasonCode: 0 };

    const send = hub.channel('general').send('hello');

    expect(await rejection(send.whenSent())).to.include({
      code: 'not-authorized',
      reasonCode: 0x87,
      message: 'members only',
    });
  });

  it('in an MQTT 5 acknowledgement fails its send alone, and what is behind it is sent', async () => {
    const { hub, link } = await withLink(httpHub(() => expect.fail('not asked')));
    await using _hub = hub;
    link.answer = ({ payload }) =>
      Buffer.from(payload).includes('bad')
        ? { reasonCode: 0x80, code: 'too-large', reason: 'send it as a file' }
        : { reasonCode: 0 };
    const [bad, good] = ['bad', 'good'].map((text) => hub.channel('general').send(text));
    await until(() => drafts(link).length === 2, 'sent');

    stamp(link, 1, 1);

    expect(await rejection(bad!.whenSent())).to.include({ code: 'too-large', message: 'send it as a file' });
    expect((await good!.whenSent()).seq).to.equal(1);
    expect(drafts(link)).to.have.length(2);
  });

  it('that speaks of the moment is no failure: the draft is sent again under its id', async () => {
    const { hub, link } = await withLink(httpHub(() => ({ status: 503, body: {} })));
    await using _hub = hub;
    let full = true;
    link.answer = () => (full ? { reasonCode: 0x97, code: 'not-stored', reason: 'no room' } : { reasonCode: 0 });
    const send = hub.channel('general').send('hello');
    await until(() => drafts(link).length >= 2, 'sent again', 8000);

    full = false;
    const count = drafts(link).length;
    await until(() => drafts(link).length > count, 'sent when there is room', 15_000);
    stamp(link, 1, count);

    expect((await send.whenSent()).id).to.equal(send.id);
    expect(new Set(drafts(link).map(({ id }) => id))).to.deep.equal(new Set([send.id]));
  }).timeout(30_000);

  it('on hub/errors, of what went at QoS 0, is told and fails nothing that was sent', async () => {
    const { hub, link } = await withLink(httpHub(() => expect.fail('not asked')));
    await using _hub = hub;
    const send = hub.channel('general').send('hello');
    await until(() => drafts(link).length === 1, 'sent');
    const refusals: string[] = [];
    hub.on('refusal', ({ topic, failure }) => refusals.push(`${topic} ${failure.code}`));

    const refusal = { code: 'payload-invalid', message: 'no', topic: 'chat/general', at: 1 };
    link.deliver('hub/errors/x', JSON.stringify(refusal), { qos: 0 });

    expect(refusals).to.deep.equal(['chat/general payload-invalid']);
    expect(send.state.state).to.equal('pending');
  });
});

describe('a send that is acknowledged and not seen', () => {
  it('is asked for over HTTP', async () => {
    const { hub } = await withLink(
      httpHub((draft) => ({ status: 200, body: { kind: 'text', ...draft, seq: 1, at: 1, from: 'ana' } })),
      { confirmMs: 20 },
    );
    await using _hub = hub;

    expect(await hub.channel('general').send('hello').whenSent()).to.include({ seq: 1 });
  });

  it('is sent again under the same id when HTTP has no answer', async () => {
    const { hub, link } = await withLink(silent, { confirmMs: 20 });
    await using _hub = hub;

    const send = hub.channel('general').send('hello');
    await until(() => drafts(link).length >= 3, 'sent again');

    expect(new Set(drafts(link).map(({ id }) => id))).to.deep.equal(new Set([send.id]));
    expect(send.state.state).to.equal('pending');
  });

  it('is not settled by an entry of the same id from someone else', async () => {
    const { hub, link } = await withLink(httpHub(() => ({ status: 503, body: {} })));
    await using _hub = hub;
    const general = hub.channel('general');
    await general.whenLoaded();
    const send = general.send('hello');
    await until(() => drafts(link).length === 1, 'sent');

    link.deliver('chat/general', JSON.stringify({ id: send.id, seq: 1, at: 1, from: 'ben', kind: 'text', text: 'x' }));

    expect(general.lastSeq).to.equal(1);
    expect(send.state.state).to.equal('pending');
  });
});

describe('a send that was on its way when three connections ended', () => {
  it('is not overtaken by later ones while the hub is asked about it', async () => {
    const { hub, links } = await withLinks(silent);
    await using _hub = hub;
    const general = hub.channel('general');
    const first = general.send('first');
    for (let count = 1; count <= 3; count++) {
      const link = await until(() => links[count - 1], 'a connection');
      link.events.opened();
      await until(() => drafts(link).length === 1, 'sent');
      link.events.closed({ code: 'link-down', message: 'gone' }, false);
    }
    const link = await until(() => links[3], 'the fourth connection');
    link.events.opened();

    const second = general.send('second');
    await second.whenStored();
    await until(() => drafts(link).length >= 2, 'both sent', 8000);

    expect(
      drafts(link)
        .map(({ id }) => id)
        .slice(0, 2),
    ).to.deep.equal([first.id, second.id]);
  });
});

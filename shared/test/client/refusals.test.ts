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

function refuse(link: FakeLink): void {
  const refusal = { code: 'payload-invalid', message: 'no', topic: 'chat/general', at: 1 };
  link.deliver(`hub/errors/x`, JSON.stringify(refusal), { qos: 0 });
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

  it('on hub/errors fails the one send on its way', async () => {
    const { hub, link } = await withLink(httpHub(() => expect.fail('not asked')));
    await using _hub = hub;
    const send = hub.channel('general').send('hello');
    await until(() => drafts(link).length === 1, 'sent');

    refuse(link);

    expect(await rejection(send.whenSent())).to.include({ code: 'payload-invalid', message: 'no' });
  });

  it('on hub/errors that could mean several is settled by asking for each, oldest first', async () => {
    const asked: string[] = [];
    const { hub, link } = await withLink(
      httpHub((draft) => {
        asked.push(draft.text!);
        const isBad = draft.text === 'bad';
        if (isBad) return { status: 400, body: { error: { code: 'payload-invalid', message: 'bad' } } };
        return { status: 200, body: { kind: 'text', ...draft, seq: asked.length, at: 1, from: 'ana' } };
      }),
    );
    await using _hub = hub;
    const sends = ['one', 'bad', 'three'].map((text) => hub.channel('general').send(text));
    await until(() => drafts(link).length === 3, 'sent');

    refuse(link);

    expect((await sends[0]!.whenSent()).text).to.equal('one');
    expect(await rejection(sends[1]!.whenSent())).to.include({ code: 'payload-invalid' });
    expect((await sends[2]!.whenSent()).text).to.equal('three');
    expect(asked).to.deep.equal(['one', 'bad', 'three']);
  });

  it('of something else of ours fails nothing that was sent', async () => {
    const { hub, link } = await withLink(httpHub(() => expect.fail('not asked')));
    await using _hub = hub;
    const send = hub.channel('general').send('hello');
    await until(() => drafts(link).length === 1, 'sent');
    const refusals: string[] = [];
    hub.on('refusal', ({ topic }) => refusals.push(topic));

    link.deliver(
      'hub/errors/x',
      JSON.stringify({ code: 'not-authorized', message: 'no', topic: 'presence/ana', at: 1 }),
    );

    expect(send.state.state).to.equal('pending');
    expect(refusals).to.deep.equal(['presence/ana']);
  });

  it('turns out to be someone else’s when the entry is seen after all', async () => {
    const { hub, link } = await withLink(httpHub(() => expect.fail('not asked')));
    await using _hub = hub;
    const general = hub.channel('general');
    await general.whenLoaded();
    const send = general.send('hello');
    await until(() => drafts(link).length === 1, 'sent');
    refuse(link);
    expect(send.state.state).to.equal('failed');

    stamp(link, 1, 0);

    expect(send.state).to.deep.include({ state: 'sent' });
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

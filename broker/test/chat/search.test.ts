import { expect } from 'chai';
import fc from 'fast-check';
import { wordsOf } from '../../src/chat/words.ts';
import { call } from '../support/http.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';

async function found(hub: TestHub, query: string, user = 'ana'): Promise<string[]> {
  const { body } = await call(hub, user, 'GET', `/api/search?${query}`);
  return body.entries.map(({ topic, text }: { topic: string; text: string }) => `${topic} ${text}`);
}

const say = (hub: TestHub, text: string, channel = 'general', user = 'ana') =>
  call(hub, user, 'POST', `/api/channels/${channel}/messages`, { text });

describe('search', () => {
  it('finds all words and the beginning of the last, newest first, over channels', async () => {
    await using hub = await startTestHub();
    await say(hub, 'the red lamp is broken');
    await say(hub, 'red paint', 'garden');
    await say(hub, 'a red lamppost', 'garden');
    await say(hub, 'lamp');

    expect(await found(hub, 'q=red+lamp')).to.deep.equal([
      'chat/garden a red lamppost',
      'chat/general the red lamp is broken',
    ]);
    expect(await found(hub, 'q=lam')).to.have.length(3);
    expect(await found(hub, 'q=re+lamp')).to.deep.equal([]);
    expect(await found(hub, 'q=red&channel=garden&limit=1')).to.deep.equal(['chat/garden a red lamppost']);
    expect(await found(hub, 'q=red&from=ben')).to.deep.equal([]);
  });

  it('knows no case and no accents, and characters as words where there are no spaces', async () => {
    await using hub = await startTestHub();
    await say(hub, 'Über die STRASSE zum Café');
    await say(hub, '会議は明日です');

    expect(await found(hub, 'q=straße+uber')).to.have.length(1);
    expect(await found(hub, 'q=CAFÉ')).to.have.length(1);
    expect(await found(hub, `q=${encodeURIComponent('明日')}`)).to.have.length(1);
  });

  it('shows direct messages to the two alone, and nothing that was deleted', async () => {
    await using hub = await startTestHub();
    const { id } = (await say(hub, 'password swordfish')).body;
    await call(hub, 'ana', 'POST', '/api/dm/ben/messages', { text: 'swordfish between us' });

    const before = await Promise.all(['ana', 'ben', 'eve'].map((user) => found(hub, 'q=swordfish', user)));
    await call(hub, 'ana', 'POST', '/api/channels/general/messages', { kind: 'delete', target: id });
    const after = await found(hub, 'q=swordfish', 'eve');

    expect(before.map(({ length }) => length)).to.deep.equal([2, 2, 1]);
    expect(after).to.deep.equal([]);
  });

  it('finds by a beginning that very many words have', async () => {
    await using hub = await startTestHub();
    const client = await hub.client('ana');
    const texts = Array.from({ length: 400 }, (_, index) => `word${index}`);
    await Promise.all(texts.map((text) => client.publishAsync('chat/general', text, { qos: 1 })));

    expect(await found(hub, 'q=w&limit=2')).to.deep.equal(['chat/general word399', 'chat/general word398']);
    expect(await found(hub, 'q=word39&limit=3')).to.deep.equal([
      'chat/general word399',
      'chat/general word398',
      'chat/general word397',
    ]);
  });

  it('folds every text to words that fold to themselves', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const word of wordsOf(text)) expect([...wordsOf(word)]).to.deep.equal([word]);
      }),
    );
  });
});

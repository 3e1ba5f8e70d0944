import type { Page as LogPage } from '@parley/shared';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { sharedBrowser } from '../support/shared-browser.ts';
import { fill, sent, visit, write } from '../support/visit.ts';
import { until } from '../support/wait.ts';

const entryOf = (page: Page, text: string) => page.locator('parley-entry', { hasText: text });

describe('two people in a channel', function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async () => {
    browser = await sharedBrowser();
  });

  it('answer, react, edit and delete, and both see it', async () => {
    await using hub = await startTestHub();
    const [{ page: ana, problems }, { page: ben }] = await Promise.all([
      visit(browser, hub.httpUrl, 'ana'),
      visit(browser, hub.httpUrl, 'ben'),
    ]);
    await write(ana, 'is the lamp on?');
    await sent(ben, 'is the lamp on?');

    await entryOf(ben, 'is the lamp on?').hover();
    await ben.getByRole('button', { name: 'Reply (R)' }).click();
    await ben.getByText('Reply to ana').waitFor();
    await write(ben, 'it is');
    await ana.getByRole('button', { name: /^Answers ana is the lamp on/ }).waitFor();
    await entryOf(ben, 'is the lamp on?').first().hover();
    await ben.getByRole('button', { name: 'React (E)' }).click();
    await ben.getByLabel('Find an emoji').fill('thumbsup');
    await ben.getByLabel('Find an emoji').press('Enter');
    await ana.getByRole('button', { name: '👍 1: ben' }).click();
    await ben.getByRole('button', { name: '👍 2: ben, ana' }).click();
    await ana.getByRole('button', { name: '👍 1: ana' }).waitFor();

    const box = ana.getByRole('textbox', { name: 'Message #general' });
    await box.fill('');
    await box.press('ArrowUp');
    await until(async () => (await box.inputValue()) === 'is the lamp on?', 'the message being there to be edited');
    await box.fill('is the big lamp on?');
    await box.press('Enter');
    await entryOf(ben, 'is the big lamp on?').first().getByText('edited').waitFor();
    await entryOf(ana, 'is the big lamp on?').first().hover();
    await ana.getByRole('button', { name: 'Delete' }).click();

    await ben.getByText('This message was deleted.').waitFor();
    await ben.getByRole('button', { name: 'Answers ana A deleted message' }).waitFor();
    expect(problems).to.deep.equal([]);
  });

  it('write Markdown, which is drawn as such and never as HTML', async () => {
    await using hub = await startTestHub();
    const { page, problems } = await visit(browser, hub.httpUrl, 'ana');
    const text =
      '**strong** and `code` <b onclick=alert(1)>x</b> [site](https://good.example/) [bad](javascript:alert(2))';

    await write(page, `${text}\n\n- one\n- two\n\n\`\`\`\nlet x = 1;\n\`\`\`\n![p](https://spy.example/p.png)`);
    const words = page.locator('parley-entry .rich');
    await words.locator('strong').getByText('strong').waitFor();

    expect(await words.locator('code').allTextContents()).to.deep.equal(['code', 'let x = 1;']);
    expect(await words.locator('li').allTextContents()).to.deep.equal(['one', 'two']);
    expect(
      await words.locator('a').evaluateAll((links) => links.map((one) => (one as HTMLAnchorElement).href)),
    ).to.deep.equal(['https://good.example/', 'https://spy.example/p.png']);
    expect(await words.locator('b, img').count()).to.equal(0);
    expect(await words.textContent())
      .to.include('<b onclick=alert(1)>x</b>')
      .and.include('[bad](javascript:alert(2))');
    expect(problems).to.deep.equal([]);
  });

  it('call each other by name, from a list, and the other one sees that in the list of channels', async () => {
    await using hub = await startTestHub();
    const [{ page: ana }, { page: ben }] = await Promise.all([
      visit(browser, hub.httpUrl, 'ana'),
      visit(browser, hub.httpUrl, 'ben'),
    ]);
    await ana.getByRole('button', { name: 'People: 2 online' }).waitFor();
    await ben.goto('/c/workshop');
    await ben.getByRole('button', { name: 'Create it' }).click();
    await ben.getByText('Nothing here yet').waitFor();

    const box = ana.getByRole('textbox', { name: 'Message #general' });
    await box.pressSequentially('look @be');
    await ana.getByRole('option', { name: 'ben' }).waitFor();
    await box.press('Enter');
    await box.pressSequentially('please');
    await until(async () => (await box.inputValue()) === 'look @ben please', 'the name being written out');
    await box.press('Enter');

    await ben.getByRole('link', { name: /general.*1 unread, 1 for you/ }).click();
    await ben.locator('.mention.me').getByText('@ben').waitFor();
    await until(async () => (await ben.getByRole('link', { name: /unread/ }).count()) === 0, 'it being read');
  });

  it('talk directly, and nobody else sees it', async () => {
    await using hub = await startTestHub();
    const [{ page: ana }, { page: ben }, { page: eve }] = await Promise.all([
      visit(browser, hub.httpUrl, 'ana'),
      visit(browser, hub.httpUrl, 'ben'),
      visit(browser, hub.httpUrl, 'eve'),
    ]);
    await ana.getByRole('button', { name: 'People: 3 online' }).click();
    await ana.getByRole('button', { name: 'ben online' }).click();
    await ana.getByText('only ben and you can read').waitFor();
    expect(new URL(ana.url()).pathname).to.equal('/dm/ben');

    await write(ana, 'for you alone', 'Message ben');
    await ben.getByRole('link', { name: /ana.*1 unread/ }).click();
    await sent(ben, 'for you alone');
    await ben.getByRole('textbox', { name: 'Message ana' }).pressSequentially('thank');
    await ana.getByText('ben is typing …').waitFor();
    await write(ben, 'thanks', 'Message ana');
    await sent(ana, 'thanks');
    await eve.goto('/dm/ana');

    await eve.getByText('Nothing here yet').waitFor();
    await ben.reload();
    await sent(ben, 'thanks');
  });

  it('send files, which the other one sees or downloads', async () => {
    await using hub = await startTestHub();
    const [{ page: ana, problems }, { page: ben }] = await Promise.all([
      visit(browser, hub.httpUrl, 'ana'),
      visit(browser, hub.httpUrl, 'ben'),
    ]);
    const pixel = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
      'base64',
    );
    const picker = ana.locator('input[type=file]');

    await picker.setInputFiles([
      { name: 'dot.png', mimeType: 'image/png', buffer: pixel },
      { name: 'notes ä.txt', mimeType: 'text/plain', buffer: Buffer.alloc(1_300_000, 'a') },
    ]);
    await ana.getByRole('list', { name: 'Files' }).getByText('dot.png').waitFor();
    await ana.locator('parley-uploads li.done').nth(1).waitFor();
    await write(ana, 'two files');

    await sent(ben, 'two files');
    const picture = ben.getByRole('img', { name: 'dot.png' });
    await until(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth === 1), 'the picture');
    const link = ben.getByRole('link', { name: /notes ä\.txt/ });
    const body = await (await ben.request.get((await link.getAttribute('href'))!)).body();
    expect(body.length).to.equal(1_300_000);
    expect(problems).to.deep.equal([]);
  });

  it('say what they do, set the topic and command a device by slash', async () => {
    await using hub = await startTestHub();
    const lamp = await hub.client('lamp-1');
    const about = {
      model: 'Lamp',
      metrics: {},
      commands: { set: { args: { type: 'object', properties: { on: { type: 'boolean' } } } } },
    };
    await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), { qos: 1, retain: true });
    await lamp.subscribeAsync('devices/lamp-1/commands/+', { qos: 1 });
    lamp.on('message', (_topic, payload) => {
      const { id, args } = JSON.parse(payload.toString()) as { id: string; args: { on: boolean } };
      void lamp.publishAsync(
        `devices/lamp-1/replies/${id}`,
        JSON.stringify({ ok: true, result: args.on ? 'lit' : 'dark' }),
      );
    });
    const { page } = await visit(browser, hub.httpUrl, 'ana');

    await write(page, '/me waves');
    await page.locator('parley-entry .notice').getByText('ana waves').waitFor();
    await write(page, '/topic Lamps and more');
    await page.locator('parley-chat-header').getByText('Lamps and more').waitFor();
    await write(page, '/device lamp-1 on');
    await page.getByText('lamp-1 set: Done: lit').waitFor();
    await write(page, '/dance');
    await page.getByRole('alert').getByText('There is no /dance.').waitFor();

    expect(await page.getByRole('textbox', { name: 'Message #general' }).inputValue()).to.equal('/dance');
  });

  it('open a link to one entry, far back, and come back to the newest', async () => {
    await using hub = await startTestHub();
    const writer = await hub.client('writer');
    await fill(writer, 'chat/general', 600);
    const old = (await (
      await fetch(`${hub.httpUrl}/api/channels/general/messages?after=119&limit=2`)
    ).json()) as LogPage;
    const change = (draft: object): Promise<unknown> =>
      writer.publishAsync('chat/general', JSON.stringify(draft), { qos: 1 });
    await change({ kind: 'edit', target: old.entries[1]!.id, text: 'this line was edited' });
    await change({ kind: 'reaction', target: old.entries[0]!.id, text: '👍' });
    await fill(writer, 'chat/general', 200);
    const { page } = await visit(browser, hub.httpUrl, 'ana');

    await page.goto('/c/general?at=120');
    await page.locator('parley-entry[found]').getByText('line 120 of the log').waitFor();
    // Changed far behind what is loaded here, and once more while it is looked at.
    await page.getByText('this line was edited').waitFor();
    await page.getByRole('button', { name: '👍 1: writer' }).waitFor();
    await change({ kind: 'edit', target: old.entries[1]!.id, text: 'and edited again' });
    await page.getByText('and edited again').waitFor();
    expect(await page.getByText('line 600 of the log').count()).to.equal(0);
    await page.getByRole('button', { name: /Latest|new/ }).click();

    await page.getByText('line 200 of the log').waitFor();
  });

  it('show a long text in part, and more of it when asked', async () => {
    await using hub = await startTestHub();
    const writer = await hub.client('writer');
    const { page } = await visit(browser, hub.httpUrl, 'ana');

    await writer.publishAsync('chat/general', `${'word '.repeat(6000)}end`, { qos: 1 });
    await page.getByRole('button', { name: 'Show more' }).click();
    await until(async () => (await page.locator('parley-entry .words').textContent())!.length === 20_000, 'more of it');
    await page.getByRole('button', { name: 'Show more' }).click();

    await page.getByRole('button', { name: 'Show less' }).waitFor();
    expect(await page.locator('parley-entry .words').textContent()).to.match(/end$/);
  });
});

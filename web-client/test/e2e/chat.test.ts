import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { mosquittoPub, mosquittoSub } from '../support/mosquitto.ts';
import { openContext, sharedBrowser } from '../support/shared-browser.ts';
import { fill, sent, visit, write } from '../support/visit.ts';
import { follow, until } from '../support/wait.ts';

describe('the chat page in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async () => {
    browser = await sharedBrowser();
  });

  it('lets two pages talk with each other and with mosquitto, each message once and in one order', async () => {
    await using hub = await startTestHub();
    const { page: ana } = await visit(browser, hub.httpUrl, 'ana');
    const { page: ben } = await visit(browser, hub.httpUrl, 'Ben');
    await using terminal = await mosquittoSub(hub, 'chat/general');

    await write(ana, 'hello from a browser');
    await ben.getByText('hello from a browser').waitFor();
    await write(ben, 'and back');
    await ana.getByText('and back').waitFor();
    await mosquittoPub(hub.ports.mqtt, ['-t', 'chat/general', '-u', 'shell', '-m', 'plain text from a shell']);

    for (const page of [ana, ben]) {
      await page.getByText('plain text from a shell').waitFor();
      const said = await page.locator('parley-entry .words').allTextContents();
      const senders = await page.locator('parley-entry .from').allTextContents();
      expect(said).to.deep.equal(['hello from a browser', 'and back', 'plain text from a shell']);
      expect(senders).to.deep.equal(['ana', 'ben', 'shell']);
    }
    await until(() => terminal.printed().includes('"text":"and back"'), 'mosquitto_sub printing the entry of a page');
    expect(terminal.printed()).to.match(/"seq":1,.*"from":"ana".*"text":"hello from a browser"/);
  });

  it('shows who is here, who joins and who leaves', async () => {
    await using hub = await startTestHub();
    const { page } = await visit(browser, hub.httpUrl, 'ana');

    // Who is here before we look does not join.
    await page.getByRole('button', { name: 'People: 1 online' }).waitFor();
    const cleo = await hub.client('cleo');
    await page.getByText('cleo joined').waitFor();
    await page.getByRole('button', { name: 'People: 2 online' }).click();
    const people = page.locator('parley-people');
    await people.getByText('cleo').waitFor();
    await cleo.endAsync();

    await page.getByRole('button', { name: 'People: 1 online' }).waitFor();
    await people.getByText('Offline').waitFor();
    await page.getByText('cleo left').waitFor();
  });

  it('loads older messages on the way up without moving what is read, and draws only what is near', async () => {
    await using hub = await startTestHub();
    const writer = await hub.client('writer');
    await fill(writer, 'chat/general', 400);
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await page.getByText('line 400 of the log').waitFor();
    const scroller = page.locator('parley-timeline .scroll');
    const linesInView = (): Promise<string[]> =>
      page.locator('parley-entry .words').evaluateAll((lines) =>
        lines
          .filter((line) => {
            const { top, bottom } = line.getBoundingClientRect();
            return top > 60 && bottom < innerHeight - 120;
          })
          .map((line) => line.textContent ?? ''),
      );

    await scroller.evaluate((element) => (element.scrollTop -= 800));
    await page.waitForFunction(() => {
      const timeline = document.querySelector('parley-app')!.shadowRoot!.querySelector('parley-chat')!.shadowRoot!;
      return (timeline.querySelector('parley-timeline') as HTMLElement & { rows: unknown[] }).rows.length > 150;
    });
    // One in the middle: at the edge half a pixel decides.
    const seen = await linesInView();
    const before = seen[Math.floor(seen.length / 2)]!;
    await writer.publishAsync('chat/general', 'new at the end', { qos: 1 });
    await page.getByRole('button', { name: '1 new' }).waitFor();

    expect(await linesInView()).to.include(before);
    const first = page.getByText('line 1 of the log', { exact: true });
    await until(async () => {
      await scroller.evaluate((element) => (element.scrollTop = 0));
      return (await first.count()) === 1;
    }, 'the first line loading');
    await page.getByText('This is where #general begins.').waitFor();
    expect(await page.locator('parley-entry').count()).to.be.lessThan(120);
    await page.getByRole('button', { name: '1 new' }).click();
    await page.getByText('new at the end').waitFor();
  });

  it('counts what is unread in other channels and keeps a draft per channel', async () => {
    await using hub = await startTestHub();
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await page.getByRole('textbox', { name: 'Message #general' }).fill('not sent yet');

    await mosquittoPub(hub.ports.mqtt, ['-t', 'chat/workshop', '-m', 'one']);
    await mosquittoPub(hub.ports.mqtt, ['-t', 'chat/workshop', '-m', 'two']);
    const link = page.getByRole('link', { name: /workshop/ });
    await link.getByText('2', { exact: false }).waitFor();
    await link.click();
    await page.locator('parley-entry').getByText('two').waitFor();

    expect(new URL(page.url()).pathname).to.equal('/c/workshop');
    await until(async () => !(await link.textContent())?.includes('unread'), 'workshop being read');
    expect(await page.getByRole('textbox', { name: 'Message #workshop' }).inputValue()).to.equal('');
    await page.goBack();
    const kept = page.getByRole('textbox', { name: 'Message #general' });
    await until(async () => (await kept.inputValue()) === 'not sent yet', 'the draft coming back');
  });

  it('draws the line New before what came while one looked elsewhere, and not before what one sees come', async () => {
    await using hub = await startTestHub();
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    const read = await follow(await hub.client('ana'), 'users/ana/read/general');
    await write(page, 'seen as it came');
    await sent(page, 'seen as it came');
    // What is not read yet would be above the line, and no line is drawn for one's first look.
    await read.next();
    expect(await page.locator('parley-timeline .line').count()).to.equal(0);

    await page.getByRole('link', { name: 'Hub' }).click();
    await mosquittoPub(hub.ports.mqtt, ['-t', 'chat/general', '-m', 'came later']);
    await page.getByRole('link', { name: /Chat.*1 unread/ }).click();
    await page.getByText('came later').waitFor();

    const texts = await page.locator('parley-timeline .line, parley-timeline parley-entry .words').allTextContents();
    expect(texts).to.deep.equal(['seen as it came', 'New', 'came later']);
  });

  it('says what is wrong with a name, and remembers a good one', async () => {
    await using hub = await startTestHub();
    const context = await openContext(browser, { baseURL: hub.httpUrl });
    const page = await context.newPage();
    await page.goto('/');
    await page.getByText('a name is only a claim').waitFor();
    expect(await page.getByLabel('Your name').inputValue()).to.match(/^[a-z]+-[a-z]+$/);
    await page.getByText(`mosquitto_sub -h 127.0.0.1 -p ${hub.ports.mqtt} -t chat/general`).waitFor();

    await page.getByLabel('Your name').fill('no spaces please');
    await page.getByLabel('Your name').press('Enter');
    await page.getByRole('alert').getByText('Use only letters').waitFor();
    await page.getByLabel('Your name').fill('Ana');
    await page.getByLabel('Your name').press('Enter');
    await page.getByText('Connected as ana').waitFor();
    await page.reload();
    await page.getByText('Connected as ana').waitFor();

    await page.getByRole('button', { name: 'You are ana' }).click();
    await page.getByRole('button', { name: 'Leave or change name' }).click();
    await page.getByLabel('Your name').waitFor();
  });
});

import type { Page as LogPage } from '@parley/shared';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { startLastingHub } from '../support/lasting-hub.ts';
import { sharedBrowser } from '../support/shared-browser.ts';
import { fill, sent, visit, write } from '../support/visit.ts';
import { until } from '../support/wait.ts';

const box = (page: Page) => page.getByRole('textbox', { name: 'Message #general' });

/** Files as a browser hands them over, by their names. */
async function filesOf(page: Page, names: readonly string[]) {
  return page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const name of given) transfer.items.add(new File(['abc'], name, { type: 'text/plain' }));
    return transfer;
  }, names);
}

describe('reading and writing by hand and by keys', function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async () => {
    browser = await sharedBrowser();
  });

  it('files are dropped on the conversation, or pasted', async () => {
    await using hub = await startTestHub();
    const { page, problems } = await visit(browser, hub.httpUrl, 'ana');

    const dropped = await filesOf(page, ['dropped.txt']);
    await page.locator('parley-chat').dispatchEvent('dragover', { dataTransfer: dropped });
    await page.getByText('Drop files to attach them').waitFor();
    await page.locator('parley-chat').dispatchEvent('drop', { dataTransfer: dropped });
    await page.getByText('Drop files to attach them').waitFor({ state: 'detached' });
    const pasted = await filesOf(page, ['pasted.txt']);
    await box(page).evaluate((area, clipboardData) => {
      area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, pasted);
    await page.locator('parley-uploads li.done').nth(1).waitFor();
    await write(page, 'both of them');

    await sent(page, 'both of them');
    for (const name of ['dropped.txt', 'pasted.txt']) {
      const link = page.locator('parley-entry').getByRole('link', { name: new RegExp(name) });
      const answer = await page.request.get((await link.getAttribute('href'))!);
      expect(await answer.text()).to.equal('abc');
    }
    expect(problems).to.deep.equal([]);
  });

  it('a day is gone to, and Escape reads everything and comes back', async () => {
    await using hub = await startTestHub();
    const writer = await hub.client('writer');
    await fill(writer, 'chat/general', 300);
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await page.getByText('line 300 of the log').waitFor();
    const answer = await fetch(`${hub.httpUrl}/api/channels/general/messages?after=0&limit=1`);
    const { entries } = (await answer.json()) as LogPage;
    const day = await page.evaluate(
      (at) => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 10),
      entries[0]!.at,
    );

    await page.getByRole('button', { name: 'About this channel' }).click();
    await page.getByLabel('Go to a day').fill(day);
    await page.locator('parley-entry[found]').getByText('line 1 of the log', { exact: true }).waitFor();
    await writer.publishAsync('chat/general', 'the newest of all', { qos: 1 });
    await page.getByRole('button', { name: '1 new' }).waitFor();
    await box(page).press('Escape');

    await page.getByText('the newest of all').waitFor();
    await page.locator('.pill').waitFor({ state: 'detached' });
    await page.getByText('line 1 of the log', { exact: true }).waitFor({ state: 'detached' });
  });

  it('an entry is answered by R and reacted to by E, and conversations are changed by Alt and arrows', async () => {
    await using hub = await startTestHub();
    const ben = await hub.client('ben');
    await ben.publishAsync('chat/general', 'what do you think?', { qos: 1 });
    await ben.publishAsync('chat/workshop', 'quiet here', { qos: 1 });
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await page.locator('parley-entry').getByText('what do you think?').waitFor();
    await page.getByRole('link', { name: /workshop/ }).waitFor();

    await page.getByRole('log').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('r');
    await page.getByText('Reply to ben').waitFor();
    await box(page).press('Escape');
    await page.getByText('Reply to ben').waitFor({ state: 'detached' });
    await page.getByRole('log').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('e');
    await page.getByLabel('Find an emoji').fill('thumbsup');
    await page.getByLabel('Find an emoji').press('Enter');
    await page.getByRole('button', { name: '👍 1: ana' }).waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('heading', { name: /workshop/ }).waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByRole('heading', { name: /general/ }).waitFor();
    await ben.publishAsync('chat/zebra', 'news', { qos: 1 });
    await page.getByRole('link', { name: /zebra.*1 unread/ }).waitFor();
    await page.keyboard.press('Alt+Shift+ArrowDown');

    await page.getByRole('heading', { name: /zebra/ }).waitFor();
  });

  it('half typed words outlive a reload and a restart of the hub', async () => {
    const first = await startLastingHub();
    const { mqtt: mqttPort, http: httpPort } = first.ports;
    const { page } = await visit(browser, first.httpUrl, 'ana');
    await box(page).pressSequentially('half a ');
    await page.reload();
    await until(async () => (await box(page).inputValue()) === 'half a ', 'the words after a reload');
    await page.getByText('Connected as ana').waitFor();

    await box(page).press('End');
    await first.close();
    await page.getByText(/^Reconnecting/).waitFor();
    await box(page).pressSequentially('thou');
    await using _second = await startTestHub({ mqttPort, httpPort });
    await page.getByText('Connected as ana').waitFor();
    await box(page).pressSequentially('ght');

    expect(await box(page).inputValue()).to.equal('half a thought');
    await box(page).press('Enter');
    await sent(page, 'half a thought');
  });

  it('a muted direct conversation says so, and a link is copied without a secure origin too', async () => {
    await using hub = await startTestHub();
    const ben = await hub.client('ben');
    await ben.publishAsync('dm/ana/ben', 'psst', { qos: 1 });
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    // As browsers do on plain http to another machine.
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await page.goto('/dm/ben');
    await page.getByText('psst').first().waitFor();

    await page.getByRole('button', { name: 'About this conversation' }).click();
    await page.getByRole('checkbox', { name: /Muted/ }).check();
    await page.getByRole('link', { name: /ben/ }).getByTitle('Muted').waitFor();
    await page.evaluate(() =>
      document.addEventListener('copy', () =>
        Object.assign(globalThis, { copied: (document.activeElement as HTMLTextAreaElement).value }),
      ),
    );
    await page.locator('parley-entry').hover();
    await page.getByRole('button', { name: 'Copy link' }).click();

    await page.waitForFunction(() => 'copied' in globalThis);
    expect(await page.evaluate('copied')).to.equal(`${hub.httpUrl}/dm/ben?at=1`);
  });
});

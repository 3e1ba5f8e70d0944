import type { Page } from '@parley/shared';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { startLastingHub } from '../support/lasting-hub.ts';
import { sharedBrowser } from '../support/shared-browser.ts';
import { visit, write } from '../support/visit.ts';
import { follow, until } from '../support/wait.ts';

/** What is in the log of general, in its order. */
async function saidIn(url: string): Promise<string[]> {
  const { entries } = (await (await fetch(`${url}/api/channels/general/messages`)).json()) as Page;
  return entries.map(({ text }) => text ?? '');
}

describe('a page whose hub goes away', function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async () => {
    browser = await sharedBrowser();
  });

  it('comes back without a reload and delivers once what was written meanwhile', async () => {
    const first = await startLastingHub();
    const { mqtt: mqttPort, http: httpPort } = first.ports;
    const [ana, ben] = await Promise.all(['ana', 'ben'].map((name) => visit(browser, first.httpUrl, name)));
    await write(ana!.page, 'before the restart');
    await ben!.page.getByText('before the restart').waitFor();
    await ana!.page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));

    await first.close();
    await ana!.page.getByText('Reconnecting …').waitFor();
    await write(ana!.page, 'written while away');
    await write(ana!.page, 'and a second one');
    await ana!.page.getByText('2 messages are waiting and will be sent.').waitFor();
    await using second = await startTestHub({ mqttPort, httpPort });
    await Promise.all([ana!, ben!].map(({ page }) => page.getByText(/^Connected as/).waitFor()));
    // The log, and not who listens: the page may be back before any reader is.
    const said = (): Promise<string[]> => saidIn(second.httpUrl);
    await until(async () => (await said()).length >= 2, 'both being delivered');
    for (const { page, problems } of [ana!, ben!]) {
      await page.getByText('and a second one').waitFor();
      // The log in memory is another one now: what it does not have is not shown.
      await page.getByText('before the restart').waitFor({ state: 'detached' });
      const shown = await page.locator('parley-entry .words').allTextContents();
      expect(shown).to.deep.equal(['written while away', 'and a second one']);
      expect(await page.locator('parley-entry .pending, parley-entry .why').count()).to.equal(0);
      expect(problems).to.deep.equal([]);
    }
    expect(await ana!.page.evaluate(() => 'sameDocument' in globalThis)).to.equal(true);
    await write(ben!.page, 'all is well');
    await ana!.page.getByText('all is well').waitFor();
    expect(await said()).to.deep.equal(['written while away', 'and a second one', 'all is well']);
  });

  it('delivers once what was written offline, when the page was closed and the hub stopped meanwhile', async () => {
    const first = await startLastingHub();
    const { mqtt: mqttPort, http: httpPort } = first.ports;
    const { page, problems } = await visit(browser, first.httpUrl, 'ana');
    await write(page, 'said before');
    await page.locator('parley-entry .body:not(.pending)').getByText('said before').waitFor();
    const url = first.httpUrl;
    await first.close();
    await page.getByText(/^Reconnecting/).waitFor();

    await write(page, 'written offline');
    await page.getByText('1 message is waiting and will be sent.').waitFor();
    const context = page.context();
    await page.close();
    await using second = await startTestHub({ mqttPort, httpPort });
    const reader = await follow(await second.client('reader'), 'chat/general');
    const again = await context.newPage();
    await again.goto(url);

    expect((await reader.next()).json()).to.include({ from: 'ana', text: 'written offline', seq: 1 });
    await again.locator('parley-entry .body:not(.pending)').getByText('written offline').waitFor();
    await write(again, 'and then');
    expect((await reader.next()).json()).to.include({ text: 'and then', seq: 2 });
    expect(problems).to.deep.equal([]);
  });

  it('tries at once when asked to', async () => {
    const first = await startLastingHub();
    const { mqtt: mqttPort, http: httpPort } = first.ports;
    const { page } = await visit(browser, first.httpUrl, 'ana');
    await first.close();
    await page.getByText(/^Reconnecting/).waitFor();
    await using _second = await startTestHub({ mqttPort, httpPort });

    // It may come back by itself before the button is there.
    await Promise.race([
      page.getByRole('button', { name: 'Try now' }).click(),
      page.getByText('Connected as ana').waitFor(),
    ]);

    await page.getByText('Connected as ana').waitFor();
  });

  it('says at once that a message is too long, and keeps it to be shortened', async () => {
    await using hub = await startTestHub({ maxPacketBytes: 4096 });
    const { page } = await visit(browser, hub.httpUrl, 'ana');

    await write(page, 'far too long '.repeat(500));
    await page
      .getByRole('alert')
      .getByText(/too long.*the hub takes/i)
      .waitFor();
    const box = page.getByRole('textbox', { name: 'Message #general' });
    expect(await box.inputValue()).to.match(/^far too long/);
    await write(page, 'short enough');
    await page.locator('parley-entry .body:not(.pending)').getByText('short enough').waitFor();

    expect(await page.locator('parley-entry').count()).to.equal(1);
  });
});

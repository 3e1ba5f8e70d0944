import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { follow } from '../../../broker/test/support/messages.ts';
import { launch } from '../support/browser.ts';
import { ensureBuilt } from '../support/page.ts';
import { visit, write } from '../support/visit.ts';

describe('a page whose hub goes away', function () {
  this.timeout(60_000);
  let browser: Browser;

  before(async () => {
    ensureBuilt();
    browser = await launch();
  });
  after(() => browser.close());

  it('comes back without a reload and delivers once what was written meanwhile', async () => {
    const first = await startTestHub();
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
    const reader = await follow(await second.client('reader'), 'chat/general');
    await Promise.all([ana!, ben!].map(({ page }) => page.getByText(/^Connected as/).waitFor({ timeout: 20_000 })));
    const entries = [await reader.next(), await reader.next()].map((one) => one.json());

    expect(entries.map(({ seq, text }) => ({ seq, text }))).to.deep.equal([
      { seq: 1, text: 'written while away' },
      { seq: 2, text: 'and a second one' },
    ]);
    for (const { page, problems } of [ana!, ben!]) {
      await page.getByText('and a second one').waitFor();
      // The log in memory is another one now: what it does not have is not shown.
      await page.getByText('before the restart').waitFor({ state: 'detached' });
      const said = await page.locator('parley-group .text .words').allTextContents();
      expect(said).to.deep.equal(['written while away', 'and a second one']);
      expect(await page.locator('parley-group .waiting, parley-group .sending, parley-group .failed').count()).to.equal(
        0,
      );
      expect(problems).to.deep.equal([]);
    }
    expect(await ana!.page.evaluate(() => 'sameDocument' in globalThis)).to.equal(true);
    await write(ben!.page, 'all is well');
    await ana!.page.getByText('all is well').waitFor();
    expect(reader.queue.filter((one) => one.text().includes('while away'))).to.have.lengthOf(0);
  });

  it('gives up a message that the hub hangs up on, says so, and goes on', async () => {
    await using hub = await startTestHub({ maxPacketBytes: 4096 });
    const { page } = await visit(browser, hub.httpUrl, 'ana');

    await write(page, 'far too long '.repeat(500));
    await write(page, 'short enough');
    await page.getByText('Not sent. The connection ended each time it was sent. It may be too long.').waitFor();
    await page.locator('parley-group .item:not(.sending, .waiting)').getByText('short enough').waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();

    await page.getByText(/^Not sent/).waitFor({ state: 'detached' });
    expect(await page.locator('parley-group .item').count()).to.equal(1);
  });
});

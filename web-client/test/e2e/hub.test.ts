import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { sharedBrowser } from '../support/shared-browser.ts';
import { visit } from '../support/visit.ts';

describe('the hub page in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async () => {
    browser = await sharedBrowser();
  });

  it('shows the hub’s numbers and nodes while it is there, and says when they are old', async () => {
    const hub = await startTestHub();
    const ben = await hub.client('ben');
    const { page, problems } = await visit(browser, hub.httpUrl, 'ana');

    await page.goto('/hub');
    const messages = page.locator('parley-vital', { hasText: 'Messages in' });
    await page.locator('parley-vital', { hasText: 'Connections' }).getByText('2', { exact: true }).waitFor();
    await page.getByText('Everything reached everybody').waitFor();
    await page.getByRole('region', { name: 'Nodes' }).getByText('ok', { exact: true }).waitFor();
    await messages.waitFor();
    for (let sent = 0; sent < 50; sent++) await ben.publishAsync('a', 'b', { qos: 1 });
    await messages.getByText(/at most [1-9]/).waitFor();
    await hub.close();

    await page.getByText('Not live: these are the numbers of').waitFor();
    expect(problems).to.deep.equal([]);
  });
});

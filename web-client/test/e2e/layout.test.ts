import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { overflowing } from '../support/overflowing.ts';
import { sharedBrowser } from '../support/shared-browser.ts';
import { visit } from '../support/visit.ts';

const long = 'unbreakable'.repeat(40);

describe('the page on small screens', function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async () => {
    browser = await sharedBrowser();
  });

  for (const width of [320, 390, 820]) {
    it(`fits ${width} pixels on every page, with long words in it`, async () => {
      await using hub = await startTestHub();
      const device = await hub.client('n'.repeat(64));
      await device.publishAsync('chat/general', long, { qos: 1 });
      await device.publishAsync('chat/general', JSON.stringify({ [long]: long }), { qos: 1 });
      await device.publishAsync(
        `devices/${'n'.repeat(64)}/about`,
        JSON.stringify({ model: long, metrics: {}, commands: { [long.slice(0, 99)]: {} } }),
        { retain: true },
      );
      await device.publishAsync(`devices/${'n'.repeat(64)}/state`, JSON.stringify({ [long]: long }), { retain: true });
      const { page } = await visit(browser, hub.httpUrl, 'm'.repeat(64), { viewport: { width, height: 700 } });
      await device.publishAsync(`devices/${'n'.repeat(64)}/telemetry`, JSON.stringify({ [long]: long, ok: 1e300 }));

      const places = [
        '/c',
        '/c/general',
        `/c/${'c'.repeat(64)}`,
        '/d',
        `/d/${'n'.repeat(64)}`,
        '/t',
        '/t?filter=%23',
        '/hub',
      ];
      const found: Record<string, string[]> = {};
      for (const place of places) {
        await page.goto(place);
        await page.getByText(/^Connected as/).waitFor();
        const wrong = await overflowing(page);
        if (wrong.length > 0) found[place] = wrong;
      }

      expect(found).to.deep.equal({});
    });
  }

  it('has list and conversation as two pages on a phone, with a way back', async () => {
    await using hub = await startTestHub();
    const { page } = await visit(browser, hub.httpUrl, 'ana', { viewport: { width: 390, height: 844 } });

    await page.getByRole('link', { name: 'Back to channels' }).click();
    await page.getByRole('heading', { name: 'Channels' }).waitFor();
    expect(await page.locator('parley-chat').isVisible()).to.equal(false);
    await page.getByRole('button', { name: 'Make a channel' }).click();
    await page.getByLabel('Channel name').fill('Balcony');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing here yet').waitFor();

    expect(new URL(page.url()).pathname).to.equal('/c/balcony');
    expect(await page.getByRole('heading', { name: 'Channels' }).isVisible()).to.equal(false);
    await page.getByRole('link', { name: 'Hub' }).click();
    await page.getByRole('heading', { name: 'This hub' }).waitFor();
  });
});

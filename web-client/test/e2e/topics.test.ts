import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { follow } from '../../../broker/test/support/messages.ts';
import { until } from '../../../broker/test/support/until.ts';
import { launch } from '../support/browser.ts';
import { mosquittoPub } from '../support/mosquitto.ts';
import { ensureBuilt } from '../support/page.ts';
import { visit } from '../support/visit.ts';

describe('the topics page in a browser', function () {
  this.timeout(40_000);
  let browser: Browser;

  before(async () => {
    ensureBuilt();
    browser = await launch();
  });
  after(() => browser.close());

  it('shows what passes a filter, as text, JSON or hex, with its marks', async () => {
    await using hub = await startTestHub();
    await mosquittoPub(hub.ports.mqtt, ['-t', 'plant/line 1/count', '-r', '-q', '1', '-m', '{"n":[1,2]}']);
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await page.getByRole('link', { name: 'Topics' }).click();

    await page.getByRole('textbox', { name: 'Topic filter' }).fill('plant/#');
    await page.getByRole('button', { name: 'Subscribe' }).click();
    const kept = page.getByRole('button', { name: /plant\/line 1\/count/ });
    await kept.getByText('kept').waitFor();
    await kept.getByText('q1').waitFor();
    await mosquittoPub(hub.ports.mqtt, ['-t', 'plant/live', '-m', 'now']);
    await page
      .getByRole('button', { name: /plant\/live/ })
      .getByText('q0')
      .waitFor();
    await kept.click();

    const payload = page.locator('parley-seen pre');
    expect(await payload.textContent()).to.equal(JSON.stringify({ n: [1, 2] }, null, 2));
    await page.getByRole('button', { name: 'Hex' }).click();
    expect(await payload.textContent()).to.include('0000  7b 22 6e 22 3a 5b 31 2c 32 5d 7d');
    expect(page.url()).to.include('/t?filter=plant%2F%23');
    await mosquittoPub(hub.ports.mqtt, ['-t', 'plant/live', '-m', 'later']);
    await page.getByRole('button', { name: 'Resume, 1 new' }).click();
    await page.getByText('later').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Waiting for the first message').waitFor();
  });

  it('publishes any payload to any topic, and says why not', async () => {
    await using hub = await startTestHub();
    const reader = await follow(await hub.client('reader'), 'bench/#', { qos: 2 });
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await page.goto('/t');

    await page.getByRole('button', { name: 'Publish' }).click();
    const form = page.locator('parley-publish');
    await form.getByLabel('Topic').fill('bench/out');
    await form.getByLabel('Payload').fill('two\nlines');
    await form.getByLabel('Quality of service').selectOption('2');
    await form.getByLabel('Retain').check();
    await form.getByRole('button', { name: 'Publish', exact: true }).click();
    await form.getByText('The hub took it for bench/out.').waitFor();
    const arrived = await reader.next();
    await form.getByLabel('Topic').fill('bench/+');
    await form.getByRole('button', { name: 'Publish', exact: true }).click();
    await form.getByText('A topic to publish to is not empty and has no + or #.').waitFor();

    expect(arrived.text()).to.equal('two\nlines');
    expect(arrived.packet.qos).to.equal(2);
    const late = await follow(await hub.client('late'), 'bench/out');
    expect((await late.next()).packet.retain).to.equal(true);
  });

  it('says when a filter is none', async () => {
    await using hub = await startTestHub();
    const { page } = await visit(browser, hub.httpUrl, 'ana');

    await page.goto(`/t?filter=${encodeURIComponent('a/#/b')}`);

    await page.getByText('This is not a topic filter').waitFor();
    await until(() => page.title().then((title) => title === 'a/#/b · Parley'), 'the title');
  });
});

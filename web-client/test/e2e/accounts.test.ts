import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { launch } from '../support/browser.ts';
import { ensureBuilt } from '../support/page.ts';
import { write } from '../support/visit.ts';

describe('the page of a hub with accounts', function () {
  this.timeout(60_000);
  let browser: Browser;

  before(async () => {
    ensureBuilt();
    browser = await launch();
  });
  after(() => browser.close());

  it('makes an account from an invitation, stays signed in, signs out and in again', async () => {
    await using hub = await startTestHub({ auth: 'accounts' });
    const context = await browser.newContext({ baseURL: hub.httpUrl });
    context.setDefaultTimeout(8000);
    const page = await context.newPage();
    const { pathname, hash } = new URL(hub.invite!);

    await page.goto(pathname + hash);
    await page.getByText('You are invited').waitFor();
    await page.getByLabel('Your name').fill('root');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByText('Connected as root').waitFor();
    await write(page, 'hello with an account');
    await page.locator('parley-entry .body:not(.pending)').getByText('hello with an account').waitFor();
    await page.reload();
    await page.getByText('Connected as root').waitFor();
    await page.getByRole('button', { name: 'You are root' }).click();
    await page.getByRole('button', { name: 'Leave or change name' }).click();

    await page.getByLabel('Your name').fill('root');
    await page.getByLabel('Password').fill('wrong horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Connected as root').waitFor();
    await page.getByText('hello with an account').waitFor();

    expect(new URL(page.url()).hash).to.equal('');
    await context.close();
  });
});

import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { PASSWORD, startAccountsHub } from '../../../broker/test/support/accounts.ts';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { until } from '../../../broker/test/support/until.ts';
import { comeIn, openAt, signIn } from '../support/account.ts';
import { launch } from '../support/browser.ts';
import { ensureBuilt } from '../support/page.ts';
import { write } from '../support/visit.ts';

/** Everything that a script of the page can find stored in its browser. */
async function stored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('parley');
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    const database = opening.result;
    const values = database.transaction('values').objectStore('values');
    const [keys, all] = [values.getAllKeys(), values.getAll()];
    // Requests of one transaction end in their order.
    await new Promise((resolve) => all.addEventListener('success', resolve));
    const kept = [keys.result, all.result as unknown];
    database.close();
    return JSON.stringify([kept, Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]);
  });
}

async function makeAccount(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByText(`Connected as ${name}`).waitFor();
}

describe('the page of a hub with accounts', function () {
  this.timeout(90_000);
  let browser: Browser;

  before(async () => {
    ensureBuilt();
    browser = await launch();
  });
  after(() => browser.close());

  it('takes the first administrator in, who invites ana, who chats until she is removed', async () => {
    await using hub = await startTestHub({ auth: 'accounts' });
    const { pathname, hash } = new URL(hub.invite!);
    const { page: root, problems } = await openAt(browser, hub.httpUrl, pathname + hash);

    await root.getByText('first administrator').waitFor();
    await makeAccount(root, 'root');
    expect(new URL(root.url()).hash).to.equal('');
    await root.goto('/hub/people');
    await root.getByRole('button', { name: 'Make a link' }).click();
    await root.getByRole('img', { name: /^QR code of / }).waitFor();
    const link = await root.locator('parley-accounts parley-copy code').innerText();
    const { page: ana, problems: hers } = await openAt(browser, hub.httpUrl, link);
    await ana.getByRole('heading', { name: 'root invites you' }).waitFor();
    await makeAccount(ana, 'ana');
    await write(ana, 'hello from ana');
    await ana.locator('parley-entry').getByText('hello from ana').waitFor();
    await ana.getByRole('textbox', { name: 'Message #general' }).fill('not sent yet');

    await root.reload();
    await root.locator('summary', { hasText: 'ana' }).click();
    await root.getByRole('button', { name: 'Remove ana …' }).click();
    await root.getByRole('button', { name: 'Remove ana', exact: true }).click();
    await ana.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await signIn(ana, 'ana');
    await ana.getByRole('alert').getByText(/wrong/).waitFor();

    await root.goto('/c/general');
    await root.locator('parley-entry').getByText('hello from ana').waitFor();
    await openAt(browser, hub.httpUrl, link).then(({ page }) => page.getByText('was used').waitFor());
    expect([...problems, ...hers]).to.deep.equal([]);
  });

  it('says no to a wrong password, stays signed in, and keeps no secret where a script could read it', async () => {
    await using hub = await startAccountsHub();
    await hub.person('ana');
    const { page, problems } = await openAt(browser, hub.httpUrl, '/c/general');

    await signIn(page, 'ana', 'wrong password');
    await page.getByRole('alert').getByText(/wrong/).waitFor();
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('Connected as ana').waitFor();
    await page.reload();
    await page.getByText('Connected as ana').waitFor();

    const cookies = await page.context().cookies();
    expect(cookies).to.have.length(1);
    expect(cookies[0]).to.include({ name: 'parley', httpOnly: true, sameSite: 'Strict' });
    const found = await stored(page);
    expect(found).to.include('parley:name').and.not.include('eyJ').and.not.include(PASSWORD);
    expect(problems).to.deep.equal([]);
  });

  it('asks to sign in again when a sign-in ends elsewhere, and goes on with what was written', async () => {
    await using hub = await startAccountsHub();
    await hub.person('ana');
    const [{ page }, { page: phone }] = await Promise.all([
      comeIn(browser, hub.httpUrl, 'ana'),
      comeIn(browser, hub.httpUrl, 'ana', { path: '/hub/account' }),
    ]);
    await page.getByRole('textbox', { name: 'Message #general' }).fill('half a thought');

    await phone.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByText('What you wrote is kept').waitFor();
    await phone.getByLabel('Password', { exact: true }).waitFor();
    expect(await page.locator('parley-chat').count()).to.equal(0);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.getByText('Connected as ana').waitFor();
    expect(await page.getByRole('textbox', { name: 'Message #general' }).inputValue()).to.equal('half a thought');
  });

  it('removes what it kept of somebody who signs out, after asking when something is not sent', async () => {
    await using hub = await startAccountsHub();
    await hub.person('ana');
    const { page } = await comeIn(browser, hub.httpUrl, 'ana', { path: '/c/general' });
    await write(page, 'a word to remember');
    await page.locator('parley-entry .body:not(.pending)').getByText('a word to remember').waitFor();
    await page.getByRole('textbox', { name: 'Message #general' }).fill('an unsent word');
    const leave = async (): Promise<void> => {
      await page.getByRole('button', { name: 'You are ana' }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
    };

    await leave();
    await page.getByRole('dialog').getByText('1 draft is not sent').waitFor();
    await page.getByRole('button', { name: 'Stay' }).click();
    await page.getByText('Connected as ana').waitFor();
    await leave();
    await page.getByRole('button', { name: 'Sign out and remove' }).click();
    await page.getByLabel('Password', { exact: true }).waitFor();

    expect(await stored(page)).to.not.match(/word|ana/);
    expect(await page.context().cookies()).to.deep.equal([]);
  });

  it('refreshes its sign-in a day after the last time', async () => {
    await using hub = await startAccountsHub();
    await hub.person('ana');
    const { page } = await comeIn(browser, hub.httpUrl, 'ana');
    const cookie = async (): Promise<string> => (await page.context().cookies())[0]!.value;
    const first = await cookie();

    await page.reload();
    await page.getByText('Connected as ana').waitFor();
    expect(await cookie()).to.equal(first);
    await page.clock.setSystemTime(Date.now() + 2 * 86_400_000);
    await page.reload();

    await until(async () => (await cookie()) !== first, 'a fresh cookie');
    await write(page, 'still here');
    await page.locator('parley-entry .body:not(.pending)').getByText('still here').waitFor();
  });

  it('stays signed in, and says so, when the hub cannot be told', async () => {
    await using hub = await startAccountsHub();
    await hub.person('ana');
    const { page } = await comeIn(browser, hub.httpUrl, 'ana', { path: '/hub/account' });
    await page.getByText('This one').waitFor();

    await page.route('**/api/logout', (route) => route.abort('connectionrefused'));
    await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
    await page.getByRole('dialog').getByText('The hub does not answer').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.unroute('**/api/logout');
    await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();

    await page.getByLabel('Password', { exact: true }).waitFor();
  });

  it('changes the password, which ends every other sign-in and not this one', async () => {
    await using hub = await startAccountsHub();
    const token = await hub.person('ana');
    const { page } = await comeIn(browser, hub.httpUrl, 'ana', { path: '/hub/account' });
    await page.getByText('This one').waitFor();

    await page.getByLabel('Current password', { exact: true }).fill('wrong password');
    await page.getByLabel('New password', { exact: true }).fill('another long password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('alert').getByText(/wrong/).waitFor();
    await page.getByLabel('Current password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Your password is changed').waitFor();

    expect((await hub.api(token, 'GET', '/api/me')).status).to.equal(401);
    await page.getByText('Connected as ana').waitFor();
    await page.goto('/c/general');
    await write(page, 'still here');
    await page.locator('parley-entry .body:not(.pending)').getByText('still here').waitFor();
  });
});

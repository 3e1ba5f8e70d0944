import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { startAccountsHub } from '../../../broker/test/support/accounts.ts';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { Relay } from '../../../broker/test/support/relay.ts';
import { until } from '../../../broker/test/support/until.ts';
import { comeIn, openAt, signIn } from '../support/account.ts';
import { launch } from '../support/browser.ts';
import { overflowing } from '../support/overflowing.ts';
import { ensureBuilt } from '../support/page.ts';
import { visit } from '../support/visit.ts';

/** Runs lines as somebody who pasted them into a terminal. */
async function paste(lines: string): Promise<number> {
  const child = spawn('sh', ['-c', lines], { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number];
  return code;
}

describe('the pages of administrators', function () {
  this.timeout(90_000);
  let browser: Browser;

  before(async () => {
    ensureBuilt();
    browser = await launch();
  });
  after(() => browser.close());

  it('add a device, whose line works with mosquitto_pub until its tokens are ended', async () => {
    await using hub = await startAccountsHub();
    const { page, problems } = await comeIn(browser, hub.httpUrl, 'root', { path: '/hub/devices' });

    await page.getByLabel('Name of the device').fill('Lamp-1');
    await page.keyboard.press('Enter');
    await page.getByText('Waiting for its first message').waitFor();
    const lines = await page.locator('parley-onboarding parley-copy').first().locator('code').innerText();
    expect(await paste(lines)).to.equal(0);
    await page.getByRole('link', { name: 'lamp-1 is here' }).waitFor();
    await page.locator('summary', { hasText: 'lamp-1' }).click();
    await page.getByRole('button', { name: 'End all its tokens' }).click();

    await until(async () => (await paste(`${lines} 2>/dev/null`)) !== 0, 'its token to end');
    expect(problems).to.deep.equal([]);
  });

  it('give roles, withdraw invites, and keep the last administrator', async () => {
    await using hub = await startAccountsHub();
    const ana = await hub.person('ana');
    const { page } = await comeIn(browser, hub.httpUrl, 'root', { path: '/hub/people' });

    await page.locator('summary', { hasText: 'ana' }).click();
    await page.getByRole('checkbox', { name: 'moderator' }).first().check();
    await page.locator('summary', { hasText: 'member, moderator' }).waitFor();
    await page.locator('summary', { hasText: 'root' }).click();
    await page.getByRole('checkbox', { name: 'administrator' }).last().click();
    await page.getByRole('alert').getByText('last administrator').waitFor();
    await page.getByLabel('Name, if it is for one alone').fill('ben');
    await page.keyboard.press('Enter');
    await page.getByText('For ben: member').first().waitFor();
    const link = await page.locator('parley-accounts parley-copy code').innerText();
    await page.getByRole('button', { name: 'Withdraw: For ben: member' }).click();
    await page.getByRole('button', { name: 'Withdraw: For ben: member' }).waitFor({ state: 'detached' });

    expect(await page.getByRole('checkbox', { name: 'administrator' }).last().isChecked()).to.equal(true);
    expect((await hub.api(ana, 'GET', '/api/me')).body['roles']).to.deep.equal(['member', 'moderator']);
    const { page: ben } = await openAt(browser, hub.httpUrl, link);
    await ben.getByRole('alert').getByText('never was one').waitFor();
  });

  it('are not for others', async () => {
    await using hub = await startAccountsHub();
    await hub.person('ana');
    const { page } = await comeIn(browser, hub.httpUrl, 'ana', { path: '/hub/people' });

    await page.getByText('This is for administrators').waitFor();
    expect(await page.getByRole('link', { name: 'People' }).count()).to.equal(0);
  });

  it('show hostile names of the audit list as text, to the end of the list', async () => {
    await using hub = await startAccountsHub();
    const hostile = ['<img src=x onerror=alert(1)>', '<script>alert(2)</script>', '\u202egnp.exe', '${alert(3)}'];
    for (const user of hostile) await hub.api(hub.root, 'POST', '/api/invites', { user });
    for (let index = 0; index < 100; index++)
      await hub.api(hub.root, 'POST', '/api/accounts/root/tokens', { label: 'x' });
    const { page, problems } = await comeIn(browser, hub.httpUrl, 'root', { path: '/hub/audit' });

    await page.getByText('made a token for').first().waitFor();
    await page.getByRole('button', { name: 'Earlier' }).click();
    await page.getByText('accepted an invite').waitFor();

    const rows = page.locator('parley-audit li');
    expect(await rows.count()).to.equal(hostile.length + 100 + 2);
    const named = await page.locator('parley-audit bdi').allTextContents();
    expect(named).to.include.members(hostile);
    expect(await page.locator('parley-audit img, parley-audit script').count()).to.equal(0);
    expect(problems).to.deep.equal([]);
  });

  for (const width of [320, 390]) {
    it(`fit ${width} pixels, with the longest names`, async () => {
      await using hub = await startAccountsHub();
      await hub.person('m'.repeat(64), ['member', 'moderator', 'admin']);
      await hub.device('d'.repeat(64));
      await hub.api(hub.root, 'POST', '/api/invites', { user: 'w'.repeat(64) });
      const name = 'm'.repeat(64);
      const options = { viewport: { width, height: 700 } };
      const { page } = await openAt(browser, hub.httpUrl, '/', options);
      await page.getByLabel('Name', { exact: true }).waitFor();
      const found: Record<string, string[]> = { '/': await overflowing(page) };

      await signIn(page, name);
      await page.getByText('Connected as').waitFor();
      for (const path of ['/hub/account', '/hub/people', '/hub/devices', '/hub/audit']) {
        await page.goto(path);
        await page.locator('parley-admin li').first().waitFor();
        if (path === '/hub/people') await page.getByRole('button', { name: 'Make a link' }).click();
        if (path === '/hub/people') await page.getByRole('img', { name: /^QR/ }).waitFor();
        const summary = page.locator('summary').first();
        if ((await summary.count()) > 0) await summary.click();
        found[path] = await overflowing(page);
      }

      expect(Object.values(found).flat()).to.deep.equal([]);
    });
  }

  it('come up on a hub that got accounts since one was here, and are gone when it lost them', async () => {
    const open = await startTestHub();
    let port: number | undefined = open.ports.http;
    await using relay = await Relay.open(() => port);
    const { page } = await visit(browser, relay.httpUrl, 'ana');
    port = undefined;
    await open.close();
    await using hub = await startAccountsHub();
    port = hub.ports.http;
    await hub.person('ana');

    await page.getByLabel('Password', { exact: true }).waitFor();
    await signIn(page, 'ana');
    await page.getByText('Connected as ana').waitFor();
    await page.goto('/hub/account');
    await page.getByText('This one').waitFor();
    port = undefined;
    await hub.close();
    await using again = await startTestHub();
    port = again.ports.http;
    await page.goto('/c/general');
    await page.getByText('Connected as ana').waitFor();
    const ben = await again.client('ben');
    await ben.publishAsync('dm/ana/ben', 'psst', { qos: 1 });

    await page.goto('/dm/ben');
    await page.locator('parley-entry').getByText('psst').waitFor();
  });
});

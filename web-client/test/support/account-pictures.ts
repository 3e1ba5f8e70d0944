/**
 * Takes a picture of every page of accounts, on a phone and wide, light and dark, to be looked at:
 * `npx tsx --conditions=@parley/source web-client/test/support/account-pictures.ts [directory]`
 */
import { mkdirSync } from 'node:fs';
import { startAccountsHub } from '../../../broker/test/support/accounts.ts';
import { openAt, signIn } from './account.ts';
import { launch } from './browser.ts';

const directory = process.argv[2] ?? '/tmp/parley-pictures';
const sizes = { 390: 844, 820: 1100, 1440: 900 } as const;

mkdirSync(directory, { recursive: true });
await using hub = await startAccountsHub();
for (const name of ['ana', 'ben', 'cleo-lindqvist']) await hub.person(name);
await hub.person('m'.repeat(64), ['member', 'moderator', 'admin']);
for (const name of ['lamp-1', 'thermostat-hall']) await hub.device(name);
const code = async (): Promise<string> =>
  (await hub.api(hub.root, 'POST', '/api/invites', { roles: ['member', 'moderator'] })).body['code'] as string;
await hub.api(undefined, 'POST', '/api/login', { user: 'ana', password: 'wrong password' });
await hub.api(hub.root, 'PUT', '/api/accounts/ben/roles', { roles: ['member', 'moderator'] });
await using browser = await launch();
for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of Object.entries(sizes)) {
    const options = { viewport: { width: Number(width), height }, colorScheme, reducedMotion: 'reduce' } as const;
    const { page } = await openAt(browser, hub.httpUrl, `/invite#${await code()}`, options);
    const take = async (name: string): Promise<void> => {
      await page.screenshot({ path: `${directory}/${name}-${width}-${colorScheme}.png` });
    };
    await page.getByText('root invites you').waitFor();
    await take('invite');
    await page.goto('/');
    await page.getByLabel('Name', { exact: true }).waitFor();
    await take('sign-in');
    await signIn(page, 'root');
    await page.getByText('Connected as root').waitFor();
    await page.goto('/hub/account');
    await page.getByText('This one').waitFor();
    await take('account');
    await page.goto('/hub/people');
    await page.getByRole('button', { name: 'Make a link' }).click();
    await page.getByRole('img', { name: /^QR/ }).waitFor();
    await take('people');
    await page.locator('summary', { hasText: 'cleo' }).click();
    await page.getByRole('button', { name: 'Remove cleo-lindqvist …' }).click();
    await page.getByRole('button', { name: 'Remove cleo-lindqvist', exact: true }).scrollIntoViewIfNeeded();
    await take('people-row');
    await page.goto('/hub/devices');
    await page.getByLabel('Name of the device').fill(`lamp-${width}-${colorScheme}`);
    await page.keyboard.press('Enter');
    await page.getByText('Waiting for its first message').waitFor();
    await take('devices');
    await page.goto('/hub/audit');
    await page.getByText('made the account').first().waitFor();
    await take('audit');
    await page.goto('/hub');
    await page.getByRole('link', { name: 'Account' }).scrollIntoViewIfNeeded();
    await take('hub');
    await page.context().close();
  }
}

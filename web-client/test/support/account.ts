import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PASSWORD } from '../../../broker/test/support/accounts.ts';
import { watchProblems } from './visit.ts';
import type { Visit } from './visit.ts';

/** A browser of its own, at an address of the hub. */
export async function openAt(
  browser: Browser,
  url: string,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(10_000);
  await context.addInitScript('globalThis.__name = (named) => named');
  const page = await context.newPage();
  const problems = watchProblems(page);
  await page.goto(path);
  return { page, problems };
}

/** Signs in as a person would; `name` may be there already. */
export async function signIn(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Someone opens the page of a hub with accounts and signs in. */
export async function comeIn(
  browser: Browser,
  url: string,
  name: string,
  { path = '/', ...options }: BrowserContextOptions & { path?: string } = {},
): Promise<Visit> {
  const visit = await openAt(browser, url, path, options);
  await signIn(visit.page, name);
  await visit.page.getByText(`Connected as ${name}`).waitFor();
  return visit;
}

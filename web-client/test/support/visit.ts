import type { MqttClient } from 'mqtt';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openContext } from './shared-browser.ts';

export interface Visit {
  readonly page: Page;
  /** What went wrong in the page: uncaught errors, refused scripts, dialogs. */
  readonly problems: string[];
}

/** Someone opens the hub's page and joins under a name, as a person would. */
export async function visit(
  browser: Browser,
  url: string,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await openContext(browser, { baseURL: url, ...options });
  const page = await context.newPage();
  const problems = watchProblems(page);
  await page.goto('/');
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByText(`Connected as ${name.toLowerCase()}`).waitFor();
  return { page, problems };
}

/** @param where the name of the composer, where the page is just going from one place to another */
export async function write(page: Page, text: string, where: string | RegExp = /^Message /): Promise<void> {
  const composer = page.getByRole('textbox', { name: where });
  await composer.fill(text);
  await composer.press('Enter');
}

export function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) problems.push(message.text());
  });
  return problems;
}

/** Our own entry, back from the hub. */
export async function sent(page: Page, text: string): Promise<void> {
  await page.locator('parley-entry .body:not(.pending)').getByText(text, { exact: true }).waitFor();
}

/** Lines of a log: `line 1 of the log` and so on, some of them on their way at a time. */
export async function fill(writer: MqttClient, topic: string, lines: number): Promise<void> {
  for (let first = 1; first <= lines; first += 100) {
    const some = Array.from({ length: Math.min(100, lines - first + 1) }, (_, index) => first + index);
    await Promise.all(some.map((line) => writer.publishAsync(topic, `line ${line} of the log`, { qos: 1 })));
  }
}

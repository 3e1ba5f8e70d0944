import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { launch } from './browser.ts';
import { ensureBuilt } from './page.ts';

/** For one step in the page, in ms: the machine may have much else to do. */
export const STEP_MS = 20_000;

let running: Promise<Browser> | undefined;
const opened = new Set<BrowserContext>();

/** One Chromium for every file of the run, with the page built. */
export function sharedBrowser(): Promise<Browser> {
  running ??= Promise.resolve().then(ensureBuilt).then(launch);
  return running;
}

/** A browser profile of its own, which ends with the test: pages of hubs that are gone would try again and again. */
export async function openContext(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  opened.add(context);
  context.setDefaultTimeout(STEP_MS);
  // tsx names functions through a helper of its own, which what is evaluated in the page does not bring along.
  await context.addInitScript('globalThis.__name = (named) => named');
  return context;
}

// Outside of mocha (pictures are taken by a script) nothing ends before the program does.
if ('afterEach' in globalThis) {
  afterEach('end the pages of the test', async () => {
    const ended = [...opened].map((context) => context.close());
    opened.clear();
    await Promise.all(ended);
  });
  after('end the browser', async () => {
    await (await running)?.close();
  });
}

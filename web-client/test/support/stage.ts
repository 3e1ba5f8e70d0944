import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { createServer } from 'vite';
import type { Scene } from '../elements/page.ts';
import { launch } from './browser.ts';

/** An empty page on which one element at a time is shown, in real Chromium. */
export interface Stage extends AsyncDisposable {
  readonly page: Page;
  /** What went wrong in the page. */
  readonly problems: string[];
  show(scene: Scene): Promise<void>;
  /** Events of elements so far. */
  heard(): Promise<string[]>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const blank =
  '<!doctype html><title>Stage</title><link rel="stylesheet" href="/src/styles/tokens.css"><body><script type="module" src="/test/elements/page.ts"></script>';

export async function openStage(): Promise<Stage> {
  const server = await createServer({
    root,
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    logLevel: 'silent',
    cacheDir: fileURLToPath(new URL('../../../node_modules/.cache/web-client-stage', import.meta.url)),
    // What is found later would load the page anew, in the middle of a test.
    optimizeDeps: { include: ['uplot'], noDiscovery: true },
    server: { host: '127.0.0.1', port: 0, strictPort: false, hmr: false, watch: null },
  });
  server.middlewares.stack.unshift({
    route: '/stage',
    handle: (
      _request: unknown,
      response: { end(text: string): void; setHeader(name: string, value: string): void },
    ) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(blank);
    },
  });
  await server.listen();
  const browser: Browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => problems.push(dialog.message())));
  await page.goto(`${new URL(server.resolvedUrls!.local[0]!).origin}/stage`);
  await page.waitForFunction('globalThis.show', undefined, { timeout: 60_000 });
  return {
    page,
    problems,
    show: (scene) => page.evaluate(`globalThis.heard.length = 0; globalThis.show(${JSON.stringify(scene)})`),
    heard: () => page.evaluate('globalThis.heard'),
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await server.close();
    },
  };
}

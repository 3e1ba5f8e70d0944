import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { createServer, defaultClientConditions } from 'vite';
import type { ViteDevServer } from 'vite';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import type { TestHub } from '../../../broker/test/support/hub.ts';
import { nowhere } from './support/client.ts';

/** What page.ts offers. */
interface Calls {
  readonly calls: Readonly<Record<string, (...values: unknown[]) => Promise<unknown>>>;
}

const root = fileURLToPath(new URL('page/', import.meta.url));

function call(page: Page, name: string, ...values: unknown[]): Promise<unknown> {
  return page.evaluate(([method, given]) => (globalThis as unknown as Calls).calls[method]!(...given), [
    name,
    values,
  ] as const);
}

describe('the client library in Chromium', function () {
  this.timeout(30_000);
  let hub: TestHub;
  let server: ViteDevServer;
  let browser: Browser;
  let origin: string;

  before(async () => {
    hub = await startTestHub();
    server = await createServer({
      root,
      configFile: false,
      logLevel: 'silent',
      cacheDir: fileURLToPath(new URL('../../../node_modules/.cache/shared-test-page', import.meta.url)),
      resolve: { conditions: ['@parley/source', ...defaultClientConditions] },
      optimizeDeps: { include: ['mqtt', 'idb', 'zod/mini', 'cborg'], noDiscovery: true },
      server: {
        host: '127.0.0.1',
        port: 0,
        hmr: false,
        watch: null,
        fs: { strict: false },
        // The page and the hub have one origin, as they do for users.
        proxy: { '/api': hub.httpUrl, '/mqtt': { target: hub.httpUrl, ws: true } },
      },
    });
    await server.listen();
    origin = new URL(server.resolvedUrls!.local[0]!).origin;
    const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  });

  after(async () => {
    await browser?.close();
    await server?.close();
    await hub?.close();
  });

  /** A fresh browser profile on the page. */
  async function openPage(): Promise<Page> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await load(page);
    return page;
  }

  async function load(page: Page): Promise<void> {
    await page.goto(origin);
    await page.waitForFunction(() => 'calls' in globalThis);
  }

  it('stores in IndexedDB by the contract of every storage', async () => {
    const page = await openPage();

    expect(await call(page, 'storage')).to.deep.equal({
      get: 'last',
      gone: undefined,
      list: [
        ['a/1', 'last'],
        ['a/2', 'two'],
      ],
    });
  });

  it('sends over WebSocket', async () => {
    const page = await openPage();

    expect(await call(page, 'send', origin, 'hello', true)).to.include({ from: 'ana', text: 'hello' });
  });

  it('delivers after a reload what was sent without a hub', async () => {
    const page = await openPage();
    const { id } = (await call(page, 'send', nowhere.httpUrl, 'later', false)) as { id: string };

    await load(page);
    const entries = (await call(page, 'flush', origin)) as { id: string; text: string }[];

    expect(entries.filter((one) => one.id === id).map(({ text }) => text)).to.deep.equal(['later']);
  });

  it('looks for the hub as soon as the network is back', async () => {
    const page = await openPage();

    expect(await call(page, 'wake', nowhere.httpUrl)).to.equal('connecting');
  });
});

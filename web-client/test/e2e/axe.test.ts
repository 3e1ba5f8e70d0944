import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import type { TestHub } from '../../../broker/test/support/hub.ts';
import { violations } from '../support/axe.ts';
import { launch } from '../support/browser.ts';
import { ensureBuilt } from '../support/page.ts';
import { visit } from '../support/visit.ts';

const about = {
  model: 'Lamp',
  kind: 'lamp',
  metrics: { power: { unit: 'W' } },
  commands: { set: { type: 'object', properties: { on: { type: 'boolean' }, level: { type: 'integer' } } } },
};

/** People, a private channel, replies, reactions and a device: something of everything. */
async function furnish(hub: TestHub): Promise<void> {
  const [ben, lamp] = await Promise.all([hub.client('ben'), hub.client('lamp-1')]);
  const say = (draft: object): Promise<unknown> => ben.publishAsync('chat/general', JSON.stringify(draft), { qos: 1 });
  const id = '01K0000000000000000000000B';
  await say({ kind: 'text', id, text: 'A **word**, `code`, @ana and https://example.org/\n```js\nlet a = 1;\n```' });
  await say({ kind: 'text', replyTo: id, text: 'an answer' });
  await say({ kind: 'reaction', target: id, text: '👍' });
  await lamp.publishAsync('chat/general', JSON.stringify({ kind: 'notice', text: 'too warm' }), { qos: 1 });
  const retained = { qos: 1, retain: true } as const;
  await lamp.publishAsync('devices/lamp-1/about', JSON.stringify(about), retained);
  await lamp.publishAsync('devices/lamp-1/status', 'online', retained);
  await lamp.publishAsync('devices/lamp-1/state', JSON.stringify({ on: true, level: 4 }), retained);
  await lamp.publishAsync('devices/lamp-1/telemetry', JSON.stringify({ power: 12 }), { qos: 1 });
}

type Step = (page: Page) => Promise<unknown>;
type Looked = readonly [name: string, path: string, ready: Step];
const heading =
  (name: string | RegExp): Step =>
  (page) =>
    page.getByRole('heading', { name }).first().waitFor();

const detail =
  (name: string): Step =>
  async (page) => {
    await page.getByRole('button', { name }).first().click();
    await page.locator('.detail').getByRole('heading').first().waitFor();
  };

/** The tree, and one message picked out of it. */
const pickTopic: Step = async (page) => {
  await page.getByRole('searchbox', { name: 'Find in topics' }).fill('state');
  await page.locator('parley-topic-tree .line[title="devices/lamp-1/state"]').click();
  await page.locator('parley-topic-message').getByText('level').first().waitFor();
};

/** Every page and state of someone who is in, by its address and what is done there. */
const states: readonly Looked[] = [
  ['chat', '/c/general', (page) => page.getByText('an answer').first().waitFor()],
  ['empty chat', '/dm/ben', (page) => page.getByText('Nothing here yet').waitFor()],
  ['list', '/c', heading(/./)],
  ['details', '/c/general', detail('About this channel')],
  ['search', '/c/general', detail('Search (/)')],
  ['switcher', '/c/general', (page) => page.keyboard.press('Control+k')],
  ['shortcuts', '/hub', (page) => page.keyboard.press('?')],
  ['devices', '/d', (page) => page.locator('parley-device-card').first().waitFor()],
  ['device', '/d/lamp-1', heading('lamp-1')],
  ['topics', '/t?filter=%23', (page) => page.getByRole('tree').waitFor()],
  ['topics with a message', '/t?filter=%23', pickTopic],
  ['topics without a filter', '/t', heading(/./)],
  ['hub', '/hub', heading('This hub')],
];

describe('the page for everyone', function () {
  this.timeout(240_000);
  let browser: Browser;

  before(async () => {
    ensureBuilt();
    browser = await launch();
  });
  after(() => browser.close());

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 1440]) {
      it(`has nothing that axe finds wrong, ${colorScheme} at ${width} pixels`, async () => {
        const hub = await startTestHub();
        await furnish(hub);
        const found: Record<string, string[]> = {};
        const look = async (name: string, page: Page): Promise<void> => {
          await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))');
          const wrong = await violations(page);
          if (wrong.length > 0) found[name] = wrong;
        };
        const context = { viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' } as const;
        const outside = await browser.newPage({ ...context, baseURL: hub.httpUrl });
        await outside.goto('/');
        await outside.getByLabel('Your name').waitFor();
        await look('join', outside);
        const { page, problems } = await visit(browser, hub.httpUrl, 'ana', context);
        for (const [name, path, ready] of states) {
          await page.goto(path);
          await page.getByText('Connected as ana').waitFor();
          await ready(page);
          await look(name, page);
        }
        await page.goto('/c/general');
        await page.getByText('an answer').first().waitFor();
        await hub.close();
        await page.getByText(/^Reconnecting/).waitFor();
        await look('disconnected', page);

        expect(found).to.deep.equal({});
        expect(problems).to.deep.equal([]);
      });
    }
  }
});

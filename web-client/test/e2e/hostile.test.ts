import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { sharedBrowser } from '../support/shared-browser.ts';
import { visit } from '../support/visit.ts';

const scripts = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '<svg onload=alert(3)><b>bold</b></svg>',
  '<a href="javascript:alert(4)">javascript:alert(4)</a>',
  'https://good.example/?q="onmouseover=alert(5) javascript:alert(6)',
  '${alert(7)} {{alert(8)}} <!--?lit$1$-->',
];

/** Elements that nothing of ours makes, in every shadow root. */
async function strangers(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const look = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.matches('script:not([src]), iframe, object, embed, b.evil, [onerror], [onload], [onmouseover]'))
          found.push(element.outerHTML);
        if (element.matches('img:not([src="/favicon.svg"])')) found.push(element.outerHTML);
        if (element instanceof HTMLAnchorElement && !/^https?:$/.test(element.protocol)) found.push(element.outerHTML);
        if (element.shadowRoot) look(element.shadowRoot);
      }
    };
    look(document);
    return found;
  });
}

describe('what others send to the page', function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async () => {
    browser = await sharedBrowser();
  });

  it('is text in the conversation, whatever it looks like', async () => {
    await using hub = await startTestHub();
    const { page, problems } = await visit(browser, hub.httpUrl, 'ana');
    const mallory = await hub.client('mallory');

    for (const text of scripts) await mallory.publishAsync('chat/general', JSON.stringify({ text }), { qos: 1 });
    await mallory.publishAsync('chat/general', JSON.stringify({ data: scripts, kind: 'data' }), { qos: 1 });
    await mallory.publishAsync('chat/general', JSON.stringify({ kind: 'notice', text: scripts[1] }), { qos: 1 });
    await mallory.publishAsync('chat/general', JSON.stringify({ kind: 'file', data: { name: scripts[1] } }), {
      qos: 1,
    });
    await mallory.publishAsync('chat/general', 'the end', { qos: 1 });
    await page.getByText('the end').waitFor();

    const said = await page.locator('parley-entry .words').allTextContents();
    expect(said).to.deep.equal([...scripts, scripts[1], 'the end']);
    expect(
      await page
        .locator('parley-entry a')
        .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href)),
    ).to.deep.equal(['https://good.example/?q=']);
    expect(await strangers(page)).to.deep.equal([]);
    expect(problems).to.deep.equal([]);
  });

  it('is text on the devices and topics pages, and what is malformed is passed over', async () => {
    await using hub = await startTestHub();
    const evil = await hub.client('evil');
    const put = (topic: string, value: unknown): Promise<unknown> =>
      evil.publishAsync(topic, typeof value === 'string' ? value : JSON.stringify(value), { qos: 1, retain: true });
    const schema = {
      type: 'object',
      properties: { [scripts[1]!]: { type: 'boolean', title: scripts[0] }, __proto__: 7, bad: null },
    };
    await put('devices/evil/about', {
      model: scripts[1],
      metrics: { [scripts[0]!]: { unit: scripts[1] }, constructor: {} },
      commands: { [scripts[2]!]: { args: schema }, 'a/b': {}, toString: { args: { enum: [scripts[1]] } } },
    });
    await put('devices/evil/state', { [scripts[0]!]: scripts[1], __proto__: { on: true } });
    await put('devices/broken/about', '{"model":7}');
    await put('devices/broken/status', '<b>online</b>');
    await put('presence/ghost', 'not json');
    await put('channels/general', '{"name":3}');
    await put('devices/evil/status', 'online');
    const { page, problems } = await visit(browser, hub.httpUrl, 'ana');
    await evil.publishAsync('devices/evil/telemetry', JSON.stringify({ [scripts[0]!]: scripts[1], constructor: 3 }));

    await page.goto('/d');
    await page.getByRole('article', { name: 'evil' }).getByText(scripts[1]!).first().waitFor();
    const found = await strangers(page);
    await page.goto('/d/evil');
    await page.getByRole('heading', { name: 'Reported state' }).waitFor();
    found.push(...(await strangers(page)));
    await page.goto('/t?filter=%23');
    await page.locator('parley-topic-tree .line[title="devices/evil/about"]').click();
    await page.getByRole('heading', { name: 'devices/evil/about' }).waitFor();
    found.push(...(await strangers(page)));

    expect(found).to.deep.equal([]);
    expect(problems).to.deep.equal([]);
  });

  it('is text in the tree of topics, in every view, whatever its names and properties are', async () => {
    await using hub = await startTestHub();
    const evil = await hub.client('evil', { protocolVersion: 5 });
    const { page, problems } = await visit(browser, hub.httpUrl, 'ana');
    await page.goto('/t?filter=evil%2F%23');
    await page.getByText('Waiting for the first message').waitFor();
    const topics = [`evil/${scripts[0]!.replaceAll(/[+#]/g, '')}`, 'evil/\u202egnp.exe', 'evil/__proto__/constructor'];
    const payloads = [
      'a'.repeat(900_000),
      '{"broken',
      JSON.stringify({ '\u202e': scripts }),
      `[${'['.repeat(5000)}`,
      '\u202edrow',
    ];
    const properties = { contentType: scripts[1]!, userProperties: { [scripts[2]!]: scripts[0]!, __proto__: 'x' } };

    for (const topic of topics)
      for (const payload of payloads) await evil.publishAsync(topic, payload, { qos: 1, properties });
    await page.getByText('15 messages').waitFor();
    const found: string[] = [];
    for (const topic of topics) {
      const shown = topic.replace('\u202e', '\\u202e');
      await page
        .locator('parley-topic-tree .name', { hasText: shown.split('/').at(-1)! })
        .last()
        .click();
      await page.getByRole('heading', { name: shown }).waitFor();
      for (const one of await page.locator('.before button').all()) {
        await one.click();
        for (const view of ['Text', 'JSON', 'Hex', 'CBOR', 'SenML', 'Sparkplug']) {
          await page.getByRole('button', { name: view, exact: true }).click();
          found.push(...(await strangers(page)));
        }
      }
    }

    expect(found).to.deep.equal([]);
    expect(problems).to.deep.equal([]);
    expect(await page.locator('parley-topic-message').textContent()).to.not.include('\u202e');
  });
});

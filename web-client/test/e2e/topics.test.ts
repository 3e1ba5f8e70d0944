import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { mosquittoPub } from '../support/mosquitto.ts';
import { sharedBrowser } from '../support/shared-browser.ts';
import { visit } from '../support/visit.ts';
import { follow, until } from '../support/wait.ts';

/** The line of the tree whose whole topic this is. */
function line(page: Page, topic: string) {
  return page.locator(`parley-topic-tree .line[title=${JSON.stringify(topic)}]`);
}

/** Subscribed when it resolves. */
async function look(page: Page, filter: string): Promise<void> {
  await page.goto(`/t?filter=${encodeURIComponent(filter)}`);
  await page.getByText(/[\d,]+ messages? ·/).waitFor();
}

describe('the topics page in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async () => {
    browser = await sharedBrowser();
  });

  it('shows what passes a filter as a tree, and a message in the view that fits, with the reason', async () => {
    await using hub = await startTestHub();
    await mosquittoPub(hub.ports.mqtt, ['-t', 'plant/line 1/count', '-r', '-q', '1', '-m', '{"n":[1,2]}']);
    const { page, problems } = await visit(browser, hub.httpUrl, 'ana');
    await page.getByRole('link', { name: 'Topics' }).click();

    await page.getByRole('combobox', { name: 'Topic filter' }).fill('plant/#');
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await line(page, 'plant/line 1/count').getByRole('img', { name: 'retained' }).waitFor();
    expect(page.url()).to.include('/t?filter=plant%2F%23');
    await line(page, 'plant/line 1/count').click();
    await page.getByText('JSON: No Content Type and no known topic; it reads as JSON.').waitFor();
    const payload = page.locator('parley-topic-message .payload pre');
    expect(await payload.textContent()).to.equal(JSON.stringify({ n: [1, 2] }, null, 2));
    await mosquittoPub(hub.ports.mqtt, ['-t', 'plant/line 1/count', '-q', '1', '-m', '{"n":[1,3]}']);
    await page.getByText('2 messages', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Diff' }).click();
    await page.locator('.plus', { hasText: '3' }).waitFor();
    expect(await page.locator('.minus').textContent()).to.match(/-\s+2/);
    await page.getByText('You chose Diff for this topic.').waitFor();
    await page.getByRole('button', { name: 'Hex' }).click();

    await payload.getByText('0000  7b 22 6e 22 3a 5b 31 2c 33 5d 7d').waitFor();
    expect(problems).to.deep.equal([]);
  });

  it('shows the properties of MQTT 5, and numbers as a chart', async () => {
    await using hub = await startTestHub();
    const sensor = await hub.client('sensor', { protocolVersion: 5 });
    const { page, problems } = await visit(browser, hub.httpUrl, 'ana');
    await look(page, 'plant/#');
    const properties = {
      contentType: 'application/json',
      userProperties: { site: 'north' },
      responseTopic: 'plant/answers',
    };

    for (const temp of [20, 21, 22.5]) {
      await sensor.publishAsync('plant/temp', JSON.stringify({ temp }), { qos: 1, properties });
    }
    await line(page, 'plant/temp').click();
    await page.getByText('JSON: Content Type is application/json.').waitFor();

    await page.getByRole('button', { name: 'temp 22.5' }).waitFor();
    await page.getByRole('img', { name: 'temp: 3 points from 20 to 22.5, last 22.5' }).waitFor();
    await until(() => page.locator('parley-chart canvas').count(), 'the chart');
    const facts = await page.getByRole('region', { name: 'Properties' }).locator('dl').textContent();
    expect(facts!.replaceAll(/\s+/g, ' ')).to.match(/application\/json.*plant\/answers.*site north/);
    expect(problems).to.deep.equal([]);
  });

  it('pauses, goes on, finds, clears and exports', async () => {
    await using hub = await startTestHub();
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    const sender = await hub.client('ben');
    await look(page, 'plant/#');
    const send = (topic: string): Promise<unknown> => sender.publishAsync(topic, 'x', { qos: 1 });

    await send('plant/a');
    await line(page, 'plant/a').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await send('plant/b');
    await page.getByRole('button', { name: 'Resume, 1 new' }).waitFor();
    expect(await line(page, 'plant/b').count()).to.equal(0);
    await page.getByRole('button', { name: 'Resume' }).click();
    await line(page, 'plant/b').waitFor();
    await page.getByRole('searchbox', { name: 'Find in topics' }).fill('B');
    await line(page, 'plant/a').waitFor({ state: 'detached' });
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ]);
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n');
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Waiting for the first message').waitFor();

    expect(file.suggestedFilename()).to.equal('parley-plant-.jsonl');
    expect(lines.map((one) => (JSON.parse(one) as { topic: string }).topic)).to.deep.equal(['plant/a', 'plant/b']);
  });

  it('clears retained messages of a filter, after it said how many and was sure', async () => {
    await using hub = await startTestHub();
    const sender = await hub.client('ben');
    for (const topic of ['plant/a', 'plant/b', 'house/c'])
      await sender.publishAsync(topic, 'x', { qos: 1, retain: true });
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await look(page, '#');
    await line(page, 'house/c').waitFor();

    await page.getByRole('button', { name: 'Purge' }).click();
    await page.getByRole('dialog').getByLabel('Topic filter').fill('plant/#');
    await page.getByText('2 retained messages of this filter were seen here.').waitFor();
    await page.getByRole('button', { name: 'Clear 2 …' }).click();
    await page.getByText('This cannot be undone.').waitFor();
    await page.getByRole('button', { name: 'Yes, clear 2' }).click();
    await page.getByText('Cleared 2 of 2.').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();

    const late = await follow(await hub.client('late'), '#');
    await sender.publishAsync('the/end', '', { qos: 1 });
    await late.next(({ topic }) => topic === 'the/end');
    expect(late.queue.filter(({ topic }) => /^(plant|house)/.test(topic)).map(({ topic }) => topic)).to.deep.equal([
      'house/c',
    ]);
  });

  it('publishes any payload to any topic with properties, says why not, and keeps it as a button', async () => {
    await using hub = await startTestHub();
    const reader = await follow(await hub.client('reader', { protocolVersion: 5 }), 'bench/#', { qos: 2 });
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await page.goto('/t');

    await page.getByRole('button', { name: 'Publish' }).click();
    const form = page.locator('parley-publish');
    await form.getByLabel('Topic', { exact: true }).fill('bench/out');
    await form.getByLabel('Payload').fill('two\nlines');
    await form.getByLabel('Quality of service').selectOption('2');
    await form.getByLabel('Retain').check();
    await form.getByText('Properties', { exact: true }).click();
    await form.getByLabel('Content type').fill('text/plain');
    await form.getByRole('button', { name: 'Add one' }).click();
    await form.getByLabel('Name').fill('site');
    await form.getByLabel('Value').fill('north');
    await form.getByRole('button', { name: 'Publish', exact: true }).click();
    await form.getByText('The hub took it for bench/out.').waitFor();
    const arrived = await reader.next();
    await form.getByRole('button', { name: 'Save as a button' }).click();
    await form.getByLabel('Topic', { exact: true }).fill('bench/+');
    await form.getByRole('button', { name: 'Publish', exact: true }).click();
    await form.getByText('A topic to publish to is not empty and has no + or #.').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'bench/out', exact: true }).click();
    await page.getByText('Sent to bench/out.').waitFor();

    expect(arrived.text()).to.equal('two\nlines');
    expect(arrived.packet.qos).to.equal(2);
    expect(arrived.packet.properties).to.deep.include({ contentType: 'text/plain' });
    expect({ ...arrived.packet.properties!.userProperties }).to.deep.equal({ site: 'north' });
    expect((await reader.next()).text()).to.equal('two\nlines');
    const late = await follow(await hub.client('late'), 'bench/out');
    expect((await late.next()).packet.retain).to.equal(true);
  });

  it('is moved through by keyboard', async () => {
    await using hub = await startTestHub();
    const sender = await hub.client('ben');
    for (const topic of ['plant/a', 'plant/b']) await sender.publishAsync(topic, topic, { qos: 1, retain: true });
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await look(page, 'plant/#');
    await line(page, 'plant/b').waitFor();

    await page.getByRole('tree').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('heading', { name: 'plant/b' }).waitFor();
    for (const key of ['ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);

    await line(page, 'plant/a').waitFor({ state: 'detached' });
    expect(await line(page, 'plant').getAttribute('aria-expanded')).to.equal('false');
  });

  it('says when a filter is none, and that nothing is live while the hub is away', async () => {
    const hub = await startTestHub();
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await page.goto(`/t?filter=${encodeURIComponent('a/#/b')}`);
    await page.getByText('This is not a topic filter').waitFor();
    await until(() => page.title().then((title) => title === 'a/#/b · Parley'), 'the title');
    await look(page, 'plant/#');

    await hub.close();

    await page.getByText('Not connected: what is shown is not live').waitFor();
  });

  it('stays smooth with 10 000 topics and 1 000 messages a second', async function () {
    await using hub = await startTestHub();
    const sender = await hub.client('ben');
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await look(page, 'load/#');
    for (let at = 0; at < 10_000; at++) sender.publish(`load/${at % 100}/${at}`, 'x');
    await page.getByText('10,000 topics').waitFor();
    await page.evaluate(() => {
      const frames: number[] = [];
      Object.assign(globalThis, { frames });
      let before = performance.now();
      const next = (now: number): void => {
        frames.push(now - before);
        before = now;
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    });

    const begin = Date.now();
    for (let sent = 0; sent < 5000;) {
      for (; sent < Date.now() - begin && sent < 5000; sent++) {
        sender.publish(`load/${sent % 100}/${sent}`, JSON.stringify({ value: sent }));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await page.getByText('15,000 messages').waitFor();
    const frames = await page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames);

    const sorted = frames.toSorted((a, b) => a - b);
    const p95 = sorted[Math.floor(sorted.length * 0.95)]!;
    console.log(
      `      ${frames.length} frames, 95th percentile ${p95.toFixed(0)} ms, longest ${sorted.at(-1)!.toFixed(0)} ms`,
    );
    // On a machine of its own it is 17 ms; one that others load as well must not fail for that.
    expect(p95).to.be.lessThan(1000);
    expect(await page.locator('parley-topic-tree .line').count()).to.be.lessThan(80);
  });
});

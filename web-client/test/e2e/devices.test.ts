import { topics } from '@parley/shared';
import type { About } from '@parley/shared';
import { expect } from 'chai';
import type { MqttClient } from 'mqtt';
import type { Browser } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import type { TestHub } from '../../../broker/test/support/hub.ts';
import { sharedBrowser } from '../support/shared-browser.ts';
import { visit } from '../support/visit.ts';
import { follow, until } from '../support/wait.ts';

const about: About = {
  model: 'Desk Lamp 2',
  metrics: { power: { unit: 'W', min: 0, max: 12 } },
  commands: {
    set: {
      args: {
        type: 'object',
        properties: { on: { type: 'boolean' }, brightness: { type: 'integer', minimum: 0, maximum: 100 } },
      },
    },
    blink: { args: { type: 'object', properties: {} } },
    label: {
      args: {
        type: 'object',
        properties: { text: { type: 'string' }, size: { enum: ['small', 'large'] } },
        required: ['text'],
      },
    },
  },
};

/** A lamp that does what it is told, and refuses to blink. */
async function plugIn(hub: TestHub): Promise<MqttClient> {
  const lamp = await hub.client('lamp-9');
  const publish = (topic: string, payload: unknown, retain = true): Promise<unknown> =>
    lamp.publishAsync(topic, typeof payload === 'string' ? payload : JSON.stringify(payload), { qos: 1, retain });
  lamp.on('message', (topic, payload) => {
    const { command } = topics.command.parse(topic)!;
    const { id, args } = topics.command.codec.decode(payload);
    if (command === 'set') void publish('devices/lamp-9/state', args);
    const reply = command === 'blink' ? { ok: false, error: 'the bulb is too old' } : { ok: true, result: args };
    void publish(`devices/lamp-9/replies/${id}`, reply, false);
  });
  await lamp.subscribeAsync('devices/lamp-9/commands/+', { qos: 1 });
  await publish('devices/lamp-9/about', about);
  await publish('devices/lamp-9/state', { on: false });
  await publish('devices/lamp-9/status', 'online');
  return lamp;
}

describe('the devices page in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async () => {
    browser = await sharedBrowser();
  });

  it('shows a reading that moves, and when its device goes', async () => {
    await using hub = await startTestHub();
    const lamp = await plugIn(hub);
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await page.getByRole('link', { name: 'Devices' }).click();
    const card = page.getByRole('article', { name: 'lamp-9' });
    const send = (value: unknown): Promise<unknown> =>
      lamp.publishAsync('devices/lamp-9/telemetry', JSON.stringify(value));

    await send([{ bn: 'lamp-9/', n: 'power', u: 'W', v: 4.25 }]);
    await card.getByText('4.25').waitFor();
    await send([{ bn: 'lamp-9/', n: 'power', u: 'W', v: 7.5 }]);
    await card.getByText('7.5').waitFor();
    const before = await card.locator('polyline').getAttribute('points');
    await send({ power: 1 });
    await until(async () => (await card.locator('polyline').getAttribute('points')) !== before, 'the sparkline moving');
    await lamp.publishAsync('devices/lamp-9/status', 'offline', { retain: true });

    await card.getByText(/^offline, seen/).waitFor();
    expect(await card.getByText('Desk Lamp 2').count()).to.equal(1);
  });

  it('switches a device on and off from its card', async () => {
    await using hub = await startTestHub();
    await plugIn(hub);
    const commands = await follow(await hub.client('watcher'), 'devices/lamp-9/commands/set');
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await page.goto('/d');
    const power = page.getByRole('article', { name: 'lamp-9' }).getByRole('switch', { name: 'On' });
    await power.waitFor();
    expect(await power.isChecked()).to.equal(false);

    await power.click();
    const told = (await commands.next()).json();
    await until(() => power.isChecked(), 'the lamp reporting that it is on');
    await power.click();
    await until(async () => !(await power.isChecked()), 'the lamp reporting that it is off');

    expect(told).to.have.keys('id', 'args');
    expect(told['id']).to.match(/^[0-9A-Z]{26}$/);
    expect(told['args']).to.deep.equal({ on: true });
    expect((await commands.next()).json()['args']).to.deep.equal({ on: false });
  });

  it('makes forms from schemas, and says what the device answered', async () => {
    await using hub = await startTestHub();
    await plugIn(hub);
    const commands = await follow(await hub.client('watcher'), 'devices/lamp-9/commands/+');
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await page.goto('/d/lamp-9');

    await page.getByRole('slider', { name: 'Brightness' }).fill('80');
    expect((await commands.next()).json()['args']).to.deep.equal({ brightness: 80 });
    await page.getByText('Done: brightness 80').waitFor();
    await page.getByRole('button', { name: 'Blink' }).click();
    await page.getByText('The device refused: the bulb is too old').waitFor();
    await page.getByLabel('Text').fill('Ana’s desk');
    await page.getByLabel('Size').selectOption('large');
    await page.getByRole('button', { name: 'Send' }).click();

    const labelled = await commands.next((one) => one.topic.endsWith('/label'));
    expect(labelled.json()['args']).to.deep.equal({ text: 'Ana’s desk', size: 'large' });
    await page.getByText('Done: text Ana’s desk, size large').waitFor();
  });
});

describe('the page of a device in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async () => {
    browser = await sharedBrowser();
  });

  it('charts what the hub kept and what comes, zooms in and out', async () => {
    await using hub = await startTestHub();
    const lamp = await plugIn(hub);
    for (const power of [1, 2, 6])
      await lamp.publishAsync('devices/lamp-9/telemetry', JSON.stringify({ power }), { qos: 1 });
    const { page, problems } = await visit(browser, hub.httpUrl, 'ana');

    await page.goto('/d/lamp-9');
    const chart = page.getByRole('img', { name: /^Power: .* to 6, last/ });
    await chart.waitFor();
    await page.locator('parley-chart canvas').first().waitFor();
    await lamp.publishAsync('devices/lamp-9/telemetry', JSON.stringify({ power: 9 }), { qos: 1 });
    await page.getByRole('img', { name: /^Power: .* to 9, last 9/ }).waitFor();
    await until(async () => {
      // What loads above it may move it once more.
      const { x, y, width, height } = (await page.locator('parley-chart').first().boundingBox())!;
      await page.mouse.move(x + width * 0.5, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + width * 0.95, y + height / 2, { steps: 4 });
      await page.mouse.up();
      return page.getByRole('button', { name: 'Reset zoom' }).count();
    }, 'the chart being zoomed');
    await page.getByRole('button', { name: 'Reset zoom' }).click();
    await page.getByRole('button', { name: '24 h' }).click();

    await page.locator('button[aria-pressed=true]', { hasText: '24 h' }).waitFor();
    await page.getByRole('button', { name: 'Reset zoom' }).waitFor({ state: 'detached' });
    expect(problems).to.deep.equal([]);
  });

  it('shows readings from before it was opened, on the card too', async () => {
    await using hub = await startTestHub();
    const lamp = await plugIn(hub);
    await lamp.publishAsync('devices/lamp-9/telemetry', JSON.stringify({ power: 4.25 }), { qos: 1 });
    const bare = await hub.client('bare');
    await bare.publishAsync('devices/bare/about', JSON.stringify({ ...about, commands: {} }), { retain: true, qos: 1 });
    const { page } = await visit(browser, hub.httpUrl, 'ana');

    await page.goto('/d');

    await page.getByRole('article', { name: 'lamp-9' }).getByText('4.25').waitFor();
    await page.getByRole('article', { name: 'bare' }).getByText('Waiting for its first reading …').waitFor();
  });

  it('hides a malformed command alone, and says which', async () => {
    await using hub = await startTestHub();
    const odd = await hub.client('odd-1');
    const commands = { ...about.commands, broken: { args: 'none' } };
    await odd.publishAsync('devices/odd-1/about', JSON.stringify({ ...about, commands }), { retain: true, qos: 1 });
    const { page } = await visit(browser, hub.httpUrl, 'ana');

    await page.goto('/d/odd-1');

    await page.getByRole('button', { name: 'Blink' }).waitFor();
    await page.getByText('commands.broken is left out').waitFor();
    await page.getByText('Desk Lamp 2').waitFor();
  });

  it('shows progress, and tells what went well only for a while', async () => {
    await using hub = await startTestHub();
    const lamp = await plugIn(hub);
    lamp.removeAllListeners('message');
    const { page } = await visit(browser, hub.httpUrl, 'ana');
    await page.goto('/d/lamp-9');
    const commands = await follow(await hub.client('watcher'), 'devices/lamp-9/commands/+');
    await page.clock.install();

    await page.getByRole('button', { name: 'Blink' }).click();
    const { id } = (await commands.next()).json();
    const reply = (body: unknown): Promise<unknown> =>
      lamp.publishAsync(`devices/lamp-9/replies/${String(id)}`, JSON.stringify(body), { qos: 1 });
    await reply({ progress: 0.5 });
    await until(async () => {
      await page.clock.runFor(50);
      return page.getByText('Working, 50 %').count();
    }, 'the progress');
    expect(await page.getByRole('progressbar').getAttribute('max')).to.equal('1');
    await reply({ ok: true });
    await until(async () => {
      await page.clock.runFor(50);
      return page.getByText('Done', { exact: true }).count();
    }, 'the end');
    await page.clock.runFor(9000);

    await page.getByText('Done', { exact: true }).waitFor({ state: 'detached' });
  });

  it('says that nothing is live while the hub is away, and cuts no number on a small screen', async () => {
    const hub = await startTestHub();
    const big = await hub.client('big-1');
    await big.publishAsync(
      'devices/big-1/telemetry',
      JSON.stringify({ pulses: 123_456_789_012_345, huge: 1e300, tiny: 1.23e-9 }),
      { qos: 1 },
    );
    const { page } = await visit(browser, hub.httpUrl, 'ana', { viewport: { width: 360, height: 740 } });
    const cut = (): Promise<string[]> =>
      page.evaluate(() => {
        const found: string[] = [];
        const look = (root: Document | ShadowRoot): void => {
          for (const one of root.querySelectorAll('*')) {
            if (one.classList.contains('value') && one.scrollWidth > one.clientWidth) found.push(one.textContent ?? '');
            if (one.shadowRoot) look(one.shadowRoot);
          }
        };
        look(document);
        return found;
      });

    await page.goto('/d');
    await page.getByText('123.46T').waitFor();
    const found = await cut();
    await page.goto('/d/big-1');
    await page.getByText('123.46T').waitFor();
    found.push(...(await cut()));
    await hub.close();
    await page.getByText('Not connected: what is shown is not live').waitFor();

    expect(found).to.deep.equal([]);
  });

  it('lays out two thousand devices and stays usable', async () => {
    await using hub = await startTestHub();
    const fleet = await hub.client('fleet');
    for (let at = 0; at < 2000; at++) {
      fleet.publish(`devices/unit-${at}/about`, JSON.stringify({ ...about, model: at % 2 === 0 ? 'Lamp' : 'Door' }), {
        retain: true,
        qos: 1,
      });
    }
    await fleet.publishAsync('devices/unit-1999/telemetry', JSON.stringify({ power: 1 }), { qos: 1 });
    const { page } = await visit(browser, hub.httpUrl, 'ana');

    await page.goto('/d');
    await page
      .getByRole('button', { name: 'All 2,000' })
      .or(page.getByRole('button', { name: 'All 2000' }))
      .waitFor();
    await page.getByRole('searchbox', { name: 'Find a device' }).fill('unit-1999');

    await page.getByRole('article', { name: 'unit-1999' }).waitFor();
    expect(await page.getByRole('article').count()).to.equal(1);
  });
});

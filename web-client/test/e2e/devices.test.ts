import { topics } from '@parley/shared';
import type { About } from '@parley/shared';
import { expect } from 'chai';
import type { MqttClient } from 'mqtt';
import type { Browser } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import type { TestHub } from '../../../broker/test/support/hub.ts';
import { follow } from '../../../broker/test/support/messages.ts';
import { until } from '../../../broker/test/support/until.ts';
import { launch } from '../support/browser.ts';
import { ensureBuilt } from '../support/page.ts';
import { visit } from '../support/visit.ts';

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
  this.timeout(40_000);
  let browser: Browser;

  before(async () => {
    ensureBuilt();
    browser = await launch();
  });
  after(() => browser.close());

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
    await page.getByText('Done: {"brightness":80}').waitFor();
    await page.getByRole('button', { name: 'Blink' }).click();
    await page.getByText('The device refused: the bulb is too old').waitFor();
    await page.getByLabel('Text').fill('Ana’s desk');
    await page.getByLabel('Size').selectOption('large');
    await page.getByRole('button', { name: 'Send' }).click();

    const labelled = await commands.next((one) => one.topic.endsWith('/label'));
    expect(labelled.json()['args']).to.deep.equal({ text: 'Ana’s desk', size: 'large' });
    await page.getByText('Done: {"text"').waitFor();
  });
});

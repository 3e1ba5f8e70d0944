/**
 * Takes a picture of every page at three widths, light and dark, to be looked at:
 * `npx tsx --conditions=@parley/source web-client/test/support/pictures.ts [directory]`
 */
import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { startTestHub } from '../../../broker/test/support/hub.ts';
import { launch } from './browser.ts';
import { playScene } from './scene.ts';
import { write } from './visit.ts';

const directory = process.argv[2] ?? '/tmp/parley-pictures';
const only = process.argv[3];
/** Long enough for sparklines to have a shape. */
const SETTLE_MS = 9000;

const sizes = { 390: 844, 820: 1100, 1440: 900 } as const;
const places = [
  ['chat', '/c/general'],
  ['list', '/c'],
  ['new', '/c/never-used'],
  ['devices', '/d'],
  ['device', '/d/lamp-2'],
  ['topics', `/t?filter=${encodeURIComponent('#')}`],
  ['topics-none', '/t'],
  ['hub', '/hub'],
] as const;

async function take(page: Page, name: string): Promise<void> {
  if (only !== undefined && !name.includes(only)) return;
  await page.screenshot({ path: `${directory}/${name}.png` });
}

/** Something unread elsewhere, a word of our own, and who is here. */
async function enliven(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^People/ }).click();
  await write(page, 'I can swap it at noon. The comparison runs by itself after that.');
  for (const text of ['Rail still at 24.0 V after an hour.', 'Burn-in starts now.']) {
    await anyone.publishAsync('chat/workshop', text, { qos: 1 });
  }
  await page.locator('.badge').getByText('2').waitFor();
  await page.getByRole('textbox', { name: 'Message #general' }).blur();
  await page.mouse.move(700, 120);
}

mkdirSync(directory, { recursive: true });
await using hub = await startTestHub();
await using _scene = await playScene(hub);
const anyone = await hub.client('ana');
await pause(SETTLE_MS);
await using browser = await launch();
for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of Object.entries(sizes)) {
    const viewport = { width: Number(width), height };
    const context = await browser.newContext({ viewport, colorScheme, baseURL: hub.httpUrl, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && console.error(message.text()));
    await page.goto('/');
    await page.getByRole('textbox').waitFor();
    await take(page, `join-${width}-${colorScheme}`);
    await page.getByRole('textbox').fill('iris');
    await page.keyboard.press('Enter');
    await page.getByText('swap the optical head').waitFor();
    for (const [name, path] of places) {
      if (only !== undefined && !`${name}-${width}-${colorScheme}`.includes(only)) continue;
      await page.goto(path);
      await page.getByText('Connected as iris').waitFor();
      await pause(name.startsWith('device') || name === 'topics' ? SETTLE_MS : 600);
      if (name === 'chat' && width === '1440') await enliven(page);
      if (name === 'topics')
        await page
          .getByRole('button', { name: 'Publish' })
          .first()
          .click({ trial: width !== '1440' });
      await take(page, `${name}-${width}-${colorScheme}`);
    }
    await context.close();
  }
}

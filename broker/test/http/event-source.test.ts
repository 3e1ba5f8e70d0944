import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { ulid } from 'ulid';
import { HubProcess } from '../support/hub-process.ts';
import { Relay } from '../support/relay.ts';
import { until } from '../support/until.ts';

const KILLS = 3;
/** A browser waits some seconds before it connects again. */
const RECONNECTED_MS = 60_000;

interface Seen {
  readonly seq: number;
  readonly text: string;
  readonly lastEventId: string;
}

/** Sends one entry until the hub says that it is durable, whatever becomes of the hub meanwhile. */
async function send(httpUrl: string, text: string): Promise<void> {
  const body = JSON.stringify({ id: ulid(), text });
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
  await until(
    () =>
      fetch(`${httpUrl}/api/channels/general/messages`, init).then(
        ({ ok }) => ok,
        () => false,
      ),
    `${text} sent`,
    RECONNECTED_MS,
  );
}

/** Follows a channel as any page would, and keeps what it was told. */
async function follow(page: Page): Promise<() => Promise<Seen[]>> {
  await page.evaluate(() => {
    const seen: Seen[] = [];
    const source = new EventSource('/api/channels/general/events');
    source.addEventListener('message', (event) => {
      const { data, lastEventId } = event as unknown as { data: string; lastEventId: string };
      const { seq, text } = JSON.parse(data) as Seen;
      seen.push({ seq, text, lastEventId });
    });
    Object.assign(globalThis, { seen });
    return new Promise((resolve) => source.addEventListener('open', resolve));
  });
  return () => page.evaluate(() => (globalThis as unknown as { seen: Seen[] }).seen);
}

describe('an EventSource of a browser', () => {
  it(`has every entry once and in order when the hub is killed ${KILLS} times meanwhile`, async function () {
    this.timeout(60_000 + KILLS * RECONNECTED_MS);
    await using hub = await HubProcess.start();
    await using relay = await Relay.open(() => hub.ports?.http);
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    await using _closing = { [Symbol.asyncDispose]: () => browser.close() };
    const page = await browser.newPage();
    await page.goto(relay.httpUrl);
    const seen = await follow(page);
    const texts: string[] = [];
    const over = new AbortController();
    const talking = (async (): Promise<void> => {
      while (!over.signal.aborted) {
        texts.push(`text ${texts.length}`);
        await send(relay.httpUrl, texts.at(-1)!);
        await pause(20);
      }
    })();

    for (let kill = 1; kill <= KILLS; kill++) {
      const before = (await seen()).length;
      await until(async () => (await seen()).length > before, 'entries coming', RECONNECTED_MS);
      await hub.killAndRestart();
    }
    over.abort();
    await talking;
    await until(async () => (await seen()).at(-1)?.text === texts.at(-1), 'the last entry seen', RECONNECTED_MS);

    const entries = await seen();
    expect(entries.map(({ text }) => text)).to.deep.equal(texts);
    expect(entries.map(({ seq }) => seq)).to.deep.equal(texts.map((_text, index) => index + 1));
    const [log] = entries[0]!.lastEventId.split(':');
    expect(entries.map(({ lastEventId }) => lastEventId)).to.deep.equal(entries.map(({ seq }) => `${log}:${seq}`));
  });
});

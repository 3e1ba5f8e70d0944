import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { startTestHub } from '../broker/test/support/hub.ts';
import type { TestHub } from '../broker/test/support/hub.ts';
import { read, start } from './support.ts';

/** Where an MQTT example finds the hub. */
function overMqtt({ ports }: TestHub): Record<string, string> {
  return { HUB: '127.0.0.1', PORT: String(ports.mqtt) };
}

async function entries({ httpUrl }: TestHub): Promise<{ from: string; text?: string; data?: unknown }[]> {
  const page = await fetch(`${httpUrl}/api/channels/general/messages`);
  return ((await page.json()) as { entries: { from: string; text?: string }[] }).entries;
}

const hasPaho = spawnSync('python3', ['-c', 'import paho.mqtt']).status === 0;

describe('examples', () => {
  it('mosquitto.sh hears the entry that it says', async () => {
    await using hub = await startTestHub();
    await using script = start('sh', ['examples/mosquitto.sh'], overMqtt(hub));

    expect(await script.exit, script.output()).to.equal(0);

    expect(script.output()).to.match(/^chat\/general \{.*"from":"ana".*"text":"hello from mosquitto"/);
  });

  it('curl.sh posts, reads a page and waits for the next entry', async () => {
    await using hub = await startTestHub();
    await using script = start('sh', ['examples/curl.sh'], { HUB: '127.0.0.1', PORT: String(hub.ports.http) });

    expect(await script.exit, script.output()).to.equal(0);

    const answers = script
      .output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers).to.have.length(4);
    expect(answers[0]).to.include({ seq: 1, from: 'ana', text: 'hello from curl' });
    expect(answers[1]).to.deep.include({ seq: 2, kind: 'data', data: { temperature: 21.5 } });
    expect(answers[2].entries).to.have.length(2);
    expect(answers[3].entries).to.have.length(1);
    expect(answers[3].entries[0]).to.include({ seq: 3, from: 'ben', text: 'here I am' });
  });

  it('node.ts says what is typed, and shows what others say', async () => {
    await using hub = await startTestHub();
    await using script = start(
      process.execPath,
      ['node_modules/tsx/dist/cli.mjs', 'examples/node.ts', 'nora'],
      overMqtt(hub),
    );
    const ana = await hub.client('ana');
    await script.prints(/You are nora in general/);

    script.child.stdin.write('{"looks":"like JSON"}\n');
    await script.prints(/1 nora: \{"looks":"like JSON"\}/);
    await ana.publishAsync('chat/general', 'hello nora', { qos: 1 });
    await script.prints(/2 ana: hello nora/);
    script.child.stdin.end();

    expect(await script.exit).to.equal(0);
  });

  it('python.py compiles', () => {
    const source = 'import ast, sys; ast.parse(sys.stdin.read())';
    const { status, stderr } = spawnSync('python3', ['-c', source], { input: read('examples/python.py') });

    expect(status, stderr.toString()).to.equal(0);
  });

  if (hasPaho) {
    it('python.py says what is typed, and shows it', async () => {
      await using hub = await startTestHub();
      await using script = start('python3', ['examples/python.py', 'pia'], overMqtt(hub));
      const ana = await hub.client('ana');

      // It says nothing of its own when it has subscribed: whatever it says then, it shows.
      const hello = setInterval(() => ana.publish('chat/general', 'hello'), 100);
      await script.prints(/ana: hello/).finally(() => clearInterval(hello));
      script.child.stdin.write('hello from python\n');

      await script.prints(/\d+ pia: hello from python/);
    });
  }

  it('esp32.ino announces what the shared schemas take', async () => {
    const { topics } = await import('@parley/shared');
    const [, ...parts] = /ABOUT =\s+R"\((.*?)\)"\s+R"\((.*?)\)"/s.exec(read('examples/esp32.ino')) ?? [];

    const about = topics.deviceAbout.codec.decode(new TextEncoder().encode(parts.join('')));

    expect(Object.keys(about.metrics)).to.deep.equal(['signal', 'uptime']);
    expect(Object.keys(about.commands)).to.deep.equal(['set']);
  });
});

describe('browser.html', () => {
  const html = read('examples/browser.html');
  const [, lines] = /<script id="three">\n(.*?)\n\s*<\/script>/s.exec(html)!;

  it('has three lines', () => {
    expect(lines!.split('\n')).to.have.length(3);
  });

  it('they chat from the console of the page that the hub serves', async () => {
    await using hub = await startTestHub();
    await using browser = await open();

    await browser.page.goto(hub.httpUrl);
    const printed = browser.page.waitForEvent('console', (one) => one.text().includes('hello from a browser'));
    await browser.page.evaluate(lines!);

    expect(JSON.parse((await printed).text())).to.include({ seq: 1, from: 'browser', text: 'hello from a browser' });
    expect(await entries(hub)).to.have.length(1);
  });

  it('they chat from the file itself, from a server whose origin the hub was told of', async () => {
    await using files = await serve(html);
    await using hub = await startTestHub({ allowedOrigins: [files.origin] });
    await using browser = await open();

    await browser.page.goto(`${files.origin}/browser.html?hub=${hub.wsUrl}`);
    await browser.page.locator('#printed', { hasText: 'hello from a browser' }).waitFor();

    expect(await browser.page.locator('#lines').textContent()).to.equal(lines);
    expect((await entries(hub))[0]).to.include({ from: 'browser' });
  });
});

async function open(): Promise<{ page: Page } & AsyncDisposable> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  return { page: await browser.newPage(), [Symbol.asyncDispose]: () => browser.close() };
}

/** A web server that has one page. */
async function serve(html: string): Promise<{ origin: string } & AsyncDisposable> {
  const server = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end(html));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

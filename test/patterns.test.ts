import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startTestHub } from '../broker/test/support/hub.ts';
import type { TestHub } from '../broker/test/support/hub.ts';
import { read } from './support.ts';

interface Example {
  readonly title: string;
  readonly language: string;
  readonly code: string;
  readonly output: string;
}

/** Every block of code with the output that follows it, under the heading it stands below. */
function examplesOf(page: string): Example[] {
  const examples: Example[] = [];
  for (const section of page.split(/^## /m).slice(1)) {
    const [title] = section.split('\n', 1);
    const blocks = section.matchAll(/^```(sh|js)\n([^]*?)^```\n+(?:```text\n([^]*?)^```)/gm);
    for (const [, language, code, output] of blocks) {
      examples.push({ title: title!, language: language!, code: code!, output: output! });
    }
  }
  return examples;
}

/** What was printed is what the page says, where `…` is anything. */
function matcher(output: string): RegExp {
  const parts = output
    .trim()
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^]*')}$`);
}

/** The lines as they stand, on the ports of this hub, in a directory of their own. */
async function runShell({ ports }: TestHub, code: string): Promise<string> {
  const lines = code
    .replaceAll('localhost:8080', `127.0.0.1:${ports.http}`)
    .replaceAll('-h localhost -p 1883', `-h 127.0.0.1 -p ${ports.mqtt}`);
  const cwd = await mkdtemp(join(tmpdir(), 'parley-patterns-'));
  const shell = spawn('sh', ['-c', lines], { cwd });
  let output = '';
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(shell, 'close');
  await rm(cwd, { recursive: true });
  return output.trim();
}

async function runConsole({ httpUrl }: TestHub, code: string): Promise<string> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(httpUrl);
    let output = '';
    const last = page.waitForEvent('console', (one) => (output += one.text()).includes('painted'));
    await page.evaluate(code);
    await last;
    return output;
  } finally {
    await browser.close();
  }
}

describe('docs/patterns.md', () => {
  const examples = examplesOf(read('docs/patterns.md'));

  it('has every block of code with its output', () => {
    const blocks = read('docs/patterns.md').match(/^```(?:sh|js)$/gm)!;

    expect(examples).to.have.length(blocks.length);
  });

  describe('prints what it says', () => {
    let hub: TestHub;

    before(async () => {
      hub = await startTestHub();
    });
    after(() => hub.close());

    for (const [index, { title, language, code, output }] of examples.entries()) {
      it(`${index + 1}. ${title}`, async () => {
        const run = language === 'js' ? runConsole : runShell;

        expect(await run(hub, code)).to.match(matcher(output));
      });
    }
  });
});

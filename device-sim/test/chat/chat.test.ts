import { styleText } from 'node:util';
import { expect } from 'chai';
import { colourOf } from '../../src/chat/format.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { commandLine, parleySim, runProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

const count = (length: number): string[] => Array.from({ length }, (_, index) => `line ${index + 1}`);

function chat(hub: Pick<TestHub, 'urls' | 'http'>, name: string, ...flags: string[]) {
  return parleySim('chat', '--name', name, '--url', hub.urls.tcp, '--http', hub.http, ...flags);
}

async function textsOf(hub: TestHub, channel?: string): Promise<(string | undefined)[]> {
  return (await hub.log(channel)).map(({ text }) => text);
}

/** What was said, without the time and who. */
function said(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^\d\d:\d\d [\w-]+: (.*)$/.exec(line)?.[1] ?? []);
}

const ways: Readonly<Record<string, readonly string[]>> = {
  'pushed to over TCP': [],
  polling: ['--mode', 'poll', '--every', '50ms'],
  'long polling': ['--mode', 'long-poll', '--every', '50ms'],
  'by Server-Sent Events': ['--mode', 'sse', '--every', '50ms'],
};

for (const [way, flags] of Object.entries(ways)) {
  describe(`the terminal chat, ${way}`, () => {
    it('has every piped line in the log, once and in order, and exits with 0', async () => {
      await using hub = await startTestHub();
      await using ana = chat(hub, 'ana', ...flags);

      ana.child.stdin.end(`${count(300).join('\n')}\n\n`);
      const exitCode = await ana.exitCode();

      expect({ exitCode, error: ana.error() }).to.deep.equal({ exitCode: 0, error: '' });
      expect(await textsOf(hub)).to.deep.equal(count(300));
      expect(said(ana.lines())).to.deep.equal(count(300));
    });

    it('shows what was said before, and then what is said', async () => {
      await using hub = await startTestHub();
      const watcher = await hub.watch();
      for (const text of count(5)) await watcher.publish('chat/kitchen', text);
      await using ana = chat(hub, 'ana', '--channel', 'kitchen', '--history', '2', ...flags);
      await ana.prints(/line 5/);

      await watcher.publish('chat/kitchen', 'line 6');
      await ana.prints(/line 6/);

      expect(said(ana.lines())).to.deep.equal(['line 4', 'line 5', 'line 6']);
    });

    it('says who comes and who goes', async () => {
      await using hub = await startTestHub();
      await using ana = chat(hub, 'ana', ...flags);
      ana.child.stdin.write('here\n');
      await ana.prints(/here/);

      await using ben = chat(hub, 'ben');
      await ana.prints(/— ben joined/);
      ben.child.stdin.end();
      await ana.prints(/— ben left/);

      expect(ana.out()).not.to.match(/— ana/);
    });

    it('keeps what is typed while the hub is away, and sends it once when it is back', async () => {
      const hub = await startTestHub();
      await using ana = chat(hub, 'ana', ...flags);
      ana.child.stdin.write('before\n');
      await ana.prints(/ana: before/);

      await hub[Symbol.asyncDispose]();
      await ana.prints(/the hub is away/);
      ana.child.stdin.end('during 1\nduring 2\n');
      await using again = await startTestHub(hub.ports);
      const exitCode = await ana.exitCode();

      expect(exitCode).to.equal(0);
      expect(await textsOf(again)).to.deep.equal(['during 1', 'during 2']);
    });

    it('names what was not delivered, and exits with 1, when the hub does not come back', async () => {
      const hub = await startTestHub();
      await using ana = chat(hub, 'ana', '--wait', '300ms', ...flags);
      ana.child.stdin.write('before\n');
      await ana.prints(/ana: before/);

      await hub[Symbol.asyncDispose]();
      await ana.prints(/the hub is away/);
      ana.child.stdin.end('lost\n');
      const exitCode = await ana.exitCode();

      expect(exitCode).to.equal(1);
      expect(ana.error())
        .to.match(/^not delivered: lost$/m)
        .and.not.match(/ at /);
    });

    it('leaves with 0 within two seconds at SIGTERM', async () => {
      await using hub = await startTestHub();
      await using ana = chat(hub, 'ana', ...flags);
      ana.child.stdin.write('here\n');
      await ana.prints(/here/);

      const start = Date.now();
      ana.child.kill('SIGTERM');
      const exitCode = await ana.exitCode();

      expect(exitCode).to.equal(0);
      expect(Date.now() - start).to.be.below(2000);
    });
  });
}

describe('the terminal chat', () => {
  it('goes over WebSocket as well', async () => {
    await using hub = await startTestHub();
    await using ana = parleySim('chat', '--name', 'ana', '--url', hub.urls.ws, '--http', hub.http);

    ana.child.stdin.end('over ws\n');

    expect(await ana.exitCode()).to.equal(0);
    expect(await textsOf(hub)).to.deep.equal(['over ws']);
  });

  it('brings two people together, each entry shown to both', async () => {
    await using hub = await startTestHub();
    await using ana = chat(hub, 'ana');
    await using ben = chat(hub, 'ben', '--mode', 'poll', '--every', '50ms');

    ana.child.stdin.write('hello ben\n');
    await ben.prints(/ana: hello ben/);
    ben.child.stdin.write('hello ana\n');
    await ana.prints(/ben: hello ana/);

    await until('both have seen both', () => [ana, ben].every((one) => said(one.lines()).length === 2));
    expect(said(ana.lines())).to.deep.equal(['hello ben', 'hello ana']);
    expect(said(ben.lines())).to.deep.equal(['hello ben', 'hello ana']);
  });

  it('prints what the hub refuses', async () => {
    await using hub = await startTestHub({ maxPacketBytes: 4096 });
    await using ana = chat(hub, 'ana', '--mode', 'poll', '--every', '50ms');

    ana.child.stdin.end(`${'x'.repeat(5000)}\nfine\n`);

    expect(await ana.exitCode()).to.equal(1);
    expect(ana.error()).to.match(/^refused: .+$/m);
    expect(await textsOf(hub)).to.deep.equal(['fine']);
  });

  it('sends no line that no hub would take, and says so', async () => {
    await using hub = await startTestHub();
    await using ana = chat(hub, 'ana');

    ana.child.stdin.end(`${'x'.repeat(1_000_001)}\nfine\n`);

    expect(await ana.exitCode()).to.equal(1);
    expect(ana.error()).to.equal('not sent: a line of 1000001 bytes; the longest is 1000000\n');
    expect(await textsOf(hub)).to.deep.equal(['fine']);
  });

  it('keeps a half-typed line whole when an entry arrives on a terminal', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.watch();
    const { command, args } = commandLine('chat', '--name', 'ana', '--url', hub.urls.tcp, '--http', hub.http);
    await using ana = runProgram('script', ['-qfec', ['env NO_COLOR=1', command, ...args].join(' '), '/dev/null']);
    await ana.prints(/Ctrl-D leaves/);

    ana.child.stdin.write('half');
    await ana.prints(/half/);
    await watcher.publish('chat/general', 'meanwhile');
    await ana.prints(/meanwhile[^]*> half/);
    ana.child.stdin.write(' done\r');
    await ana.prints(/ana: half done/);
    ana.child.stdin.write('\u0004');

    expect(await ana.exitCode()).to.equal(0);
    expect(await textsOf(hub)).to.deep.equal(['meanwhile', 'half done']);
  });

  it('prints entries as JSON and nothing else beside them, with escape sequences inert', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.watch();
    await using ana = chat(hub, 'ana', '--json');
    ana.child.stdin.write('mine\n');
    await ana.prints(/mine/);

    await watcher.publish('chat/general', '\u001b[2J\u009b31m\u202egone?');
    await ana.prints(/gone/);
    ana.child.stdin.end();

    expect(await ana.exitCode()).to.equal(0);
    expect(ana.lines().map((line) => JSON.parse(line) as unknown)).to.deep.equal(await hub.log());
    for (const one of ['\u001b', '\u009b', '\u202e']) expect(ana.out()).not.to.include(one);
  });

  it('gives each sender a colour on a terminal, and none when NO_COLOR says so', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.watch();
    await watcher.publish('chat/general', 'hello');
    const { command, args } = commandLine('chat', '--name', 'ana', '--url', hub.urls.tcp, '--http', hub.http);
    const line = [command, ...args].join(' ');

    await using coloured = runProgram('script', ['-qfec', `env -u NO_COLOR ${line}`, '/dev/null']);
    await using plain = runProgram('script', ['-qfec', `env NO_COLOR=1 ${line}`, '/dev/null']);
    await Promise.all([coloured.prints(/hello/), plain.prints(/hello/)]);

    const [sgr] = styleText(colourOf('watcher'), 'watcher').split('watcher');
    expect(coloured.out()).to.include(`${sgr}watcher`);
    expect(plain.out()).to.match(/\d\d:\d\d watcher: hello/);
  });

  it('shows escape sequences of others as text', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.watch();
    await using ana = chat(hub, 'ana');

    await watcher.publish('chat/general', '\u001b[2Jgone?');
    await ana.prints(/gone/);

    expect(ana.out()).to.include('watcher: ␛[2Jgone?').and.not.include('\u001b');
  });
});

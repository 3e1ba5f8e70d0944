import { expect } from 'chai';
import type { Row } from '../../src/compare/compare.ts';
import { compareTable } from '../../src/compare/table.ts';
import { startTestHub } from '../support/hub.ts';
import { parleySim } from '../support/program.ts';

describe('compare', function () {
  this.timeout(60_000);

  it('hears one bot in four ways, and counts requests and bytes of each', async () => {
    await using hub = await startTestHub();
    const flags = '--messages 20 --interval 20ms --every 200ms --json'.split(' ');
    await using program = parleySim('compare', '--url', hub.urls.tcp, '--http', hub.http, ...flags);

    expect(await program.exitCode(), program.error()).to.equal(0);

    const rows = JSON.parse(program.out()) as Row[];
    const [push, poll, longPoll, sse] = rows as [Row, Row, Row, Row];
    expect(rows.map(({ way, received }) => [way, received])).to.deep.equal([
      ['push', 20],
      ['poll', 20],
      ['long poll', 20],
      ['SSE', 20],
    ]);
    // CONNECT and SUBSCRIBE; one request; one for where to begin and one per answer.
    expect([push.requests, sse.requests]).to.deep.equal([2, 1]);
    expect(longPoll.requests).to.be.within(3, 22);
    expect(poll.requests).to.be.at.least(3);
    for (const { bytesIn, bytesOut, latencyMs } of rows) {
      expect(bytesIn).to.be.above(20 * 100);
      expect(bytesOut).to.be.above(20);
      expect(latencyMs.p50).to.be.above(0).and.at.most(latencyMs.max);
    }
    // An entry costs a fixed header and a topic over MQTT, and hundreds of bytes of headers when it is asked for.
    expect(push.bytesIn + push.bytesOut).to.be.below(sse.bytesIn + sse.bytesOut);
    expect(sse.bytesOut).to.be.below(longPoll.bytesOut);
    const { channels } = (await (await fetch(`${hub.http}/api/channels`)).json()) as { channels: { name: string }[] };
    expect(channels.map(({ name }) => name)).to.deep.equal(['general']);
  });

  it('prints a table', () => {
    const latencyMs = { p50: 1.26, p99: 250.4, max: NaN };
    const rows = [{ way: 'push', received: 20, latencyMs, requests: 2, bytesIn: 5000, bytesOut: 80 }];

    expect(compareTable(rows)).to.deep.equal([
      'way   received  latency p50     p99  longest  requests  bytes in  bytes out',
      'push        20       1.3 ms  250 ms     none         2     5,000         80',
    ]);
  });

  it('says in one line that there is no hub', async () => {
    await using hub = await startTestHub();
    for (const urls of [
      ['--url', hub.urls.tcp, '--http', 'http://127.0.0.1:1'],
      ['--url', 'mqtt://127.0.0.1:1', '--http', hub.http],
    ]) {
      await using program = parleySim('compare', ...urls);

      expect(await program.exitCode()).to.equal(1);
      expect(program.error().trim().split('\n'), program.error()).to.have.length(1);
    }
  });
});

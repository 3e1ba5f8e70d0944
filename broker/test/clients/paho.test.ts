import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { run } from '../support/process.ts';

const script = fileURLToPath(new URL('paho_client.py', import.meta.url));

/** Debian's Python, which has Debian's python3-paho-mqtt. */
const PYTHON = '/usr/bin/python3';

async function paho({ ports }: TestHub, scenario: string, version: string): Promise<Record<string, unknown>> {
  await using python = run(PYTHON, [script, scenario, version, '127.0.0.1', String(ports.mqtt)]);
  expect(await python.exit, python.stderr()).to.equal(0);
  return JSON.parse(python.stdout()) as Record<string, unknown>;
}

for (const version of ['311', '5']) {
  describe(`Eclipse Paho for Python with MQTT ${version}`, () => {
    it('sends and receives at every QoS, at the lower of published and granted', async () => {
      await using hub = await startTestHub();

      const { connack, granted, received } = await paho(hub, 'every-qos', version);

      expect(connack).to.equal(0);
      expect(granted).to.deep.equal([0, 1, 2]);
      const all = [0, 1, 2].flatMap((asked) =>
        [0, 1, 2].map((sent) => [`paho/${asked}`, `${sent}${asked}`, Math.min(sent, asked), false]),
      );
      expect(received).to.deep.equal(all);
    });

    it('has its will published when it dies, and retained', async () => {
      await using hub = await startTestHub();

      const { live, late } = await paho(hub, 'will', version);

      expect(live).to.deep.equal(['paho/will', 'gone', 1, false]);
      expect(late).to.deep.equal(['paho/will', 'gone', 1, true]);
    });

    it('gets the last retained message, and none that was deleted', async () => {
      await using hub = await startTestHub();

      const { kept, next } = await paho(hub, 'retained', version);

      expect(kept).to.deep.equal(['paho/kept', 'new', 1, true]);
      expect(next).to.deep.equal(['paho/end', 'end', 1, false]);
    });

    it('shares a subscription', async () => {
      await using hub = await startTestHub();

      const { received, more } = await paho(hub, 'shared', version);

      expect((received as number[][]).flat().toSorted((a, b) => a - b)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(more).to.deep.equal([0, 0]);
    });
  });
}

describe('Eclipse Paho for Python with MQTT 5', () => {
  it('gets properties as they were sent, user properties in their order', async () => {
    await using hub = await startTestHub();

    const { payload, user, type, expiry } = await paho(hub, 'properties', '5');

    expect(payload).to.equal('héllo');
    expect(user).to.deep.equal([
      ['b', '2'],
      ['a', '1'],
      ['b', '3'],
    ]);
    expect(type).to.equal('text/plain');
    expect(expiry).to.be.within(59, 60);
  });

  it('asks and answers with Response Topic and Correlation Data', async () => {
    await using hub = await startTestHub();

    expect(await paho(hub, 'request-response', '5')).to.deep.equal({ answer: '42', correlation: '000171' });
  });
});

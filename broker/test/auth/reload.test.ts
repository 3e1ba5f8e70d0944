import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubOptions } from '@parley/broker';
import { expect } from 'chai';
import { resolveOptions } from '../../src/options/resolve.ts';
import { ended, startAccountsHub } from '../support/accounts.ts';
import { startTestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const rules = (rule: string): string => `roles:\n  member:\n    - { allow: subscribe, topics: "#" }\n    - ${rule}\n`;

function optionsOf(given: object): HubOptions {
  return resolveOptions(new Map(Object.entries(given).map(([key, value]) => [key, { value, from: 'test' }])));
}

function codeOf(error: { packet?: { granted: number[] } }): number | undefined {
  return error.packet?.granted[0];
}

describe('a reload', () => {
  let folder: string;
  let rightsFile: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-reload-'));
    rightsFile = join(folder, 'rights.yaml');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('takes other rules at once, for who is connected and for what is queued', async () => {
    writeFileSync(rightsFile, rules('{ allow: publish, topics: "home/+" }'));
    await using hub = await startAccountsHub({ rightsFile });
    const client = await hub.as(await hub.person('ana'));
    const publish = async (topic: string): Promise<number | undefined> => {
      try {
        await client.publishAsync(topic, 'x', { qos: 1 });
        return undefined;
      } catch (error) {
        return (error as { code?: number }).code;
      }
    };
    expect([await publish('home/lamp'), await publish('garden/lamp')]).to.deep.equal([undefined, 0x87]);

    writeFileSync(rightsFile, rules('{ allow: publish, topics: "garden/+" }'));
    const answer = await hub.api(hub.root, 'POST', '/api/reload');

    expect(answer).to.deep.include({ status: 200, body: { needRestart: [] } });
    expect([await publish('home/lamp'), await publish('garden/lamp')]).to.deep.equal([0x87, undefined]);
    const explained = await hub.api(hub.root, 'GET', '/api/rights?who=ana&action=publish&topic=garden/lamp');
    expect(explained.body).to.deep.equal({ allowed: true, because: 'role member, rule 2: allow publish garden/+' });
  });

  it('keeps the old rules when the new ones are wrong, and says what is', async () => {
    writeFileSync(rightsFile, rules('{ allow: publish, topics: "home/+" }'));
    await using hub = await startAccountsHub({ rightsFile });
    const client = await hub.as(await hub.person('ana'));

    for (const [text, says] of [
      ['roles: [', 'rights.yaml'],
      [rules('{ allow: publish, topics: "home/#/x" }'), 'home/#/x'],
      [rules('{ allow: publish, topics: "home/x${user}" }'), '${user}'],
      [rules('{ allow: eat, topics: "home/#" }'), 'roles.member'],
      [rules('{ allow: publish, deny: publish }'), 'roles.member'],
    ] as const) {
      writeFileSync(rightsFile, text);
      const { status, body } = await hub.api(hub.root, 'POST', '/api/reload');
      expect(status, text).to.equal(500);
      expect(body.error.message, text).to.include(says);
    }

    await client.publishAsync('home/lamp', 'x', { qos: 1 });
  });

  it('is for administrators alone', async () => {
    await using hub = await startAccountsHub();

    expect((await hub.api(await hub.person('eve'), 'POST', '/api/reload')).status).to.equal(403);
    expect((await hub.api(undefined, 'POST', '/api/reload')).status).to.equal(401);
  });

  it('changes limits, and names the options that need a restart', async () => {
    const given = { store: 'memory', mqttPort: 0, httpPort: 0, logLevel: 'silent', presenceGraceSeconds: 0 } as const;
    let now: object = given;
    await using hub = await startTestHub({}, { reread: () => optionsOf(now) });
    const client = await hub.client('ana', { protocolVersion: 5 });
    await client.subscribeAsync(['a', 'b', 'c']);

    now = { ...given, maxSubscriptions: 3, maxConnections: 1, historyDays: 7 };
    const { needRestart } = hub.reload();

    expect(needRestart).to.deep.equal(['historyDays']);
    expect(await client.subscribeAsync('d').then(() => undefined, codeOf)).to.equal(0x97);
    expect(await hub.client('ben', { protocolVersion: 5 }).catch((error: { code: number }) => error.code)).to.equal(
      0x97,
    );
    now = given;
    hub.reload();
    await hub.client('ben');
    await client.subscribeAsync('d');
  });

  it('of accounts that were removed elsewhere ends their connections', async () => {
    await using hub = await startAccountsHub();
    const token = await hub.person('ana');
    const client = await hub.as(token);
    const over = ended(client);
    const { body } = await hub.api(hub.root, 'GET', '/api/accounts/ana/tokens');
    for (const { id } of body.tokens as { id: string }[]) {
      await hub.api(hub.root, 'DELETE', `/api/accounts/ana/tokens/${id}`);
    }

    await over;
    await until(async () => (await hub.api(token, 'GET', '/api/me')).status === 401, 'the end of the token');
  });
});

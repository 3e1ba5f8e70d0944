import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { MemoryStore } from '../../src/store/memory.ts';
import { call } from '../support/http.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';
import { follow } from '../support/messages.ts';
import { until } from '../support/until.ts';

describe('presence', () => {
  it('is retained per name and counts connections', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.client('watcher');
    const presence = await follow(watcher, 'presence/ana');

    await hub.client('ana');
    const second = await hub.client('ana');
    await second.endAsync();

    const seen = [await presence.next(), await presence.next(), await presence.next()].map((one) => one.json());
    expect(seen.map(({ status, connections }) => [status, connections])).to.deep.equal([
      ['online', 1],
      ['online', 2],
      ['online', 1],
    ]);
  });

  it('goes offline after the last connection, however it ended', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.client('watcher');
    const presence = await follow(watcher, 'presence/ana');
    const ana = await hub.client('ana');

    ana.stream.destroy();

    await presence.next(({ json }) => json()['status'] === 'online');
    expect((await presence.next()).json()).to.include({ status: 'offline', connections: 0 });
  });

  it('stays online through a reconnect within the grace', async () => {
    await using hub = await startTestHub({ presenceGraceSeconds: 60 });
    const watcher = await hub.client('watcher');
    const presence = await follow(watcher, 'presence/ana');

    await (await hub.client('ana')).endAsync();
    await hub.client('ana');
    await hub.client('ana');

    const statuses = [(await presence.next()).json(), (await presence.next()).json()];
    expect(statuses.map(({ status, connections }) => [status, connections])).to.deep.equal([
      ['online', 1],
      ['online', 2],
    ]);
  });

  it('says nothing of a device that is back within the grace after a restart', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-presence-'));
    const options = { store: 'embedded', dataDir, presenceGraceSeconds: 60 } as const;
    try {
      {
        await using hub = await startTestHub(options);
        const presence = await follow(await hub.client('watcher'), 'presence/lamp-1');
        const lamp = await hub.client('lamp-1');
        await lamp.publishAsync('devices/lamp-1/status', 'online', { qos: 1, retain: true });
        await presence.next(({ json }) => json()['connections'] === 1);
      }
      await using hub = await startTestHub(options);
      const presence = await follow(await hub.client('watcher'), 'presence/lamp-1');
      await hub.client('lamp-1');
      await hub.client('lamp-1');

      const seen = [await presence.next(), await presence.next()].map((one) => one.json());
      expect(seen.map(({ status, connections }) => [status, connections])).to.deep.equal([
        ['online', 1],
        ['online', 2],
      ]);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it('follows the status that a device publishes, its will included', async () => {
    await using hub = await startTestHub();
    const watcher = await hub.client('watcher');
    const presence = await follow(watcher, 'presence/lamp-1');
    const will = { topic: 'devices/lamp-1/status', payload: Buffer.from('offline'), qos: 1 as const, retain: true };
    const gateway = await hub.client('gateway', { will });

    await gateway.publishAsync('devices/lamp-1/status', 'online', { qos: 1, retain: true });
    const first = (await presence.next()).json();
    gateway.stream.destroy();

    expect(first).to.include({ status: 'online' });
    expect((await presence.next()).json()).to.include({ status: 'offline' });
  });

  it('does not name guests', async () => {
    await using hub = await startTestHub();
    await hub.client(undefined, { clientId: 'Not A Name' });
    await hub.client('ana');

    const { users } = (await (await fetch(`${hub.httpUrl}/api/presence`)).json()) as { users: { user: string }[] };

    expect(users.map(({ user }) => user)).to.deep.equal(['ana']);
  });

  it('has nothing of who only drops a message, and people do not list them', async () => {
    await using hub = await startTestHub({ presenceGraceSeconds: 60 });
    const presence = await follow(await hub.client('watcher'), 'presence/+');
    const drop = async (name: string): Promise<number> => {
      const started = performance.now();
      const dropper = await hub.client(name);
      await dropper.publishAsync('chat/general', 'x', { qos: 1 });
      await dropper.endAsync();
      return performance.now() - started;
    };

    let name = '';
    // On a busy machine it may take so long that it is a stay.
    for (let count = 0, ms = Infinity; ms > 500; count++) ms = await drop((name = `dropper-${count}`));
    await follow(await hub.client('reader'), 'chat/general');

    await presence.next(({ topic }) => topic === 'presence/reader');
    const { body } = await call(hub, 'watcher', 'GET', '/api/users');
    const names = body.users.map(({ user }: { user: string }) => user);
    expect(names).to.include.members(['reader', 'watcher']).and.not.to.include(name);
    expect(presence.queue.map(({ topic }) => topic)).not.to.include(`presence/${name}`);
  });

  it('is told of who subscribes, and of who only stays', async () => {
    await using hub = await startTestHub({ presenceGraceSeconds: 60 });
    const presence = await follow(await hub.client('watcher'), 'presence/+');

    const quiet = await hub.client('quiet');
    await follow(await hub.client('reader'), 'chat/general');

    for (const name of ['reader', 'quiet']) {
      const { json } = await presence.next(({ topic }) => topic === `presence/${name}`);
      expect(json()).to.include({ status: 'online', connections: 1 });
    }
    await quiet.endAsync();
  });

  it('tells of joins and leaves in their order, and of none that the grace covers', async function () {
    this.timeout(60_000);
    await using hub = await startTestHub({ presenceGraceSeconds: 4 });
    const presence = await follow(await hub.client('watcher'), 'presence/+', { ms: 20_000 });
    await presence.next(({ topic }) => topic === 'presence/watcher');
    const come = async (name: string) => {
      const client = await hub.client(name);
      await follow(client, 'chat/general');
      return client;
    };

    const ana = await come('ana');
    const ben = await come('ben');
    await ana.endAsync();
    const back = await come('ana');
    await ben.endAsync();
    await presence.next(({ topic, json }) => topic === 'presence/ben' && json()['status'] === 'offline');
    await back.endAsync();
    await presence.next(({ topic, json }) => topic === 'presence/ana' && json()['status'] === 'offline');

    const others = presence.queue.filter(({ topic }) => topic !== 'presence/watcher');
    const statuses = others.map(({ topic, json }) => `${topic} ${String(json()['status'])}`);
    expect(statuses.filter((one) => !one.endsWith('online'))).to.deep.equal([]);
    expect(statuses.slice(0, 2)).to.deep.equal(['presence/ana online', 'presence/ben online']);
  });

  for (const [way, set] of [
    ['the API', (hub: TestHub, status: string) => call(hub, 'ana', 'PUT', '/api/presence', { status })],
    [
      'MQTT',
      async (hub: TestHub, status: string) => {
        const request = JSON.stringify({ id: 'x', status });
        await (await hub.client('ana')).publishAsync('hub/requests/presence', request, { qos: 1 });
      },
    ],
  ] as const) {
    it(`is away by ${way} for all connections of a name, through a reconnect, until it is back or gone`, async () => {
      await using hub = await startTestHub({ presenceGraceSeconds: 1 });
      const presence = await follow(await hub.client('watcher'), 'presence/ana');
      const status = (wanted: string) => presence.next(({ json }) => json()['status'] === wanted);
      const phone = await hub.client('ana');
      await follow(phone, 'chat/general');
      await follow(await hub.client('ana'), 'chat/general');
      await status('online');

      await set(hub, 'away');
      const away = await status('away');
      await phone.endAsync();
      const fewer = await status('away');
      await set(hub, 'online');
      const back = await status('online');

      expect(away.json()['connections']).to.be.at.least(2);
      expect(fewer.json()).to.include({ status: 'away' });
      expect(back.packet.retain).to.equal(false);
    });
  }

  it('is nothing that a name without a connection can set', async () => {
    await using hub = await startTestHub();

    const { body } = await call(hub, 'ghost', 'PUT', '/api/presence', { status: 'away' });

    expect(body).to.include({ user: 'ghost', status: 'offline', connections: 0 });
    expect((await call(hub, 'ana', 'GET', '/api/presence')).body).to.deep.equal({ users: [] });
  });

  it('of names that are gone is kept of ten thousand, those that went last', async () => {
    const store = new MemoryStore();
    const batch = store.batch();
    const gone = { qos: 1, retain: true, properties: undefined, expiresAt: 0, publisher: '' } as const;
    for (let i = 0; i < 10_003; i++) {
      const payload = Buffer.from(`{"status":"offline","at":${1_700_000_000_000 + i},"connections":0}`);
      batch.retain({ ...gone, topic: `presence/gone-${i}`, payload });
    }
    batch.commit(() => undefined);

    await using hub = await startTestHub({}, { store });
    const last = await hub.client('last');
    await last.subscribeAsync('nothing');
    await last.endAsync();

    await until(() => store.retained('presence/gone-3') === undefined, 'room made for the last');
    const { users } = (await (await fetch(`${hub.httpUrl}/api/presence`)).json()) as { users: { user: string }[] };
    expect(users).to.have.length(10_000);
    expect(store.retained('presence/gone-0')).to.equal(undefined);
    expect(store.retained('presence/gone-4')).not.to.equal(undefined);
    expect(store.retained('presence/last')).not.to.equal(undefined);
  }).timeout(60_000);
});

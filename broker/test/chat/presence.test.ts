import { expect } from 'chai';
import { startTestHub } from '../support/hub.ts';
import { follow } from '../support/messages.ts';

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
});

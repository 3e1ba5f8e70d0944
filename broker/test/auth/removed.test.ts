import { expect } from 'chai';
import mqtt from 'mqtt';
import type { IClientOptions, IConnackPacket } from 'mqtt';
import { Accounts } from '../../src/auth/accounts.ts';
import { Passwords } from '../../src/auth/passwords.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { temporaryDirectory } from '../store/temporary.ts';
import { PASSWORD, startAccountsHub } from '../support/accounts.ts';
import type { AccountsHub } from '../support/accounts.ts';
import { startTestHub } from '../support/hub.ts';
import type { TestHub } from '../support/hub.ts';

const kept: IClientOptions = { clientId: 'phone', clean: false, properties: { sessionExpiryInterval: 600 } };

/** Leaves a session of ana's with a message in its queue. */
async function leaveSession(hub: AccountsHub): Promise<void> {
  const client = await hub.as(await hub.person('ana'), kept);
  await client.subscribeAsync('home/#', { qos: 1 });
  await client.endAsync();
  const root = await hub.as(hub.root);
  await root.publishAsync('home/door', 'for the first ana', { qos: 1 });
  await root.endAsync();
}

/** Whether who comes with ana's name and client id finds a session. */
async function resumes({ mqttUrl }: TestHub): Promise<boolean> {
  const options = { ...kept, protocolVersion: 5, username: 'ana', password: PASSWORD, reconnectPeriod: 0 } as const;
  const client = mqtt.connect(mqttUrl, options);
  const { sessionPresent } = await new Promise<IConnackPacket>((done) => client.once('connect', done));
  await client.endAsync(true);
  return sessionPresent;
}

describe('a removed account', () => {
  it('leaves no session to who gets its name, nor what was queued in it', async () => {
    await using hub = await startAccountsHub();
    await leaveSession(hub);
    expect(await resumes(hub)).to.equal(true);

    await hub.api(hub.root, 'DELETE', '/api/accounts/ana');
    await hub.person('ana');

    expect(await resumes(hub)).to.equal(false);
  });

  it('leaves none either when its name was given again while no hub ran', async () => {
    await using folder = await temporaryDirectory();
    const given = { store: 'embedded', dataDir: folder.path, auth: 'accounts' } as const;
    const first = await startAccountsHub(given);
    await leaveSession(first);
    await first.close();

    const store = openEmbeddedStore({ directory: folder.path });
    const accounts = new Accounts(store, new Passwords());
    await accounts.remove('ana');
    await accounts.add({ name: 'ana', kind: 'person', password: PASSWORD });
    await store.close();
    await using hub = await startTestHub(given);

    expect(await resumes(hub)).to.equal(false);
  });
});

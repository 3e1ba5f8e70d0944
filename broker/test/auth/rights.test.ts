import { expect } from 'chai';
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import { ended, PASSWORD, startAccountsHub } from '../support/accounts.ts';
import type { AccountsHub } from '../support/accounts.ts';
import { until } from '../support/until.ts';

const session = { clean: false, properties: { sessionExpiryInterval: 600 } };

/** Everything a client gets, by topic. */
function heard(client: MqttClient): string[] {
  const all: string[] = [];
  client.on('message', (topic, payload) => all.push(`${topic} ${payload.toString()}`));
  return all;
}

/** Publishes something that the client can read, and waits for it: what came before it would have come by then. */
async function settle(hub: AccountsHub, client: MqttClient, all: string[]): Promise<void> {
  const mark = `mark-${Math.random()}`;
  await client.subscribeAsync('marks', { qos: 1 });
  const root = await hub.as(hub.root);
  await root.publishAsync('marks', mark, { qos: 1 });
  await until(() => all.includes(`marks ${mark}`), 'the mark');
}

async function codeOf(work: Promise<unknown>): Promise<number | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return (error as { code?: number }).code ?? -1;
  }
}

function will(topic: string) {
  return { will: { topic, payload: Buffer.from('last words'), qos: 1 as const } };
}

/** Makes a private channel of somebody. */
async function makeSecret(hub: AccountsHub, token: string, name = 'secret'): Promise<void> {
  expect((await hub.api(token, 'POST', '/api/channels', { name, private: true })).status).to.equal(201);
}

describe('rights with accounts', () => {
  it('let devices use what is theirs and nothing else', async () => {
    await using hub = await startAccountsHub();
    const [lamp, ana] = [await hub.device('lamp-1'), await hub.person('ana')];
    await hub.api(ana, 'POST', '/api/channels', { name: 'builds' });
    await hub.api(ana, 'PUT', '/api/channels/builds/members/lamp-1');
    const client = await hub.as(lamp);
    const publish = (topic: string) => codeOf(client.publishAsync(topic, '{}', { qos: 1 }));
    const subscribe = (filter: string) => codeOf(client.subscribeAsync(filter));

    for (const topic of ['devices/lamp-1/state', 'devices/lamp-1/telemetry', 'homeassistant/light/lamp-1/config']) {
      expect(await publish(topic), topic).to.equal(undefined);
    }
    expect(await publish('chat/builds')).to.equal(undefined);
    for (const topic of [
      'devices/lamp-2/state',
      'devices/lamp-2/commands/set',
      'chat/general',
      'chat/made-up',
      'homeassistant/light/lamp-2/config',
      'dm/ana/lamp-1',
      'users/ana/read/general',
      'presence/ana',
      'channels/general',
      'hub/errors/x',
      'plain',
    ]) {
      expect(await publish(topic), topic).to.equal(0x87);
    }
    for (const filter of ['devices/lamp-1/commands/+', '#', 'chat/builds']) {
      expect(await subscribe(filter), filter).to.equal(undefined);
    }
    for (const filter of ['devices/lamp-2/#', 'users/#', '$SYS/#', 'presence/+', '$share/g/devices/lamp-2/#']) {
      expect(await subscribe(filter), filter).not.to.equal(undefined);
    }
  });

  it('keep people from speaking for devices, the hub and each other', async () => {
    await using hub = await startAccountsHub();
    await hub.device('lamp-1');
    const client = await hub.as(await hub.person('eve'));
    const publish = (topic: string) => codeOf(client.publishAsync(topic, '1', { qos: 1, retain: true }));

    expect(await publish('devices/lamp-1/commands/set')).to.equal(undefined);
    expect(await publish('home/kitchen')).to.equal(undefined);
    for (const topic of [
      'devices/lamp-1/status',
      'devices/lamp-1/telemetry',
      'devices/lamp-1/replies/1',
      'presence/ana',
      'channels/general',
      'hub/replies/x/1',
      'hub/anything',
      '$SYS/broker/version',
      'users/ana/read/general',
      'users/__proto__/read/general',
      'dm/ana/ben',
      'dm/__proto__/ana',
    ]) {
      expect(await publish(topic), topic).not.to.equal(undefined);
    }
  });

  it('hold for each filter of a SUBSCRIBE by itself, and for wildcards over what is denied', async () => {
    await using hub = await startAccountsHub();
    const [ana, eve] = [await hub.person('ana'), await hub.person('eve')];
    await makeSecret(hub, ana);
    const [writer, reader] = [await hub.as(ana), await hub.as(eve, { clientId: 'eve-1', ...session })];
    const all = heard(reader);

    const granted = await reader
      .subscribeAsync(['chat/general', 'chat/secret', 'users/ana/#', 'dm/ana/ben'], { qos: 1 })
      .catch((error: { packet?: { granted: number[] } }) => error.packet!.granted);
    const codes = (granted as (number | { qos: number })[]).map((one) => (typeof one === 'number' ? one : one.qos));
    await reader.subscribeAsync(['#', '+/+', 'chat/+', 'dm/#', '+/ana/#', '$share/g/chat/#', '$share/h/#'], { qos: 1 });
    await writer.publishAsync('chat/secret', 'hidden', { qos: 1 });
    await writer.publishAsync('dm/ana/root', 'hidden', { qos: 1 });
    await writer.publishAsync('users/ana/read/general', '0', { qos: 1, retain: true });
    await settle(hub, reader, all);

    expect(codes).to.deep.equal([1, 0x87, 0x87, 0x87]);
    expect(all.join('\n')).not.to.include('hidden').and.not.to.include('users/ana');
    // Refused filters are not kept either: nothing comes by them after a reconnect.
    await reader.endAsync();
    await writer.publishAsync('chat/secret', 'hidden too', { qos: 1 });
    const again = await hub.as(eve, { clientId: 'eve-1', ...session });
    const later = heard(again);
    await settle(hub, again, later);
    expect(later.join('\n')).not.to.include('hidden');
  });

  it('reach what waits: a queue is not emptied to who lost the right, and retained messages are not shown', async () => {
    await using hub = await startAccountsHub();
    const [ana, eve] = [await hub.person('ana'), await hub.person('eve')];
    await makeSecret(hub, ana);
    await hub.api(ana, 'PUT', '/api/channels/secret/members/eve');
    const reader = await hub.as(eve, { clientId: 'eve-1', ...session });
    await reader.subscribeAsync(['chat/#', 'channels/#'], { qos: 1 });
    await reader.endAsync();
    const writer = await hub.as(ana);
    await writer.publishAsync('chat/secret', 'while eve was a member', { qos: 1 });

    await hub.api(ana, 'DELETE', '/api/channels/secret/members/eve');
    await writer.publishAsync('chat/secret', 'after that', { qos: 1 });
    const again = await hub.as(eve, { clientId: 'eve-1', ...session });
    const all = heard(again);
    await again.subscribeAsync('channels/#', { qos: 1 });
    await settle(hub, again, all);

    expect(all.join('\n')).to.include('channels/general').and.not.to.include('secret');
    expect((await hub.api(eve, 'GET', '/api/channels/secret')).status).to.equal(404);
    expect((await hub.api(eve, 'GET', '/api/search?q=member')).body.entries).to.deep.equal([]);
  });

  it('are taken at once, also from who is connected', async () => {
    await using hub = await startAccountsHub();
    const eve = await hub.person('eve');
    const client = await hub.as(eve);
    await client.publishAsync('chat/general', 'allowed', { qos: 1 });

    await hub.api(hub.root, 'PUT', '/api/accounts/eve/roles', { roles: [] });

    expect(await codeOf(client.publishAsync('chat/general', 'denied', { qos: 1 }))).to.equal(0x87);
    expect(await codeOf(client.subscribeAsync('chat/general'))).not.to.equal(undefined);
    expect((await hub.api(eve, 'POST', '/api/channels/general/messages', { text: 'denied' })).status).to.not.equal(201);
    expect((await hub.api(eve, 'POST', '/api/publish', { topic: 'plain', payload: 'x' })).status).to.equal(403);
    expect((await hub.api(eve, 'GET', '/api/subscribe?filter=chat/general')).status).to.equal(403);
  });

  it('hold for wills, when they are left and when they are sent', async () => {
    await using hub = await startAccountsHub();
    const [eve, lamp] = [await hub.person('eve'), await hub.device('lamp-1')];
    const root = await hub.as(hub.root);
    const all = heard(root);
    await root.subscribeAsync('#', { qos: 1 });

    expect(await hub.refused({ password: eve, username: '', ...will('devices/lamp-1/status') })).to.equal(0x87);
    expect(await hub.refused({ password: lamp, username: '', ...will('chat/general') })).to.equal(0x87);
    expect(await hub.refused({ password: eve, username: '', ...will('presence/root') })).to.equal(0x87);
    const client = await hub.as(eve, will('home/eve'));
    await hub.api(hub.root, 'PUT', '/api/accounts/eve/roles', { roles: [] });
    client.stream.destroy();
    const device = await hub.as(lamp, will('devices/lamp-1/status'));
    const [{ id }] = (await hub.api(hub.root, 'GET', '/api/accounts/lamp-1/tokens')).body.tokens;
    await hub.api(hub.root, 'DELETE', `/api/accounts/lamp-1/tokens/${id}`);
    await ended(device);

    await until(() => all.includes('devices/lamp-1/status last words'), 'the will of a device whose token was revoked');
    expect(all.join('\n')).not.to.include('home/eve');
  });

  it('hold for answers: nobody makes the hub or a device publish where they may not', async () => {
    await using hub = await startAccountsHub();
    const [ana, eve, lamp] = [await hub.person('ana'), await hub.person('eve'), await hub.device('lamp-1')];
    await makeSecret(hub, ana);
    const [root, reader, thief, device] = await Promise.all([hub.root, ana, eve, lamp].map((token) => hub.as(token)));
    const all = heard(reader!);
    await reader!.subscribeAsync(['chat/secret', 'users/ana/#', 'dm/#', 'marks'], { qos: 1 });
    await device!.subscribeAsync('devices/lamp-1/commands/#', { qos: 1 });
    device!.on('message', (_topic, payload) => {
      const { id } = JSON.parse(payload.toString()) as { id: string };
      device!.publish(`devices/lamp-1/replies/${id}`, '{"ok":true,"result":"stolen"}', { qos: 1 });
    });
    const replies = new Promise((done) => thief!.once('message', done));
    await thief!.subscribeAsync('devices/lamp-1/replies/#', { qos: 1 });

    for (const responseTopic of [
      'chat/secret',
      'users/ana/read/general',
      'dm/ana/root',
      'presence/ana',
      'channels/x',
    ]) {
      await thief!.publishAsync('hub/requests/who', '{}', { qos: 1, properties: { responseTopic } });
      await thief!.publishAsync('devices/lamp-1/commands/set', '{}', { qos: 1, properties: { responseTopic } });
    }
    await replies;
    await root!.publishAsync('marks', 'end', { qos: 1 });
    await until(() => all.includes('marks end'), 'the mark');

    expect(all).to.deep.equal(['marks end']);
  });

  it('of a token that is for some channels end there, over MQTT and HTTP', async () => {
    await using hub = await startAccountsHub();
    const ana = await hub.person('ana');
    await hub.api(ana, 'POST', '/api/channels', { name: 'builds' });
    const made = await hub.api(hub.root, 'POST', '/api/accounts/ana/tokens', { channels: ['builds'] });
    const token = made.body.token as string;
    const client = await hub.as(token);
    const all = heard(client);
    const publish = (topic: string) => codeOf(client.publishAsync(topic, 'x', { qos: 1 }));

    expect(await codeOf(client.subscribeAsync('#', { qos: 1 }))).to.equal(undefined);
    expect(await publish('chat/builds')).to.equal(undefined);
    for (const topic of [
      'chat/general',
      'chat/made-up',
      'plain',
      'devices/lamp-1/commands/set',
      'users/ana/read/general',
    ]) {
      expect(await publish(topic), topic).to.equal(0x87);
    }
    expect(await codeOf(client.subscribeAsync('chat/general'))).not.to.equal(undefined);
    await hub.api(ana, 'POST', '/api/channels/general/messages', { text: 'elsewhere' });
    await hub.api(ana, 'POST', '/api/channels/builds/messages', { text: 'here' });
    await until(() => all.some((one) => one.includes('"here"')), 'the entry');
    expect(all.join('\n')).not.to.include('elsewhere');

    const posted = (channel: string) => hub.api(token, 'POST', `/api/channels/${channel}/messages`, { text: 'x' });
    expect((await posted('builds')).status).to.equal(201);
    expect((await posted('general')).status).to.equal(404);
    expect((await hub.api(token, 'DELETE', '/api/channels/builds')).status).to.equal(403);
    expect((await hub.api(token, 'GET', '/api/search?q=elsewhere')).body.entries).to.deep.equal([]);
    for (const path of ['/api/users', '/api/presence', '/api/me/tokens', '/api/accounts', '/api/devices', '/metrics']) {
      expect((await hub.api(token, 'GET', path)).status, path).to.equal(403);
    }
    expect(
      await hub.refused({ password: token, username: '', will: { topic: 'plain', payload: Buffer.of() } }),
    ).to.equal(0x87);
  });

  it('end a stream of events when its reader is signed out', async () => {
    await using hub = await startAccountsHub();
    const eve = await hub.person('eve');
    const ends: Promise<void>[] = [];
    const open = async (path: string) => {
      const answer = await fetch(hub.httpUrl + path, { headers: { Authorization: `Bearer ${eve}` } });
      const text: string[] = [];
      ends.push(
        answer
          .body!.pipeThrough(new TextDecoderStream())
          .pipeTo(new WritableStream({ write: (chunk) => void text.push(chunk) }))
          .catch(() => undefined),
      );
      return text;
    };
    const streams = [await open('/api/channels/general/events'), await open('/api/subscribe?filter=%23')];
    const root = await hub.as(hub.root);
    await root.publishAsync('chat/general', 'before', { qos: 1 });
    await until(() => streams.every((text) => text.join('').includes('before')), 'both events');

    expect((await hub.api(eve, 'POST', '/api/logout/everywhere')).status).to.equal(204);
    await root.publishAsync('chat/general', 'after', { qos: 1 });
    await Promise.all(ends);

    expect(streams.flat().join('')).not.to.include('after');
  });

  it('are for the names that the topic means: a client id or name of the prototype is nobody', async () => {
    await using hub = await startAccountsHub();
    const eve = await hub.person('eve');
    const client = await hub.as(eve, { clientId: '__proto__', ...session });
    const other = await hub.as(eve, { clientId: 'constructor', ...session });

    expect(await codeOf(client.publishAsync('chat/general', 'x', { qos: 1 }))).to.equal(undefined);
    expect(await codeOf(other.publishAsync('users/constructor/x', 'x', { qos: 1 }))).to.equal(0x87);
    for (const user of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect((await hub.api(hub.root, 'GET', `/api/accounts/${user}`)).status, user).to.equal(404);
      expect(await hub.refused({ username: user, password: PASSWORD }), user).to.equal(0x86);
    }
    const roles = await hub.api(hub.root, 'PUT', '/api/accounts/eve/roles', { roles: ['__proto__'] });
    expect(roles.status).to.equal(400);
  });

  it('let a moderator delete what others wrote, and nobody else', async () => {
    await using hub = await startAccountsHub();
    const [ana, eve, max] = [await hub.person('ana'), await hub.person('eve'), await hub.person('max', ['moderator'])];
    const { body } = await hub.api(ana, 'POST', '/api/channels/general/messages', { text: 'mine' });
    const remove = (token: string) =>
      hub.api(token, 'POST', '/api/channels/general/messages', { kind: 'delete', target: body.id as string });

    expect((await remove(eve)).status).to.equal(403);
    expect((await remove(max)).status).to.equal(201);
  });

  it('cannot be got around by speaking as somebody else over HTTP', async () => {
    await using hub = await startAccountsHub();
    const eve = await hub.person('eve');
    const answer = await fetch(`${hub.httpUrl}/api/channels/general/messages`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`root:${eve}`)}`, 'Content-Type': 'text/plain' },
      body: 'as root',
    });

    expect(answer.status).to.equal(401);
    const token = Buffer.from(`eve:${eve}`).toString('base64');
    const own = await fetch(`${hub.httpUrl}/api/me`, { headers: { Authorization: `Basic ${token}` } });
    expect(((await own.json()) as { user: string }).user).to.equal('eve');
    await mqtt
      .connectAsync(hub.mqttUrl, { username: 'eve', password: eve, reconnectPeriod: 0 })
      .then((one) => one.endAsync());
  });
});

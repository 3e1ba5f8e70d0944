import { once } from 'node:events';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { ended, PASSWORD, startAccountsHub } from '../support/accounts.ts';
import { ask, as, post } from '../support/http.ts';
import { startTestHub } from '../support/hub.ts';
import { follow } from '../support/messages.ts';
import { until } from '../support/until.ts';

function basic(password: string): RequestInit {
  return { headers: { Authorization: `Basic ${btoa(`ana:${password}`)}` } };
}

describe('a hub with accounts', () => {
  it('gives its first administrator a link that works once', async () => {
    await using hub = await startTestHub({ auth: 'accounts' });
    const [page, code] = hub.invite!.split('#');
    const accept = (user: string) => ask(hub, '/api/invites/accept', post({ code, user, password: PASSWORD }));

    const [first, second] = await Promise.all([accept('ana'), accept('ben')]);

    expect(page).to.equal(`${hub.httpUrl}/invite`);
    expect([first.status, second.status]).to.have.members([200, 410]);
    expect([first, second].find(({ status }) => status === 200)!.body['roles']).to.deep.equal(['admin']);
  });

  it('knows a person by password, over MQTT 3.1.1 and 5 and over HTTP, and by nothing else', async () => {
    await using hub = await startAccountsHub();
    await hub.person('ana');
    const good = { username: 'ana', password: PASSWORD };

    expect(await hub.refused(good)).to.equal(undefined);
    expect(await hub.refused({ ...good, protocolVersion: 4 })).to.equal(undefined);
    expect(await hub.refused({ ...good, username: 'ANA' })).to.equal(undefined);
    expect(await hub.refused({ ...good, password: 'wrong password' })).to.equal(0x86);
    expect(await hub.refused({ ...good, password: 'wrong password', protocolVersion: 4 })).to.equal(4);
    expect(await hub.refused({ ...good, username: 'nobody' })).to.equal(0x86);
    expect(await hub.refused({ username: 'ana' })).to.equal(0x86);
    expect(await hub.refused({})).to.equal(0x86);
    expect(await hub.refused({ ...good, username: '__proto__' })).to.equal(0x86);
    expect(await hub.refused({ ...good, username: 'hub' })).to.equal(0x86);

    expect((await ask(hub, '/api/me', basic(PASSWORD))).body['user']).to.equal('ana');
    expect((await ask(hub, '/api/me', basic('wrong password'))).status).to.equal(401);
    expect((await ask(hub, '/api/channels', { headers: as('ana') })).status).to.equal(401);
  });

  it('lets nobody into any route of the API or the metrics without signing in, but those to sign in with', async () => {
    await using hub = await startAccountsHub();
    const { paths } = (await ask<{ paths: Record<string, object> }>(hub, '/api/openapi.json')).body;
    const open = new Set<string>();
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods)) {
        const url = path.replaceAll(/\{[^}]+\}/g, 'general');
        const answer = await fetch(hub.httpUrl + url, { method: method.toUpperCase() });
        await answer.body?.cancel();
        if (answer.status !== 401) open.add(path);
      }
    }

    expect([...open].toSorted()).to.deep.equal([
      '/api/asyncapi.json',
      '/api/hub',
      '/api/invites/accept',
      '/api/invites/look-up',
      '/api/login',
      '/api/logout',
      '/api/openapi.json',
      '/healthz',
      '/readyz',
    ]);
  });

  it('takes one token in a page, the API and MQTT, and ends it everywhere when it is signed out', async () => {
    await using hub = await startAccountsHub();
    const token = await hub.person('ana');
    const client = await hub.as(token);
    const named = await hub.as(token, { username: 'ana' });
    const entries = await follow(client, 'chat/general');
    await hub.api(token, 'POST', '/api/channels/general/messages', { text: 'from the API' });

    expect((await entries.next()).json()).to.include({ from: 'ana', text: 'from the API' });
    expect(await hub.refused({ username: 'root', password: token })).to.equal(0x86);

    const closed = Promise.all([client, named].map((one) => ended(one)));
    expect((await hub.api(token, 'POST', '/api/logout')).status).to.equal(204);
    await closed;

    expect((await hub.api(token, 'GET', '/api/me')).status).to.equal(401);
    expect(await hub.refused({ password: token, username: '' })).to.equal(0x86);
  });

  it('signs out everywhere: tokens, passwords in use and open streams end at once', async () => {
    await using hub = await startAccountsHub();
    const token = await hub.person('ana');
    const { body } = await hub.api(undefined, 'POST', '/api/login', { user: 'ana', password: PASSWORD });
    const [byToken, byPassword] = await Promise.all([
      hub.as(token),
      hub.client('ana', { password: PASSWORD, protocolVersion: 5 }),
    ]);
    const closed = Promise.all([byToken, byPassword].map((one) => ended(one)));

    await hub.api(token, 'POST', '/api/logout/everywhere');
    await closed;

    expect((await hub.api(body.token as string, 'GET', '/api/me')).status).to.equal(401);
    expect(await hub.refused({ username: 'ana', password: PASSWORD })).to.equal(undefined);
  });

  it('changes a password when the old one is right, and ends what was signed in by it', async () => {
    await using hub = await startAccountsHub();
    const token = await hub.person('ana');
    const change = (password: string, newPassword: string) =>
      hub.api(token, 'PUT', '/api/me/password', { password, newPassword });

    expect((await change('not the password', 'another password')).status).to.equal(401);
    expect((await change(PASSWORD, 'short')).status).to.equal(400);
    const changed = await change(PASSWORD, 'another password');

    expect(changed.status).to.equal(200);
    expect((await hub.api(token, 'GET', '/api/me')).status).to.equal(401);
    expect((await hub.api(changed.body.token as string, 'GET', '/api/me')).status).to.equal(200);
    expect(await hub.refused({ username: 'ana', password: PASSWORD })).to.equal(0x86);
    expect(await hub.refused({ username: 'ana', password: 'another password' })).to.equal(undefined);
  });

  it('keeps a page signed in by a cookie that no script reads, over HTTP and for its WebSocket', async () => {
    await using hub = await startAccountsHub();
    await hub.person('ana');
    const login = await ask(hub, '/api/login', post({ user: 'ana', password: PASSWORD }));
    const set = login.headers.get('set-cookie')!;
    const cookie = set.split(';', 1)[0]!;

    expect(set).to.include('HttpOnly').and.include('SameSite=Strict').and.include('Path=/');
    expect((await ask(hub, '/api/me', { headers: { cookie } })).body['user']).to.equal('ana');
    const page = { url: hub.wsUrl, wsOptions: { headers: { cookie, origin: hub.httpUrl } } };
    expect(await hub.refused(page)).to.equal(undefined);
    expect(await hub.refused({ ...page, username: 'root' })).to.equal(0x86);
  });

  it('does not let another site use that cookie', async () => {
    await using hub = await startAccountsHub();
    const login = await ask(hub, '/api/login', post({ user: 'root', password: PASSWORD }));
    const cookie = login.headers.get('set-cookie')!.split(';', 1)[0]!;
    const evil = { origin: 'https://evil.example' };
    const eve = { name: 'eve', kind: 'person', roles: ['admin'], password: PASSWORD };

    const attempts = await Promise.all([
      ask(hub, '/api/accounts', post(eve, undefined, { cookie, ...evil })),
      ask(hub, '/api/accounts', { headers: { cookie, 'sec-fetch-site': 'cross-site' } }),
      ask(hub, '/api/accounts', { headers: { cookie, 'sec-fetch-site': 'same-site' } }),
    ]);

    expect(attempts.map(({ status }) => status)).to.deep.equal([403, 401, 401]);
    const socket = new WebSocket(hub.wsUrl, 'mqtt', { headers: { cookie, ...evil } });
    socket.on('error', () => undefined);
    const [, refusal] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(refusal.statusCode).to.equal(403);
    // Without an Origin it is no page: a cookie alone opens no WebSocket.
    expect(await hub.refused({ url: hub.wsUrl, wsOptions: { headers: { cookie } } })).to.equal(0x86);
  });

  it('gives a fresh token for a sign-in, once', async () => {
    await using hub = await startAccountsHub();
    const token = await hub.person('ana');

    const fresh = await hub.api(token, 'POST', '/api/refresh');
    const again = await hub.api(token, 'POST', '/api/refresh');

    expect([fresh.status, again.status]).to.deep.equal([200, 401]);
    expect((await hub.api(fresh.body.token as string, 'GET', '/api/me')).status).to.equal(200);
  });

  it('owns a session by user: nobody else takes it over, whatever client id they give', async () => {
    await using hub = await startAccountsHub();
    const [ana, eve] = [await hub.person('ana'), await hub.person('eve')];
    const session = { clientId: 'shared', clean: false, properties: { sessionExpiryInterval: 600 } };
    const client = await hub.as(ana, session);

    expect(await hub.refused({ ...session, username: 'eve', password: eve })).to.equal(0x85);
    expect(client.connected).to.equal(true);
    await client.endAsync();
    expect(await hub.refused({ ...session, clean: true, username: 'eve', password: eve })).to.equal(0x85);
  });

  it('removes an account with everything that it had signed in, and the name starts anew', async () => {
    await using hub = await startAccountsHub();
    const token = await hub.person('ana');
    const client = await hub.as(token);
    const closed = ended(client);

    await hub.api(hub.root, 'DELETE', '/api/accounts/ana');
    await closed;
    await hub.person('ana');

    expect((await hub.api(token, 'GET', '/api/me')).status).to.equal(401);
    expect((await hub.api(hub.root, 'DELETE', '/api/accounts/root')).status).to.equal(400);
  });

  it('writes down who signed in and who changed what, and lets administrators alone read it', async () => {
    await using hub = await startAccountsHub();
    const ana = await hub.person('ana');
    await hub.api(undefined, 'POST', '/api/login', { user: 'ana', password: 'a wrong password' });
    await hub.api(hub.root, 'PUT', '/api/accounts/ana/roles', { roles: ['moderator'] });

    const entries = await until(async () => {
      const { body } = await hub.api(hub.root, 'GET', '/api/audit');
      const list = body.entries as { event: string; by: string; to?: string }[];
      return list.some(({ event }) => event === 'roles.changed') ? list : undefined;
    }, 'the audit entry');

    expect(entries.map(({ event }) => event)).to.include.members([
      'roles.changed',
      'sign-in.failed',
      'sign-in',
      'account.added',
      'invite.accepted',
    ]);
    expect(entries.find(({ event }) => event === 'roles.changed')).to.include({ by: 'root', to: 'ana' });
    expect(JSON.stringify(entries)).not.to.include(PASSWORD).and.not.to.include('a wrong password');
    for (const path of ['/api/audit', '/api/accounts', '/api/invites', '/api/accounts/root/tokens']) {
      expect((await hub.api(ana, 'GET', path)).status, path).to.equal(403);
    }
  });
});

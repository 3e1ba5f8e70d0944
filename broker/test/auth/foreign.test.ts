import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { ended, PASSWORD, startAccountsHub } from '../support/accounts.ts';

interface Issuer {
  readonly jwks: { readonly keys: JWK[] };
  sign(
    claims: object,
    changes?: { audience?: string; issuer?: string; expires?: string; key?: CryptoKey },
  ): Promise<string>;
}

async function createIssuer(url = 'https://issuer.example'): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] };
  return {
    jwks,
    sign: (claims, { audience = 'parley', issuer = url, expires = '1h', key = privateKey } = {}) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setAudience(audience)
        .setIssuer(issuer)
        .setExpirationTime(expires)
        .sign(key),
  };
}

/** A web service on a free port. */
async function serve(listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

describe('foreign tokens', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'parley-jwks-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('of the keys in a file let in whom they name, with the roles they give, until they expire', async () => {
    const [issuer, other] = await Promise.all([createIssuer(), createIssuer()]);
    const jwks = join(folder, 'keys.json');
    writeFileSync(jwks, JSON.stringify(issuer.jwks));
    await using hub = await startAccountsHub({ jwks });
    await hub.person('ana');
    const ask = async (token: string) => {
      const { status, body } = await hub.api(token, 'GET', '/api/me');
      return status === 200 ? [body.user, ...(body.roles as string[])] : status;
    };

    expect(await ask(await issuer.sign({ sub: 'zoe' }))).to.deep.equal(['zoe', 'member']);
    expect(await ask(await issuer.sign({ sub: 'zoe', roles: ['moderator', 'emperor'] }))).to.deep.equal([
      'zoe',
      'moderator',
    ]);
    expect(await ask(await issuer.sign({ sub: '4711', preferred_username: 'Max' }))).to.deep.equal(['max', 'member']);
    expect(await hub.refused({ username: 'zoe', password: await issuer.sign({ sub: 'zoe' }) })).to.equal(undefined);

    expect(await ask(await issuer.sign({ sub: 'ana' }))).to.equal(401);
    expect(await ask(await issuer.sign({ sub: 'root', roles: ['admin'] }))).to.equal(401);
    expect(await ask(await issuer.sign({ sub: 'zoe' }, { audience: 'another' }))).to.equal(401);
    expect(await ask(await issuer.sign({ sub: 'zoe' }, { expires: '-1 minute' }))).to.equal(401);
    expect(await ask(await other.sign({ sub: 'zoe' }))).to.equal(401);
    // The public key as the secret of HS256: the oldest confusion of all.
    const secret = new TextEncoder().encode(JSON.stringify(issuer.jwks.keys[0]));
    const confused = new SignJWT({ sub: 'zoe', aud: 'parley' }).setProtectedHeader({ alg: 'HS256', kid: 'one' });
    expect(await ask(await confused.setExpirationTime('1h').sign(secret))).to.equal(401);
    expect((await hub.api(await issuer.sign({ sub: 'No Name' }), 'GET', '/api/me')).status).to.equal(400);
  });

  it('of an issuer are checked with the keys that it publishes, and with its name', async () => {
    let url = '';
    const issuer = await createIssuer();
    await using service = await serve((request, response) => {
      const isKeys = request.url === '/keys';
      response.end(JSON.stringify(isKeys ? issuer.jwks : { issuer: url, jwks_uri: `${url}/keys` }));
    });
    url = service.url;
    await using hub = await startAccountsHub({ jwks: url });
    const ask = async (given: string) =>
      (await hub.api(await issuer.sign({ sub: 'zoe' }, { issuer: given }), 'GET', '/api/me')).status;

    expect(await ask(url)).to.equal(200);
    expect(await ask('https://issuer.example')).to.equal(401);
  });

  it('of an issuer that does not answer let nobody in, and disturb nobody', async () => {
    const issuer = await createIssuer();
    await using service = await serve((_request, response) => response.writeHead(500).end());
    await using hub = await startAccountsHub({ jwks: service.url });

    expect((await hub.api(await issuer.sign({ sub: 'zoe' }), 'GET', '/api/me')).status).to.equal(401);
    expect((await hub.api(hub.root, 'GET', '/api/me')).status).to.equal(200);
  });

  it('end their connections when they expire', async function () {
    this.timeout(120_000);
    const issuer = await createIssuer();
    const jwks = join(folder, 'short.json');
    writeFileSync(jwks, JSON.stringify(issuer.jwks));
    await using hub = await startAccountsHub({ jwks });
    const client = await hub.as(await issuer.sign({ sub: 'zoe' }, { expires: '12s' }));

    await ended(client);
  });
});

describe('the authentication hook', () => {
  it('is asked for who has no account of the hub, and for nobody else', async () => {
    const asked: { user: string; password: string; address: string }[] = [];
    await using service = await serve((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const question = JSON.parse(text) as (typeof asked)[number];
        asked.push(question);
        const { user } = question;
        if (user === 'down') return response.writeHead(500).end();
        if (user === 'away') return response.writeHead(302, { Location: '/elsewhere' }).end();
        if (user === 'liar') return response.end('{"user":"root","roles":["admin"]}');
        if (user === 'long') return response.end(' '.repeat(100_000));
        if (question.password !== 'the password') return response.writeHead(403).end();
        return response.end(user === 'zoe' ? '{"roles":["moderator"]}' : '');
      });
    });
    await using hub = await startAccountsHub({ authUrl: `${service.url}/check` });
    const enter = (username: string, password = 'the password') => hub.refused({ username, password });
    const login = (user: string) => hub.api(undefined, 'POST', '/api/login', { user, password: 'the password' });

    expect(await enter('zoe')).to.equal(undefined);
    expect(await enter('max')).to.equal(undefined);
    expect(await enter('zoe', 'another password')).to.equal(0x86);
    for (const user of ['down', 'away', 'liar', 'long']) expect(await enter(user), user).to.equal(0x86);
    expect((await login('zoe')).body.roles).to.deep.equal(['moderator']);
    const before = asked.length;
    expect(await enter('root', PASSWORD)).to.equal(undefined);
    expect(await enter('root', 'the password')).to.equal(0x86);

    expect(asked).to.have.length(before);
    expect(asked[0]).to.deep.equal({ user: 'zoe', password: 'the password', address: '127.0.0.1' });
  });
});

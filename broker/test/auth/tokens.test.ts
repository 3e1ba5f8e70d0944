import { expect } from 'chai';
import { SignJWT, UnsecuredJWT, decodeJwt, decodeProtectedHeader } from 'jose';
import { MemoryStore } from '../../src/store/memory.ts';
import { Accounts } from '../../src/auth/accounts.ts';
import { Passwords } from '../../src/auth/passwords.ts';
import { table } from '../../src/auth/tables.ts';
import type { KeyRow } from '../../src/auth/tables.ts';
import { Tokens } from '../../src/auth/tokens.ts';
import { startAccountsHub } from '../support/accounts.ts';

const DAY_MS = 24 * 3_600_000;

async function setUp() {
  const clock = { now: Date.now() };
  const store = new MemoryStore();
  const accounts = new Accounts(store, new Passwords(), () => clock.now);
  await accounts.add({ name: 'ana', kind: 'person' });
  await accounts.add({ name: 'ben', kind: 'person' });
  const tokens = new Tokens(accounts, () => clock.now);
  const keys = () =>
    [...store.range(table.keys)].map(({ key, value }) => Object.assign({ kid: String(key[0]) }, value as KeyRow));
  return { clock, store, accounts, tokens, keys };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signed(claims: object, header: object, key = new Uint8Array(32)): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', ...header }).sign(key);
}

describe('tokens', () => {
  it('that are forged let nobody in, over MQTT or HTTP', async () => {
    await using hub = await startAccountsHub();
    const real = await hub.person('ana');
    const [header, payload, signature] = real.split('.') as [string, string, string];
    const claims = decodeJwt(real);
    const { kid } = decodeProtectedHeader(real);
    const root = { ...claims, sub: 'root' };
    const forged: Record<string, string> = {
      'alg none': new UnsecuredJWT(root).encode(),
      'alg none with the signature': `${encode({ alg: 'none', kid })}.${payload}.${signature}`,
      'alg NONE': `${encode({ alg: 'NONE', kid })}.${encode(root)}.`,
      'another alg': `${encode({ alg: 'HS512', kid })}.${payload}.${signature}`,
      'another subject': `${header}.${encode(root)}.${signature}`,
      'a wrong key': await signed(root, { kid }),
      'an unknown key': await signed(root, { kid: 'unknown' }),
      'a key that is a path': await signed(root, { kid: '../../etc/passwd' }),
      'a key of the prototype': await signed(root, { kid: '__proto__' }),
      'no key': await signed(root, {}),
      'a key it brings itself': await signed(root, { jwk: { kty: 'oct', k: encode({}) }, kid }),
      'a signature cut off': `${header}.${payload}.${signature.slice(0, -1)}`,
      'no signature': `${header}.${payload}.`,
    };

    for (const [what, token] of Object.entries(forged)) {
      expect((await hub.api(token, 'GET', '/api/me')).status, what).to.equal(401);
      expect(await hub.refused({ username: '', password: token }), what).to.equal(0x86);
    }
    expect((await hub.api(real, 'GET', '/api/me')).status).to.equal(200);
  });

  it('of the right key are refused with another audience, issuer or no end, expired, or unknown to the store', async () => {
    const { tokens, keys, clock } = await setUp();
    const real = await tokens.signIn('ana');
    const [{ kid, secret }] = keys() as [KeyRow & { kid: string }];
    const claims = decodeJwt(real.token);
    const verify = async (changes: object) => {
      const token = await new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg: 'HS256', kid }).sign(secret);
      return tokens.verify(token);
    };

    expect(await verify({})).to.include({ name: 'ana' });
    expect(await verify({ aud: 'another' })).to.equal(undefined);
    expect(await verify({ iss: 'another' })).to.equal(undefined);
    expect(await verify({ exp: undefined })).to.equal(undefined);
    expect(await verify({ exp: Math.floor(clock.now / 1000) - 1 })).to.equal(undefined);
    expect(await verify({ sub: 'ben' })).to.equal(undefined);
    expect(await verify({ jti: 'made up' })).to.equal(undefined);
    expect(await verify({ ver: 0 })).to.equal(undefined);
  });

  it('cannot be replayed after they were revoked, refreshed, signed out everywhere, or a password was set', async () => {
    const { tokens, accounts } = await setUp();
    const one = await tokens.signIn('ana');
    await tokens.revoke('ana', one.id);
    expect(await tokens.verify(one.token)).to.equal(undefined);

    const two = await tokens.signIn('ana');
    await tokens.refresh((await tokens.verify(two.token))!);
    expect(await tokens.verify(two.token)).to.equal(undefined);

    const three = await tokens.access('ana', { days: 1 });
    await accounts.signOutEverywhere('ana');
    expect(await tokens.verify(three.token)).to.equal(undefined);

    const four = await tokens.signIn('ana');
    await accounts.setPassword('ana', 'a new password');
    expect(await tokens.verify(four.token)).to.equal(undefined);
    expect(tokens.list('ana')).to.deep.equal([]);
  });

  it('end when their time is up, and a sign-in cannot be refreshed for ever', async () => {
    const { tokens, clock } = await setUp();
    let { token } = await tokens.signIn('ana');
    let days = 0;
    for (; days < 200; days += 5) {
      clock.now += 5 * DAY_MS;
      const grant = await tokens.verify(token);
      if (!grant) break;
      ({ token } = await tokens.refresh(grant));
    }

    expect(days).to.be.within(80, 95);
    await tokens.sweep();
    expect(tokens.list('ana')).to.deep.equal([]);
  });

  it('are signed with a new key each month, and old keys go when nothing needs them', async () => {
    const { tokens, keys, clock } = await setUp();
    const year = await tokens.access('ana', { days: 365 });
    clock.now += 31 * DAY_MS;
    await tokens.signIn('ben');
    expect(keys()).to.have.length(2);
    expect(await tokens.verify(year.token)).to.include({ name: 'ana' });

    clock.now += 335 * DAY_MS;
    await tokens.signIn('ben');

    expect(keys()).to.have.length(1);
    expect(await tokens.verify(year.token)).to.equal(undefined);
  });

  it('are bounded per account: the oldest sign-in makes room, more kept ones are refused', async () => {
    const { tokens, clock } = await setUp();
    const first = await tokens.signIn('ana');
    for (let i = 0; i < 100; i++) {
      clock.now++;
      await tokens.signIn('ana');
    }
    for (let i = 0; i < 100; i++) await tokens.access('ben', { days: 1 });

    expect(tokens.list('ana')).to.have.length(100);
    expect(await tokens.verify(first.token)).to.equal(undefined);
    expect(await tokens.access('ben', { days: 1 }).catch((error: { code: string }) => error.code)).to.equal(
      'too-many-requests',
    );
  });

  it('do not make others: a token is no password to sign in with', async () => {
    await using hub = await startAccountsHub();
    const token = await hub.person('ana');

    const answer = await hub.api(undefined, 'POST', '/api/login', { user: 'ana', password: token });

    expect(answer.status).to.equal(401);
  });
});

import { expect } from 'chai';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { PASSWORD } from '../support/accounts.ts';
import { inParallel, tally } from './attack.ts';
import type { Attack } from './attack.ts';
import type { Target } from './target.ts';

/** How each way in answers a token. */
async function everyWayIn(target: Target, token: string): Promise<(number | string)[]> {
  const get = async (headers: Record<string, string>, path = '/api/me'): Promise<number> => {
    const answer = await fetch(target.httpUrl + path, { headers: { Connection: 'close', ...headers } });
    await answer.body?.cancel();
    return answer.status;
  };
  const basic = Buffer.from(`root:${token}`).toString('base64');
  const connected = async (options: object): Promise<string> => {
    try {
      await (await target.client(token, options)).endAsync(true);
      return 'let in';
    } catch {
      return 'refused';
    }
  };
  return Promise.all([
    get({ Authorization: `Bearer ${token}` }),
    get({ Authorization: `Basic ${basic}` }),
    get({ Cookie: `parley=${token}; __Host-parley=${token}` }),
    get({ Authorization: `Bearer ${token}` }, '/metrics'),
    get({ Authorization: `Bearer ${token}` }, '/api/subscribe?filter=%23'),
    get({}, `/api/me?access_token=${encodeURIComponent(token)}`),
    connected({}),
    connected({ protocolVersion: 4, username: 'root' }),
    connected({ protocol: 'ws', port: target.ports.http, path: '/mqtt' }),
  ]);
}

async function forgedTokens(target: Target) {
  const real = target.tokens.eve;
  const [header, payload, signature] = real.split('.') as [string, string, string];
  const root = { ...decodeJwt(real), sub: 'root' };
  const { kid } = decodeProtectedHeader(real);
  const sign = (claims: object, key: Uint8Array): Promise<string> =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', kid: kid! }).sign(key);
  const changed = Buffer.from(JSON.stringify(root)).toString('base64url');
  const forged = [
    new UnsecuredJWT(root).encode(),
    `${header}.${changed}.${signature}`,
    `${header}.${payload}.`,
    `${header}.${payload}.${signature.slice(0, -2)}`,
    await sign(root, new Uint8Array(32)),
    await sign({ ...root, exp: 1 }, new Uint8Array(32)),
    await sign({ ...root, aud: 'another' }, Buffer.from(real.slice(0, 32))),
    `${real}.${real}`,
    'a'.repeat(8000),
  ];
  const answers = (await Promise.all(forged.map((token) => everyWayIn(target, token)))).flat();
  expect(answers.filter((answer) => answer !== 401 && answer !== 'refused' && answer !== 429)).to.deep.equal([]);
  return { attempts: answers.length, outcome: tally(answers) };
}

async function replayedTokens(target: Target) {
  const { root } = target.tokens;
  await target.api(root, 'POST', '/api/accounts', { name: 'zoe', kind: 'person', password: PASSWORD });
  const made = await target.api(root, 'POST', '/api/accounts/zoe/tokens', {});
  const token = made.body.token as string;
  const before = await target.api(token, 'GET', '/api/me');
  await target.api(root, 'DELETE', `/api/accounts/zoe/tokens/${made.body.id as string}`);
  const answers = await everyWayIn(target, token);
  await target.api(root, 'DELETE', '/api/accounts/zoe');
  await target.api(root, 'POST', '/api/accounts', { name: 'zoe', kind: 'person', password: PASSWORD });
  answers.push(...(await everyWayIn(target, token)));
  expect(before.status).to.equal(200);
  expect(answers.filter((answer) => answer !== 401 && answer !== 'refused' && answer !== 429)).to.deep.equal([]);
  return { attempts: answers.length, outcome: tally(answers) };
}

async function guessing(target: Target) {
  const answers: (number | string)[] = [];
  await inParallel(Array(200).keys(), 20, async (index) => {
    const user = ['root', 'ana', `nobody-${index}`][index % 3]!;
    const body = { user, password: `guess number ${index}` };
    if (index % 5 > 0) answers.push((await target.api(undefined, 'POST', '/api/login', body)).status);
    else {
      const refused = await target.client(body.password, { username: user, protocolVersion: 5 }).then(
        () => 'let in',
        (error: { code?: number }) => error.code,
      );
      answers.push(`CONNACK ${refused}`);
    }
  });
  expect(answers).not.to.include(200).and.not.to.include('CONNACK let in');
  // Slowed down: by far most are not even tried.
  expect(answers.filter((answer) => answer === 401 || answer === 'CONNACK 134').length).to.be.below(60);
  // Who has a token is not kept out by guesses at their name.
  expect((await target.api(target.tokens.ana, 'GET', '/api/me')).status).to.equal(200);
  return { attempts: answers.length, outcome: tally(answers) };
}

/** Each kind of forgery by itself, with the right key too, is in broker/test/auth/tokens.test.ts. */
export const credentialAttacks: readonly Attack[] = [
  { name: 'forged tokens by every way in', run: forgedTokens },
  { name: 'replayed tokens by every way in', run: replayedTokens },
  { name: 'guessing passwords', run: guessing },
];

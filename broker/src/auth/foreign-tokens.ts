import { readFileSync } from 'node:fs';
import { ParleyError } from '@parley/shared';
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose';
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from 'jose';
import type { Log } from '../log.ts';
import type { HubOptions } from '../options/table.ts';
import type { Foreigner } from './foreigners.ts';

/** Signed with a private key that only the issuer has; a shared secret would let the hub's keys be confused with it. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** What a token must be meant for, when `publicUrl` says nothing else. */
const AUDIENCE = 'parley';

const TIMEOUT_MS = 5000;
/** After a failure an issuer is left alone for this long. */
const COOLDOWN_MS = 30_000;

interface Source {
  readonly keys: JWTVerifyGetKey;
  /** Set when the option names an issuer, and then its tokens alone are taken. */
  readonly issuer?: string;
}

/** Tokens of another issuer: a file of keys (RFC 7517), a URL of one, or an issuer that says where its keys are. */
export class ForeignTokens {
  readonly #where: string;
  readonly #audience: string[];
  readonly #log: Log;
  #source: Promise<Source> | undefined;
  #failedAt = -Infinity;

  /** @throws ParleyError `option-invalid` for a file that is no key set */
  constructor(jwks: string, { publicUrl }: Pick<HubOptions, 'publicUrl'>, log: Log) {
    this.#where = jwks;
    this.#audience = publicUrl === undefined ? [AUDIENCE] : [AUDIENCE, publicUrl];
    this.#log = log;
    if (!isUrl(jwks)) this.#source = Promise.resolve({ keys: readKeys(jwks) });
  }

  /** Who a token is of, or undefined when it is not valid. */
  async verify(token: string): Promise<(Foreigner & { readonly expiresAt: number }) | undefined> {
    try {
      const { keys, issuer } = await this.#open();
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ALGORITHMS,
        audience: this.#audience,
        requiredClaims: ['exp', 'sub'],
        ...(issuer !== undefined && { issuer }),
      });
      return { ...describe(payload), expiresAt: payload.exp! * 1000 };
    } catch (error) {
      this.#log.debug({ event: 'token.refused' }, (error as Error).message);
      return undefined;
    }
  }

  #open(): Promise<Source> {
    if (this.#source) return this.#source;
    if (Date.now() - this.#failedAt < COOLDOWN_MS) throw new Error('the issuer could not be asked a moment ago');
    const source = openRemote(this.#where);
    this.#source = source;
    source.catch((error: Error) => {
      this.#source = undefined;
      this.#failedAt = Date.now();
      this.#log.warn({ event: 'jwks.unavailable', url: this.#where }, error.message);
    });
    return source;
  }
}

function isUrl(text: string): boolean {
  return /^https?:\/\//.test(text);
}

function readKeys(file: string): JWTVerifyGetKey {
  try {
    return createLocalJWKSet(JSON.parse(readFileSync(file, 'utf8')) as JSONWebKeySet);
  } catch (cause) {
    throw new ParleyError('option-invalid', `jwks ${file}: ${(cause as Error).message}`, { cause });
  }
}

/** A URL that ends in `.json` is the keys; any other is an issuer (OpenID Connect Discovery 1.0 §4). */
async function openRemote(where: string): Promise<Source> {
  const options = { timeoutDuration: TIMEOUT_MS, cooldownDuration: COOLDOWN_MS };
  if (new URL(where).pathname.endsWith('.json')) return { keys: createRemoteJWKSet(new URL(where), options) };
  const answer = await fetch(`${where.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  });
  if (!answer.ok) throw new Error(`the issuer answered ${answer.status}`);
  const { issuer, jwks_uri: uri } = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (issuer !== where || typeof uri !== 'string') throw new Error('the issuer calls itself something else');
  return { keys: createRemoteJWKSet(new URL(uri), options), issuer };
}

function describe({ sub, preferred_username: preferred, roles }: JWTPayload): Foreigner {
  const name = typeof preferred === 'string' ? preferred : sub!;
  return { name, roles: Array.isArray(roles) ? roles.map(String) : [] };
}

import { randomBytes } from 'node:crypto';
import { ParleyError } from '@parley/shared';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import type { Accounts, IssuedToken } from './accounts.ts';
import type { Grant } from './grant.ts';
import { Keys } from './keys.ts';
import { table } from './tables.ts';
import type { TokenRow } from './tables.ts';
import { write } from './write.ts';

/** The one algorithm tokens are made and taken with (RFC 8725 §3.1): nobody but the hub verifies them. */
const ALGORITHM = 'HS256';
const ISSUER = 'parley';
const AUDIENCE = 'parley';

const DAY_MS = 24 * 3_600_000;
/** A sign-in is good for this long, and for as long again whenever it is refreshed… */
const SESSION_MS = 7 * DAY_MS;
/** …but no longer than this after the password was given. */
const SIGNED_IN_MS = 90 * DAY_MS;

/** Sign-ins one account may have; the oldest is ended by the next. */
const SESSIONS = 100;
const ACCESS_TOKENS = 100;

export interface AccessOptions {
  readonly label?: string | undefined;
  readonly channels?: readonly string[] | undefined;
  /** How long it is good for. */
  readonly days: number;
}

export interface Issued {
  readonly token: string;
  readonly id: string;
  readonly expiresAt: number;
}

/** Tokens: signed, and each with a row in the store, without which it is nothing. */
export class Tokens {
  readonly #accounts: Accounts;
  readonly #keys: Keys;
  readonly #now: () => number;

  constructor(accounts: Accounts, now: () => number = Date.now) {
    this.#accounts = accounts;
    this.#keys = new Keys(accounts.store, now);
    this.#now = now;
  }

  /** For a sign-in with a password. @throws ParleyError `not-found`, `not-stored` */
  signIn(name: string): Promise<Issued> {
    const now = this.#now();
    return this.#accounts.turns.take(() => {
      const sessions = this.list(name).filter(({ kind }) => kind === 'session');
      const surplus = sessions.toSorted((a, b) => b.signedInAt - a.signedInAt).slice(SESSIONS - 1);
      const row: TokenRow = { kind: 'session', createdAt: now, signedInAt: now, expiresAt: now + SESSION_MS };
      return this.#issue(
        name,
        row,
        surplus.map(({ id }) => id),
      );
    });
  }

  /** Another token for the same sign-in; the one given ends. @throws ParleyError `unauthenticated` */
  refresh({ name, token }: Grant): Promise<Issued> {
    const now = this.#now();
    return this.#accounts.turns.take(() => {
      const row = token === undefined ? undefined : this.#row(name, token);
      const limit = (row?.signedInAt ?? 0) + SIGNED_IN_MS;
      if (row?.kind !== 'session' || limit <= now) throw new ParleyError('unauthenticated', 'sign in again');
      return this.#issue(name, { ...row, createdAt: now, expiresAt: Math.min(now + SESSION_MS, limit) }, [token!]);
    });
  }

  /** For a bot or a device, to be kept there. @throws ParleyError `not-found`, `too-many-requests`, `not-stored` */
  access(name: string, { days, ...row }: AccessOptions): Promise<Issued> {
    const now = this.#now();
    return this.#accounts.turns.take(() => {
      const held = this.list(name).filter(({ kind }) => kind === 'access').length;
      if (held >= ACCESS_TOKENS) throw new ParleyError('too-many-requests', `${name} has ${held} tokens already`);
      return this.#issue(name, {
        kind: 'access',
        createdAt: now,
        signedInAt: now,
        ...row,
        expiresAt: now + days * DAY_MS,
      });
    });
  }

  list(name: string): IssuedToken[] {
    const rows = [...this.#accounts.store.range(table.tokens, { prefix: [name] })];
    return rows.map(({ key, value }) => Object.assign({ id: String(key[1]) }, value as TokenRow));
  }

  /** @throws ParleyError `not-found` */
  revoke(name: string, id: string): Promise<void> {
    return this.#accounts.change(async () => {
      if (!this.#row(name, id)) throw new ParleyError('not-found', `${name} has no token ${id.slice(0, 80)}`);
      await write(this.#accounts.store, (stage) => stage.remove(table.tokens, [name, id]));
    });
  }

  /** Removes rows of tokens that have expired. */
  sweep(): Promise<void> {
    return this.#accounts.turns.take(async () => {
      const now = this.#now();
      const { store } = this.#accounts;
      const expired = [...store.range(table.tokens)].filter(({ value }) => (value as TokenRow).expiresAt <= now);
      if (expired.length === 0) return;
      await write(store, (stage) => expired.forEach(({ key }) => stage.remove(table.tokens, key)));
    });
  }

  /** What a token lets in, or undefined when it is none, not ours, expired or revoked. */
  async verify(token: string): Promise<Grant | undefined> {
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.#keyOf(kid), {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'jti', 'sub'],
        currentDate: new Date(this.#now()),
      });
      return this.#grantOf(payload);
    } catch {
      return undefined;
    }
  }

  #keyOf(kid: string | undefined): Uint8Array {
    const secret = kid !== undefined && /^[\w-]{1,32}$/.test(kid) ? this.#keys.get(kid) : undefined;
    if (secret) return secret;
    throw new Error('unknown key');
  }

  #grantOf({ sub, jti, exp, ver }: JWTPayload): Grant | undefined {
    const row = this.#row(sub!, jti!);
    if (!row) return undefined;
    const channels = row.channels && new Set(row.channels);
    const kind = row.kind === 'session' ? { session: true } : {};
    const grant: Grant = { name: sub!, version: ver as number, token: jti!, channels, expiresAt: exp! * 1000, ...kind };
    return this.#accounts.isLive(grant) ? grant : undefined;
  }

  #row(name: string, id: string): TokenRow | undefined {
    return this.#accounts.store.get(table.tokens, [name, id]) as TokenRow | undefined;
  }

  async #issue(name: string, row: TokenRow, ended: readonly string[] = []): Promise<Issued> {
    const { version } = this.#accounts.rowOf(name);
    const id = randomBytes(9).toString('base64url');
    const expiresAt = Math.floor(row.expiresAt / 1000) * 1000;
    const { kid, secret } = await this.#keys.sign(expiresAt);
    const token = await new SignJWT({ ver: version })
      .setProtectedHeader({ alg: ALGORITHM, kid })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(name)
      .setJti(id)
      .setExpirationTime(expiresAt / 1000)
      .sign(secret);
    await write(this.#accounts.store, (stage) => {
      stage.put(table.tokens, [name, id], { ...row, expiresAt });
      for (const one of ended) stage.remove(table.tokens, [name, one]);
    });
    if (ended.length > 0) this.#accounts.changed();
    return { token, id, expiresAt };
  }
}

/** Whether a password looks like a token of any issuer: three parts, the first of them a JSON header with `alg`. */
export function looksLikeToken(text: string): boolean {
  if (text.length > 8192 || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return false;
  try {
    return typeof decodeProtectedHeader(text).alg === 'string';
  } catch {
    return false;
  }
}

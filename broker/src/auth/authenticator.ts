import { ParleyError } from '@parley/shared';
import type { AuthHook } from './auth-hook.ts';
import type { ForeignTokens } from './foreign-tokens.ts';
import type { Foreigners } from './foreigners.ts';
import type { Accounts } from './accounts.ts';
import type { Attempts } from './attempts.ts';
import type { Audit } from './audit.ts';
import type { Grant } from './grant.ts';
import { claimedName } from './identity.ts';
import type { Passwords } from './passwords.ts';
import { looksLikeToken } from './tokens.ts';
import type { Tokens } from './tokens.ts';

export interface Credentials {
  /** Undefined or empty: the token says who. */
  readonly user?: string | undefined;
  /** A password or a token. */
  readonly password: string;
  readonly address: string;
}

export interface AuthenticatorContext {
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly attempts: Attempts;
  readonly audit: Audit;
  /** Those whom others vouch for, and who may vouch. */
  readonly foreigners: Foreigners;
  readonly foreignTokens?: ForeignTokens | undefined;
  readonly hook?: AuthHook | undefined;
}

/** One answer for all: what was wrong is nobody's business. */
function denied(): ParleyError {
  return new ParleyError('unauthenticated', 'the name or password is wrong, or the token is not valid');
}

/** Finds out who somebody is, in the same way for MQTT and HTTP. */
export class Authenticator {
  readonly #context: AuthenticatorContext;
  /** Checks on their way, by keyed hash of what is checked. */
  readonly #checking = new Map<string, Promise<Grant>>();

  constructor(context: AuthenticatorContext) {
    this.#context = context;
  }

  /**
   * By password or by token.
   * @throws ParleyError `unauthenticated`, `too-many-attempts`, `too-many-requests`, `name-invalid`
   */
  async check({ user, password, address }: Credentials): Promise<Grant> {
    const name = user === undefined || user === '' ? undefined : claimedName(user);
    if (looksLikeToken(password)) {
      const grant = await this.token(password);
      if (name === undefined || grant.name === name) return grant;
      throw denied();
    }
    if (name === undefined) throw denied();
    return this.signIn(name, password, address);
  }

  /** A token cannot be guessed, so a wrong one is just refused. @throws ParleyError `unauthenticated` */
  async token(token: string): Promise<Grant> {
    const { tokens, foreignTokens, foreigners } = this.#context;
    const grant = await tokens.verify(token);
    if (grant) return grant;
    const foreigner = await foreignTokens?.verify(token);
    if (!foreigner) throw denied();
    return { ...(await foreigners.welcome(foreigner)), expiresAt: foreigner.expiresAt };
  }

  /** The token of a cookie, for a connection that may also say a name. @throws ParleyError `unauthenticated` */
  async cookie(token: string, user: string | undefined): Promise<Grant> {
    const grant = await this.token(token);
    if (user === undefined || user === '' || claimedName(user) === grant.name) return grant;
    throw denied();
  }

  /** A TLS certificate that the hub's own authority signed. @throws ParleyError `unauthenticated` */
  certificate(commonName: string, user: string | undefined): Grant {
    const name = claimedName(commonName);
    const row = this.#context.accounts.row(name);
    if (!row || (user !== undefined && user !== '' && claimedName(user) !== name)) throw denied();
    return { name, version: row.version };
  }

  /**
   * By password alone: a token must not make another one.
   * @throws ParleyError `unauthenticated`, `too-many-attempts`, `too-many-requests`, `name-invalid`
   */
  async signIn(user: string, password: string, address: string): Promise<Grant> {
    const name = claimedName(user);
    const { accounts, passwords } = this.#context;
    const row = accounts.row(name);
    if (passwords.isRemembered(name, password, row?.password)) return { name, version: row!.version };
    // Many clients of one name may come at once, as after a restart: the same password is checked once for all of them.
    const key = passwords.keyOf(name, password, address);
    const known = this.#checking.get(key);
    if (known) return known;
    const checking = this.#try(name, password, address).finally(() => this.#checking.delete(key));
    this.#checking.set(key, checking);
    return checking;
  }

  async #try(name: string, password: string, address: string): Promise<Grant> {
    const { accounts, passwords, attempts, audit } = this.#context;
    attempts.begin(name, address);
    const row = accounts.row(name);
    // An account of the hub's own is not for others to vouch for.
    const foreigner = !row || row.external ? await this.#context.hook?.check(name, password, address) : undefined;
    if (foreigner || (await passwords.check(name, password, row?.password))) {
      attempts.succeeded(name, address);
      return foreigner ? this.#context.foreigners.welcome(foreigner) : { name, version: row!.version };
    }
    audit.note({ event: 'sign-in.failed', by: name, address });
    throw denied();
  }
}

import type { Log } from '../log.ts';
import type { HubOptions } from '../options/table.ts';
import type { Scope } from '../scope.ts';
import type { Store } from '../store/store.ts';
import { Accounts } from './accounts.ts';
import { Attempts } from './attempts.ts';
import { Audit } from './audit.ts';
import { AuthHook } from './auth-hook.ts';
import { Authenticator } from './authenticator.ts';
import { ForeignTokens } from './foreign-tokens.ts';
import { Foreigners } from './foreigners.ts';
import { Invites } from './invites.ts';
import { Passwords } from './passwords.ts';
import { Policy } from './policy.ts';
import type { Members } from './policy.ts';
import { readRoles } from './rules.ts';
import type { Roles } from './rules.ts';
import { Tokens } from './tokens.ts';

const SWEEP_MS = 60 * 60_000;

type AuthOptions = Pick<HubOptions, 'auth' | 'rightsFile' | 'jwks' | 'authUrl' | 'publicUrl'>;

export type AuthParts = Pick<Auth, 'accounts' | 'tokens' | 'invites' | 'audit' | 'authenticator'>;

/** Everything about accounts, the parts together. */
export class Auth {
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly invites: Invites;
  readonly audit: Audit;
  readonly authenticator: Authenticator;
  readonly #enabled: boolean;
  readonly #rightsFile: string | undefined;
  #roles: Roles;
  #policy: Policy | undefined;

  /** @throws ParleyError `option-invalid` for a rights file that is wrong */
  constructor(store: Store, { auth, rightsFile, jwks, authUrl, publicUrl }: AuthOptions, log: Log) {
    const passwords = new Passwords();
    this.#enabled = auth === 'accounts';
    this.#rightsFile = rightsFile;
    this.#roles = readRoles(rightsFile);
    this.accounts = new Accounts(store, passwords);
    this.tokens = new Tokens(this.accounts);
    this.invites = new Invites(this.accounts);
    this.audit = new Audit(store, log);
    const { accounts, tokens, audit } = this;
    this.authenticator = new Authenticator({
      accounts,
      tokens,
      passwords,
      audit,
      attempts: new Attempts(),
      foreigners: new Foreigners(accounts, () => this.#roles),
      foreignTokens: jwks === undefined ? undefined : new ForeignTokens(jwks, { publicUrl }, log),
      hook: authUrl === undefined ? undefined : new AuthHook(authUrl, log),
    });
  }

  /** Whether names have to be proved: `auth: accounts`. */
  get enabled(): boolean {
    return this.#enabled;
  }

  /** What HTTP, MQTT and commands work with. */
  get parts(): AuthParts {
    const { accounts, tokens, invites, audit, authenticator } = this;
    return { accounts, tokens, invites, audit, authenticator };
  }

  get roles(): Roles {
    return this.#roles;
  }

  /** What roles allow; undefined with `auth: open`, where there are none. */
  policy(members: Members): Policy | undefined {
    if (this.#enabled) this.#policy = new Policy(this.accounts, members, this.#roles);
    return this.#policy;
  }

  /** Reads the rights file anew; what was decided by the old one is decided anew. @throws ParleyError `option-invalid` */
  reloadRoles(): void {
    this.#roles = readRoles(this.#rightsFile);
    this.#policy?.replace(this.#roles);
    this.accounts.changed();
  }

  /** Removes what has expired, from time to time. */
  start(scope: Scope): void {
    const timer = setInterval(() => void this.tokens.sweep().catch(() => undefined), SWEEP_MS).unref();
    scope.defer(() => clearInterval(timer));
  }
}

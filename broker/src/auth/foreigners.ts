import { ParleyError } from '@parley/shared';
import { defaultRoles } from './accounts.ts';
import type { Accounts } from './accounts.ts';
import { claimedName } from './identity.ts';
import type { Roles } from './rules.ts';
import type { AccountRow } from './tables.ts';

/** Somebody whom a foreign issuer or hook vouches for. */
export interface Foreigner {
  readonly name: string;
  /** Roles it gives; those that are none here do not count, and without any they are a member. */
  readonly roles: readonly string[];
}

/** Accounts of those whom others vouch for. Nobody gets into an account of the hub's own this way. */
export class Foreigners {
  readonly #accounts: Accounts;
  readonly #roles: () => Roles;

  constructor(accounts: Accounts, roles: () => Roles) {
    this.#accounts = accounts;
    this.#roles = roles;
  }

  /**
   * The account of somebody, made when they come for the first time, with the roles that they have now.
   * @throws ParleyError `unauthenticated` when the name is of an account of the hub's own, `name-invalid`
   */
  async welcome({ name: claimed, roles: given }: Foreigner): Promise<{ name: string; version: number }> {
    const name = claimedName(claimed);
    const roles = this.#rolesOf(given);
    const row = this.#accounts.row(name) ?? (await this.#make(name, roles));
    if (!row.external) throw new ParleyError('unauthenticated', `${name} is an account of the hub itself`);
    if (roles.join() !== row.roles.join()) await this.#accounts.setRoles(name, roles);
    return { name, version: row.version };
  }

  #rolesOf(given: readonly string[]): readonly string[] {
    const { names } = this.#roles();
    const known = given.filter((role) => names.includes(role));
    return known.length === 0 ? defaultRoles.person : [...new Set(known)];
  }

  /** Two may come at once: the second finds what the first made. */
  async #make(name: string, roles: readonly string[]): Promise<AccountRow> {
    const kind = roles.includes('device') ? 'device' : 'person';
    await this.#accounts.add({ name, kind, roles, external: true }).catch((error: ParleyError) => {
      if (error.code !== 'account-exists') throw error;
    });
    return this.#accounts.rowOf(name);
  }
}

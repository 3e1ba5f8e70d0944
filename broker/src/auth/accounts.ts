import { isName, ParleyError } from '@parley/shared';
import type { Store } from '../store/store.ts';
import type { TableStage } from '../store/table.ts';
import type { Grant } from './grant.ts';
import { isGuest } from './identity.ts';
import type { Passwords } from './passwords.ts';
import { table } from './tables.ts';
import type { AccountKind, AccountRow, RemovedRow, TokenRow } from './tables.ts';
import { Turns, write } from './write.ts';

export interface Account {
  readonly name: string;
  readonly kind: AccountKind;
  readonly roles: readonly string[];
  readonly createdAt: number;
  readonly hasPassword: boolean;
  readonly external: boolean;
}

export interface NewAccount {
  readonly name: string;
  readonly kind: AccountKind;
  readonly roles?: readonly string[] | undefined;
  readonly password?: string | undefined;
  readonly external?: boolean | undefined;
}

export const defaultRoles: Readonly<Record<AccountKind, readonly string[]>> = {
  person: ['member'],
  device: ['device'],
};

/** The role that may not be without anybody. */
export const ADMIN = 'admin';

/** People and devices, in the store. Rows are read when asked for; changes follow one another. */
export class Accounts {
  /** Grows with every change of who is who, so that whatever was decided by it is decided anew. */
  version = 0;
  readonly store: Store;
  readonly turns = new Turns();
  readonly #passwords: Passwords;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();

  constructor(store: Store, passwords: Passwords, now: () => number = Date.now) {
    this.store = store;
    this.#passwords = passwords;
    this.#now = now;
  }

  get empty(): boolean {
    for (const _row of this.store.range(table.accounts, { limit: 1 })) return false;
    return true;
  }

  row(name: string): AccountRow | undefined {
    return this.store.get(table.accounts, [name]) as AccountRow | undefined;
  }

  get(name: string): Account | undefined {
    const row = this.row(name);
    return row && describe(name, row);
  }

  list(kind?: AccountKind): Account[] {
    const all = [...this.store.range(table.accounts)];
    const accounts = all.map(({ key, value }) => describe(String(key[0]), value as AccountRow));
    return kind === undefined ? accounts : accounts.filter((one) => one.kind === kind);
  }

  /** Called after each change that may end what somebody was let in by. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether what somebody was let in by still holds. */
  isLive({ name, version, token, expiresAt }: Grant): boolean {
    if (expiresAt !== undefined && expiresAt <= this.#now()) return false;
    if (this.row(name)?.version !== version) return false;
    return token === undefined || this.store.get(table.tokens, [name, token]) !== undefined;
  }

  /**
   * @param more stages rows of the same commit; what it throws refuses
   * @throws ParleyError `name-invalid`, `account-exists`, `request-invalid`, `not-stored`
   */
  async add(
    { name, kind, roles = defaultRoles[kind], password, external }: NewAccount,
    more?: (stage: TableStage) => void,
  ): Promise<Account> {
    checkAccountName(name);
    const hashed = password === undefined ? undefined : await this.#passwords.hash(name, password);
    return this.change(async () => {
      if (this.row(name)) throw new ParleyError('account-exists', `there is an account ${name} already`);
      const createdAt = this.#now();
      // A later account of a name must not make what was issued to an earlier one valid again.
      const row: AccountRow = { kind, roles, password: hashed, version: createdAt, createdAt, external };
      await write(this.store, (stage) => {
        more?.(stage);
        stage.put(table.accounts, [name], row);
      });
      return describe(name, row);
    });
  }

  /** Removes an account with all that was issued to it; its sessions are for a hub to end. @throws ParleyError `not-found`, `request-invalid` */
  remove(name: string): Promise<void> {
    return this.change(async () => {
      this.checkNotLastAdmin(name, []);
      await write(this.store, (stage) => {
        stage.remove(table.accounts, [name]);
        stage.put(table.removed, [name], { at: this.#now() } satisfies RemovedRow);
        this.#stageTokens(name, stage);
      });
    });
  }

  /** Names that were removed, also while no hub ran, and whose sessions may be there still. */
  removed(): ReadonlySet<string> {
    return new Set([...this.store.range(table.removed)].map(({ key }) => String(key[0])));
  }

  /** Their sessions are ended. @throws ParleyError `not-stored` */
  forget(removed: Iterable<string>): Promise<void> {
    return write(this.store, (stage) => {
      for (const name of removed) stage.remove(table.removed, [name]);
    });
  }

  /** Sets the password and ends everything signed in before. @throws ParleyError `not-found`, `request-invalid` */
  async setPassword(name: string, password: string): Promise<void> {
    const hashed = await this.#passwords.hash(name, password);
    await this.#end(name, { password: hashed });
  }

  /** Ends everything that was signed in or issued to somebody. @throws ParleyError `not-found` */
  signOutEverywhere(name: string): Promise<void> {
    return this.#end(name, {});
  }

  /** @throws ParleyError `not-found`; `request-invalid` when no administrator would be left */
  setRoles(name: string, roles: readonly string[]): Promise<Account> {
    return this.change(async () => {
      const before = this.checkNotLastAdmin(name, roles);
      const row: AccountRow = { ...before, roles };
      await write(this.store, (stage) => stage.put(table.accounts, [name], row));
      return describe(name, row);
    });
  }

  /** A change in its turn; what depended on what was before is told. */
  change<Result>(change: () => Promise<Result>): Promise<Result> {
    return this.turns.take(async () => {
      try {
        return await change();
      } finally {
        this.changed();
      }
    });
  }

  /** Something was changed. */
  changed(): void {
    this.version++;
    for (const listener of this.#listeners) listener();
  }

  /** @throws ParleyError `not-found`, `request-invalid` */
  checkNotLastAdmin(name: string, roles: readonly string[]): AccountRow {
    const row = this.rowOf(name);
    const others = this.list('person').filter((one) => one.name !== name && one.roles.includes(ADMIN));
    if (row.roles.includes(ADMIN) && !roles.includes(ADMIN) && others.length === 0) {
      throw new ParleyError('request-invalid', `${name} is the last administrator`);
    }
    return row;
  }

  /** @throws ParleyError `not-found` */
  rowOf(name: string): AccountRow {
    const row = this.row(name);
    if (row) return row;
    throw new ParleyError('not-found', `there is no account ${name.slice(0, 80)}`);
  }

  #end(name: string, changes: Partial<AccountRow>): Promise<void> {
    return this.change(async () => {
      const row = this.rowOf(name);
      await write(this.store, (stage) => {
        stage.put(table.accounts, [name], { ...row, ...changes, version: row.version + 1 });
        this.#stageTokens(name, stage);
      });
    });
  }

  #stageTokens(name: string, stage: TableStage): void {
    for (const { key } of this.store.range(table.tokens, { prefix: [name] })) stage.remove(table.tokens, key);
  }
}

/** @throws ParleyError `name-invalid` */
function checkAccountName(name: string): void {
  if (isName(name) && name !== 'hub' && !isGuest(name)) return;
  throw new ParleyError(
    'name-invalid',
    `${JSON.stringify(name.slice(0, 80))} cannot be an account: 1 to 64 of a-z 0-9 _ -, not hub or guest`,
  );
}

function describe(name: string, { kind, roles, createdAt, password, external = false }: AccountRow): Account {
  return { name, kind, roles, createdAt, hasPassword: password !== undefined, external };
}

/** A token as it can be shown: all but the token itself. */
export interface IssuedToken extends TokenRow {
  readonly id: string;
}

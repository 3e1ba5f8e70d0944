import { createHash, randomBytes } from 'node:crypto';
import { ParleyError } from '@parley/shared';
import { ADMIN } from './accounts.ts';
import type { Account, Accounts } from './accounts.ts';
import { table } from './tables.ts';
import type { InviteRow } from './tables.ts';
import { write } from './write.ts';

const DAY_MS = 24 * 3_600_000;
/** Invites open at once. */
const OPEN = 1000;

/** `by` of the invite that a hub without accounts prints. */
const FIRST = 'hub';

export interface Invite {
  /** Tells it from others; it opens nothing. */
  readonly id: string;
  readonly roles: readonly string[];
  readonly user?: string | undefined;
  readonly by: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface InviteOptions {
  readonly roles: readonly string[];
  readonly user?: string | undefined;
  readonly days: number;
}

export interface Acceptance {
  readonly code: string;
  readonly user: string;
  readonly password: string;
}

/** One-time invites. The store keeps hashes of their codes, so whoever reads it or a backup cannot use them. */
export class Invites {
  readonly #accounts: Accounts;
  readonly #now: () => number;

  constructor(accounts: Accounts, now: () => number = Date.now) {
    this.#accounts = accounts;
    this.#now = now;
  }

  /** The code is given once. @throws ParleyError `account-exists`, `too-many-requests` */
  create({ roles, user, days }: InviteOptions, by: string): Promise<{ code: string; invite: Invite }> {
    return this.#accounts.turns.take(() => {
      if (user !== undefined && this.#accounts.row(user)) {
        throw new ParleyError('account-exists', `there is an account ${user} already`);
      }
      if (this.list().length >= OPEN) throw new ParleyError('too-many-requests', `${OPEN} invites are open`);
      return this.#put({ roles, user, by, createdAt: this.#now(), expiresAt: this.#now() + days * DAY_MS });
    });
  }

  /** For a hub without accounts: its first administrator. The one that was printed before is void. */
  first(): Promise<string | undefined> {
    return this.#accounts.turns.take(async () => {
      if (!this.#accounts.empty) return undefined;
      const old = this.#rows().filter(({ row }) => row.by === FIRST);
      const now = this.#now();
      const made = await this.#put({ roles: [ADMIN], by: FIRST, createdAt: now, expiresAt: now + DAY_MS }, old);
      return made.code;
    });
  }

  list(): Invite[] {
    const now = this.#now();
    return this.#rows()
      .filter(({ row }) => row.expiresAt > now)
      .map(({ hash, row }) => describe(hash, row));
  }

  /** @throws ParleyError `invite-invalid` */
  lookUp(code: string): Invite {
    const hash = hashOf(code);
    const row = this.#accounts.store.get(table.invites, [hash]) as InviteRow | undefined;
    if (row && row.expiresAt > this.#now()) return describe(hash, row);
    throw new ParleyError('invite-invalid', 'this invite was used, has expired or never was one');
  }

  /**
   * Makes the account; the invite is used up with it.
   * @throws ParleyError `invite-invalid`, `account-exists`, `name-invalid`, `request-invalid`
   */
  async accept({ code, user, password }: Acceptance): Promise<Account> {
    const { roles, user: named } = this.lookUp(code);
    if (named !== undefined && named !== user) throw new ParleyError('invite-invalid', `this invite is for ${named}`);
    const account = await this.#accounts.add({ name: user, kind: 'person', roles, password }, (stage) => {
      // Two may accept at once: the one whose turn is later finds it gone.
      this.lookUp(code);
      stage.remove(table.invites, [hashOf(code)]);
    });
    return account;
  }

  /** @throws ParleyError `not-found` */
  revoke(id: string): Promise<void> {
    return this.#accounts.turns.take(async () => {
      const found = this.#rows().find(({ hash }) => idOf(hash) === id);
      if (!found) throw new ParleyError('not-found', `there is no invite ${id.slice(0, 80)}`);
      await write(this.#accounts.store, (stage) => stage.remove(table.invites, [found.hash]));
    });
  }

  #rows(): { hash: string; row: InviteRow }[] {
    const rows = [...this.#accounts.store.range(table.invites)];
    return rows.map(({ key, value }) => ({ hash: String(key[0]), row: value as InviteRow }));
  }

  async #put(row: InviteRow, replaced: readonly { hash: string }[] = []): Promise<{ code: string; invite: Invite }> {
    const code = randomBytes(18).toString('base64url');
    const expired = this.#rows().filter((one) => one.row.expiresAt <= this.#now());
    await write(this.#accounts.store, (stage) => {
      for (const { hash } of [...replaced, ...expired]) stage.remove(table.invites, [hash]);
      stage.put(table.invites, [hashOf(code)], row);
    });
    return { code, invite: describe(hashOf(code), row) };
  }
}

function describe(hash: string, row: InviteRow): Invite {
  return { id: idOf(hash), ...row };
}

/** A code has 144 random bits: a fast hash is enough. */
function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('base64url');
}

function idOf(hash: string): string {
  return hash.slice(0, 12);
}

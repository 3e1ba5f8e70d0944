/** Tables of accounts. Names of people and devices share one namespace (PRODUCT.md §3). */
export const table = {
  /** `[name]` → {@link AccountRow}. */
  accounts: 'auth.accounts',
  /** `[name, id]` → {@link TokenRow}: what was issued and not revoked. */
  tokens: 'auth.tokens',
  /** `[kid]` → {@link KeyRow}. */
  keys: 'auth.keys',
  /** `[hash of its code]` → {@link InviteRow}. */
  invites: 'auth.invites',
  /** `[name]` → {@link RemovedRow}: accounts whose sessions have not been ended yet. */
  removed: 'auth.removed',
  /** `[at, number]` → {@link AuditRow}. */
  audit: 'auth.audit',
} as const;

export type AccountKind = 'person' | 'device';

// Type aliases, as rows are JSON and an interface might get more members.

export type AccountRow = {
  readonly kind: AccountKind;
  readonly roles: readonly string[];
  /** PHC string of argon2id; without one only tokens and certificates sign in. */
  readonly password?: string | undefined;
  /** Grows when everything that was signed in or issued before shall end. */
  readonly version: number;
  readonly createdAt: number;
  /** Vouched for by a foreign issuer or hook, which settles its roles. */
  readonly external?: boolean | undefined;
};

export type TokenRow = {
  /** `session`: of a sign-in; `access`: made to be kept, for a bot or device. */
  readonly kind: 'session' | 'access';
  readonly createdAt: number;
  /** ms since the Unix epoch. */
  readonly expiresAt: number;
  /** When its sign-in was; what is refreshed from it never outlives the limit from there. */
  readonly signedInAt: number;
  readonly label?: string | undefined;
  /** Channels it is good for; without them it has all rights of its account. */
  readonly channels?: readonly string[] | undefined;
};

export type KeyRow = {
  readonly secret: Uint8Array;
  readonly createdAt: number;
  /** Until then something that it signed may be valid. */
  readonly until: number;
};

export type InviteRow = {
  readonly roles: readonly string[];
  /** Who may accept it; without one they choose a name. */
  readonly user?: string | undefined;
  readonly by: string;
  readonly createdAt: number;
  readonly expiresAt: number;
};

export type RemovedRow = {
  readonly at: number;
};

export type AuditRow = {
  readonly event: string;
  /** Who did it. */
  readonly by: string;
  /** Whom or what it was done to. */
  readonly to?: string | undefined;
  readonly address?: string | undefined;
  readonly detail?: string | undefined;
};

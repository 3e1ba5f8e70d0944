/**
 * What a connection or request was let in by. It is good as long as what it names is: its account at this version, its
 * token until that is revoked or expires.
 */
export interface Grant {
  readonly name: string;
  /** Version of the account then. */
  readonly version: number;
  /** Id of the token; undefined for a password or certificate. */
  readonly token?: string | undefined;
  /** Whether the token is that of a sign-in, which can be refreshed. */
  readonly session?: boolean | undefined;
  /** Channels it is limited to. */
  readonly channels?: ReadonlySet<string> | undefined;
  /** ms since the Unix epoch; undefined for never. */
  readonly expiresAt?: number | undefined;
}

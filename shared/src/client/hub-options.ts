import type { BackoffOptions } from './backoff.ts';
import type { OpenLink } from './link.ts';
import type { Clock, Fetch, Random } from './platform.ts';
import type { ClientStorage } from './storage.ts';

/** What the library needs of where it runs. */
export interface Platform {
  readonly openLink: OpenLink;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly storage: ClientStorage;
}

export interface HubOptions {
  /** `http(s)://host[:port]` or `ws(s)://host[:port]/mqtt`; in Node also `mqtt(s)://host[:port]`. */
  readonly url: string;
  /** Where the HTTP API is. @default of `url`; with `mqtt:` port 8080 of its host */
  readonly httpUrl?: string;
  /** Name at the hub: 1 to 64 of `a-z 0-9 _ -`; upper case is lowered. */
  readonly user: string;
  /**
   * MQTT password and Bearer token; a function is asked at each connection and request, and gives undefined where the
   * cookie of a browser says who we are.
   */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>);
  /** @default the user and ten random characters, new each time: two clients must not share one */
  readonly clientId?: string;
  /** Waits between connections. */
  readonly reconnect?: BackoffOptions;
  /** Seconds of silence after which each side asks whether the other is there. @default 30 */
  readonly keepaliveSeconds?: number;
  /** Milliseconds that the hub may take to accept a connection. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** Milliseconds without an acknowledgement, after which the connection is held to be dead. @default 15_000 */
  readonly ackTimeoutMs?: number;
  /** Milliseconds that one HTTP request may take. @default 15_000 */
  readonly requestTimeoutMs?: number;
  /** Milliseconds that a stamped entry may take before the hub is asked for it. @default 5000 */
  readonly confirmMs?: number;
  /** Drafts on their way to one channel at a time. @default 16 */
  readonly sendWindow?: number;
  /** Entries held in memory for each channel; what `older()` brings comes on top. @default 1000 */
  readonly keepEntries?: number;
  /** Newest entries kept in storage for each channel. @default 200 */
  readonly cacheEntries?: number;
  /** Entries of the first page, and of `older()`. @default 100 */
  readonly pageSize?: number;
  /** Missed entries past which the newest page replaces what is held. @default 5000 */
  readonly maxCatchUp?: number;
  /** Closes the hub when it aborts. */
  readonly signal?: AbortSignal;
}

/** By the name of the option. */
export const hubDefaults = {
  requestTimeoutMs: 15_000,
  confirmMs: 5000,
  sendWindow: 16,
  keepEntries: 1000,
  cacheEntries: 200,
  pageSize: 100,
  maxCatchUp: 5000,
};

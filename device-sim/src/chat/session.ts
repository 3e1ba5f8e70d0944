import type { ChannelApi, OutgoingDraft } from './api.ts';
import type { Outbox } from './outbox.ts';
import type { PresenceLines } from './presence.ts';
import type { Reader } from './reader.ts';
import type { Terminal } from './terminal.ts';

/** What every way of being in a channel works with. */
export interface SessionContext {
  readonly api: ChannelApi;
  readonly reader: Reader;
  readonly outbox: Outbox;
  readonly presence: PresenceLines;
  readonly terminal: Pick<Terminal, 'note' | 'warn'>;
  /** Aborts when the person leaves. */
  readonly signal: AbortSignal;
  /** The hub will never take this client: the reason. */
  fail(reason: string): void;
}

/** A way of being in a channel: pushed to, or asking. */
export interface Session {
  /**
   * Resolves when the hub has been reached: the history is shown, or cannot be had. Drafts wait for it, since what is
   * sent before could be older than the history, and would never be seen.
   */
  readonly joined: Promise<void>;
  /** Sends it until it is acknowledged or refused, and tells the outbox. */
  send(draft: OutgoingDraft): void;
  close(): Promise<void>;
}

/** Something that happens once, told from anywhere. Promise.withResolvers needs Node 22. */
export function signalled(): { readonly heard: Promise<void>; tell(): void } {
  let tell: (() => void) | undefined;
  const heard = new Promise<void>((resolve) => (tell = resolve));
  return { heard, tell: () => tell?.() };
}

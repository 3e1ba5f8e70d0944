import { Aedes } from 'aedes';
import type { Router } from '../routing/router.ts';
import type { Batch, Store } from '../store/store.ts';
import type { Backlog } from './backlog.ts';
import { count, type Cause, type EngineCounters } from './counters.ts';
import type { Connection } from './connection.ts';
import { guarded } from './guard.ts';
import type { EngineHooks, Publisher, Refusal } from './hooks.ts';
import type { Inbound } from './inbound.ts';
import type { Listeners } from './listeners.ts';
import type { Message, PacketSource } from './message.ts';
import type { EngineOptions } from './options.ts';
import type { Flusher } from './outbound.ts';
import type { Publications } from './publications.ts';
import type { RetainedBook } from './retained-book.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Taps } from './taps.ts';
import type { TimerWheel } from './timer-wheel.ts';
import type { Unsent } from './unsent.ts';
import type { Wills } from './wills.ts';

/** Aedes' own defaults: where a hook is one of these it need not be called. */
const stock = new Aedes();

/** What every part of the engine shares. */
export interface Core {
  readonly aedes: Aedes;
  readonly source: PacketSource;
  readonly listeners: Listeners;
  readonly taps: Taps;
  readonly options: EngineOptions;
  readonly hooks: EngineHooks;
  /** The hook's, with a limit on lines of one kind. */
  readonly log: (event: string, fields: Record<string, unknown>) => void;
  readonly counters: EngineCounters;
  readonly backlog: Backlog;
  readonly inbound: Inbound;
  readonly unsent: Unsent;
  readonly retained: RetainedBook;
  readonly store: Store;
  readonly router: Router<Session>;
  readonly wheel: TimerWheel;
  readonly flusher: Flusher;
  readonly chores: Chores;
  /** Open ones, with or without CONNECT. */
  readonly connections: Set<Connection>;
  readonly sessions: Sessions;
  readonly wills: Wills;
  readonly publications: Publications;
}

/** Counts and logs one refusal. */
export function refuse(core: Core, cause: Cause, fields: Record<string, unknown>): void {
  count(core.counters.refused, cause);
  core.log('refused', { cause, ...fields });
}

/** Tells the hub of a refusal that the protocol cannot carry to its sender. */
export function tellRefused(core: Core, message: Message, client: Publisher | null, refusal: Refusal): void {
  const { refused } = core.hooks;
  if (refused) guarded(core, 'refused', () => refused(message, client, refusal), undefined);
}

/** Whether an embedder put its own function in place of an Aedes hook. */
export function isCustom(
  aedes: Aedes,
  hook: 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward' | 'published' | 'preConnect' | 'authenticate',
): boolean {
  return aedes[hook] !== stock[hook];
}

/** {@link isCustom} for the one that is asked at every delivery: a named property costs a fraction of a computed one. */
export function forwardsAsIs(aedes: Aedes): boolean {
  return aedes.authorizeForward === stock.authorizeForward;
}

/**
 * Store changes nobody waits for, such as removing what was acknowledged: one batch per turn of the event loop. They
 * have happened, so what finds no room is committed when there is some.
 */
export class Chores {
  readonly #store: Store;
  readonly #failed: (error: Error) => void;
  #batch: Batch | undefined;

  constructor(store: Store, failed: (error: Error) => void) {
    this.#store = store;
    this.#failed = failed;
  }

  /** The batch of this turn. */
  get batch(): Batch {
    if (!this.#batch) {
      this.#batch = this.#store.batch();
      setImmediate(this.settle);
    }
    return this.#batch;
  }

  /** Commits now; whoever deletes a session calls this first, so that nothing stale follows. */
  readonly settle = (): void => {
    const batch = this.#batch;
    this.#batch = undefined;
    batch?.persist((error) => {
      if (error) this.#failed(error);
    });
  };
}

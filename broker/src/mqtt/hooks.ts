import type { Grant } from '../auth/grant.ts';
import type { Connection } from './connection.ts';
import type { Message, Publishable } from './message.ts';
import type { TableStage } from '../store/table.ts';
import { Reason } from './reason.ts';

/** The author of a will whose connection is gone, or was before a restart. */
export interface DetachedClient {
  readonly id: string;
  readonly user: string | undefined;
  readonly closed: true;
  /** What it was let in by, over HTTP with accounts. */
  readonly grant?: Grant | undefined;
}

export type Publisher = Connection | DetachedClient;

/** Where `admit` stages rows of a feature: they are committed with the publish or not at all. */
export type Stage = TableStage;

/** What `admit` throws to refuse; the message is told to clients that asked for problem information. */
export interface Refusal {
  /** The hub's own code for it, if it has one. */
  readonly code?: string | undefined;
  readonly reasonCode: number;
  readonly message: string;
}

/** One step of an enhanced authentication (§4.12). */
export interface AuthStep {
  readonly method: string;
  readonly data: Buffer | undefined;
  /** The client is connected and authenticates again (§4.12.1). */
  readonly again: boolean;
}

export interface AuthAnswer {
  /** False: the server goes on asking with AUTH 0x18. */
  readonly done: boolean;
  readonly data?: Buffer | undefined;
}

export interface EnhancedAuthentication {
  readonly methods: readonly string[];
  /** Handles data of the client; an error (with an optional `reasonCode`) refuses it. */
  step(client: Connection, step: AuthStep, answer: (error: Error | null, answer?: AuthAnswer) => void): void;
}

/** Whom a message is for: a connection, or the session that waits for one. */
export type Reader = Pick<Connection, 'id' | 'user'> & { readonly grant?: Grant | undefined };

/** What the hub adds to the engine. All are optional; without them everything is allowed. */
export interface EngineHooks {
  /**
   * Asked once for every publish — wire, will, `aedes.publish()` — after `authorizePublish`. Returns what to route,
   * or null to acknowledge and route nothing; throws a {@link Refusal} to refuse.
   */
  readonly admit?: (message: Message, client: Publisher | null, stage: Stage) => Publishable | null;
  /** Whether a publisher is the hub itself, which the limits on retained messages are not for. */
  readonly isHub?: (client: Publisher) => boolean;
  /** Told of refusals that the protocol cannot carry: 3.1 and 3.1.1, QoS 0, wills. */
  readonly refused?: (message: Message, client: Publisher | null, refusal: Refusal) => void;
  /** Asked when a message is queued and again when it is sent, unless `readableByAll` said yes. */
  readonly mayRead?: (client: Reader, topic: string) => boolean;
  /** Whether every client, whatever its rights, may read a topic, now and later; asked once per message. */
  readonly readableByAll?: (topic: string) => boolean;
  readonly maySubscribe?: (client: Connection, filter: string) => boolean;
  readonly enhancedAuthentication?: EnhancedAuthentication;
  /** One line per refusal, drop episode and failure. Never called per message. */
  readonly log?: (event: string, fields: Record<string, unknown>) => void;
}

/** Makes a refusal of whatever a hook threw or called back. */
export function toRefusal(error: unknown, reasonCode: number = Reason.notAuthorized): Refusal {
  const given = error as Partial<Refusal> | undefined;
  const code = given?.reasonCode;
  return {
    reasonCode: typeof code === 'number' && code >= 0x80 && code <= 0xff ? code : reasonCode,
    message: given?.message ?? '',
    code: given?.code,
  };
}

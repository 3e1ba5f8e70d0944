import { ParleyError } from '@parley/shared';
import type { ErrorCode } from '@parley/shared';
import type { Actor } from '../auth/rights.ts';
import type { Publish } from '../mqtt/admission.ts';
import type { TableStage } from '../store/table.ts';
import type { Appended, ChatLog } from './log.ts';

/** Who sends a draft without a connection. */
export type Author = Pick<Actor, 'grant'> & { readonly user: string };

/**
 * Sends a draft for somebody who has no MQTT connection, by the same path as a publish, and gives what it became.
 * @param topic `chat/<channel>` or `dm/<a>/<b>`
 * @throws ParleyError why it was refused, `not-stored`
 */
export type Post = (topic: string, body: Buffer, contentType: string | undefined, who: Author) => Promise<Appended>;

/**
 * Publishes as the hub, with rows that are kept in the same commit or not at all.
 * @throws ParleyError `not-stored`
 */
export type PublishChange = (publish: Publish, stage?: (stage: TableStage) => void) => Promise<void>;

type Publisher = (publish: Publish, actor: Poster | null) => Promise<void>;

interface Poster extends Actor {
  readonly user: string;
  readonly closed: true;
}

/** The hub itself, with what it changes beside the message. */
export class Change implements Poster {
  readonly id = '';
  readonly user = 'hub';
  readonly closed = true;
  readonly #stage: (stage: TableStage) => void;
  staged = false;

  constructor(stage: (stage: TableStage) => void) {
    this.#stage = stage;
  }

  stage(stage: TableStage): void {
    this.staged = true;
    this.#stage(stage);
  }
}

/** A draft of the hub itself: it becomes an entry as every draft does, whoever may write there. */
export class Notice extends Change {}

interface Posted extends Appended {
  readonly log: ChatLog;
}

/** Matches each post to what the publish path made of its draft. */
export class Posts {
  readonly #waiting = new WeakMap<Actor, Posted>(); // by the actor of one post

  /** To be told of every draft that was appended. */
  appended(appended: Appended, log: ChatLog, actor: Actor | null): void {
    if (actor) this.#waiting.set(actor, { ...appended, log });
  }

  poster(publish: Publisher): Post {
    return async (topic, payload, contentType, { user, grant }) => {
      const actor: Poster = { id: '', user, grant, closed: true };
      const properties = contentType === undefined ? undefined : { contentType };
      await publish({ topic, payload, qos: 1, properties }, actor).catch(toParleyError);
      const { log, ...appended } = this.#waiting.get(actor)!;
      if (log.isKept(appended.entry)) return appended;
      throw new ParleyError('not-stored', 'the entry could not be stored');
    };
  }
}

/** The engine carries a refusal's code through; anything else is a fault of the hub. */
export function toParleyError(failure: Error & { code?: ErrorCode }): never {
  throw new ParleyError(failure.code ?? 'internal', failure.message, { cause: failure });
}

import { presenceCodec } from '../chat/entry.ts';
import type { Presence } from '../chat/entry.ts';
import { topics } from '../topics/topics.ts';
import type { Api } from './api.ts';
import type { Connection } from './connection.ts';
import { decoded } from './decoded.ts';
import { Emitter } from './emitter.ts';
import type { Message } from './link.ts';

export interface PresenceEvents {
  /** `live` when it happened now, and was not what the hub had kept. */
  change: { readonly name: string; readonly presence: Presence | undefined; readonly live: boolean };
}

export interface PresenceContext {
  readonly connection: Connection;
  readonly api: Api;
  readonly signal: AbortSignal;
}

/** Who is here, from the retained `presence/+`. */
export class PeopleView extends Emitter<PresenceEvents> {
  readonly #context: PresenceContext;
  readonly #byName = new Map<string, Presence>();
  readonly #release: () => void;

  constructor(context: PresenceContext) {
    super();
    this.#context = context;
    this.#release = context.connection.listen(topics.presence.filter(), {
      qos: 1,
      message: (message) => this.#heard(message),
    });
  }

  /** What is known of one name; undefined until the hub told. */
  get(name: string): Presence | undefined {
    return this.#byName.get(name);
  }

  /** All names that the hub has a presence of. */
  all(): ReadonlyMap<string, Presence> {
    return this.#byName;
  }

  /** Asks the hub, over all its nodes. @throws ApiError, ClientError `hub-unreachable` */
  who({ signal = this.#context.signal }: { signal?: AbortSignal } = {}): Promise<({ user: string } & Presence)[]> {
    return this.#context.api.who(signal);
  }

  /** Shows us as away, or here again. @throws ApiError, ClientError `hub-unreachable` */
  set(status: 'online' | 'away', { signal = this.#context.signal }: { signal?: AbortSignal } = {}): Promise<void> {
    return this.#context.api.setPresence(status, signal);
  }

  close(): void {
    this.#release();
  }

  #heard({ topic, payload, retain }: Message): void {
    const name = topics.presence.parse(topic)?.name;
    if (name === undefined) return;
    const presence = payload.length === 0 ? undefined : decoded(presenceCodec, payload);
    if (presence) this.#byName.set(name, presence);
    else if (payload.length === 0) this.#byName.delete(name);
    else return;
    this.emit('change', { name, presence, live: !retain });
  }
}

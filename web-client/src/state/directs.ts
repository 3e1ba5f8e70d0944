import { topics } from '@parley/shared';
import type { Message } from '@parley/shared/client';
import type { Direct } from '../link/api.ts';
import type { Link } from '../link/link.ts';
import { Observable } from '../observable.ts';
import { decoded } from './decoded.ts';

export interface DirectsContext {
  readonly user: string;
  readonly list: () => Promise<readonly Direct[]>;
  /** Told how far a conversation goes. */
  readonly grown: (place: string, log: string, lastSeq: number) => void;
}

/** With whom we have direct messages: asked at each connection, and live from `dm/+/+`. */
export class Directs extends Observable {
  readonly #context: DirectsContext;
  readonly #byPeer = new Map<string, Direct>();
  #connection = 0;

  constructor(context: DirectsContext) {
    super();
    this.#context = context;
  }

  /** @returns the release of the subscription */
  open(link: Link): () => void {
    const asked = (): void => {
      if (link.connection === this.#connection) return;
      this.#connection = link.connection;
      void this.#refresh();
    };
    const releases = [
      link.watch(asked),
      link.listen(topics.dm.filter(), { qos: topics.dm.qos }, (message) => this.#receive(message)),
    ];
    asked();
    return () => releases.forEach((release) => release());
  }

  peers(): string[] {
    return [...this.#byPeer.keys()].toSorted();
  }

  async #refresh(): Promise<void> {
    const directs = await this.#context.list().catch(() => []);
    for (const direct of directs) this.#learn(direct);
    this.changed();
  }

  #receive({ topic, payload }: Message): void {
    const pair = topics.dm.parse(topic);
    const entry = pair && decoded(topics.dm.codec, payload);
    if (!entry) return;
    const user = pair.a === this.#context.user ? pair.b : pair.a;
    const known = this.#byPeer.get(user);
    // Its log is learnt from the list; a first message makes one.
    if (!known || entry.seq <= known.lastSeq) return void this.#refresh();
    this.#learn({ ...known, lastSeq: entry.seq });
    this.changed();
  }

  #learn(direct: Direct): void {
    this.#byPeer.set(direct.user, direct);
    this.#context.grown(`dm/${direct.user}`, direct.log, direct.lastSeq);
  }
}

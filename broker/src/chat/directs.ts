import { dmPair, ParleyError, topics } from '@parley/shared';
import type { Draft } from '@parley/shared';
import type { Tables } from '../store/table.ts';
import type { Appended, ChatLog, Sending } from './log.ts';
import type { Logs } from './logs.ts';
import { table } from './tables.ts';

export interface DirectsContext {
  readonly tables: Tables;
  readonly logs: Logs;
}

/** Direct messages: a log for each pair of users that ever wrote to each other. */
export class Directs {
  readonly #context: DirectsContext;

  constructor(context: DirectsContext) {
    this.#context = context;
  }

  /** @throws ParleyError `topic-invalid`, and what {@link ChatLog.append} throws */
  append(topic: string, draft: Draft, sending: Sending): Appended {
    const pair = topics.dm.parse(topic);
    if (!pair || pair.a === pair.b) {
      throw new ParleyError('topic-invalid', `${topic} does not name two users in ASCII order`);
    }
    const log = this.log(topic);
    const isNew = !log.stored;
    const appended = log.append(draft, sending);
    if (isNew) {
      sending.stage.put(table.directs, [pair.a, pair.b], log.place);
      sending.stage.put(table.directs, [pair.b, pair.a], log.place);
    }
    return appended;
  }

  /** The log of a pair, an empty one when they never wrote. */
  log(topic: string): ChatLog {
    return this.#context.logs.find(topic) ?? this.#context.logs.begin(topic);
  }

  /** Topics of everybody that a user has messages with. */
  *topicsOf(user: string): Generator<string> {
    for (const { key } of this.#context.tables.range(table.directs, { prefix: [user] })) {
      yield topics.dm.build(dmPair(user, key[1] as string));
    }
  }
}

import { dmPair, ParleyError, topics } from '@parley/shared';
import type { Rights, Actor } from '../auth/rights.ts';
import type { Message } from '../mqtt/message.ts';
import type { Publish } from '../mqtt/admission.ts';
import type { Tables, TableStage } from '../store/table.ts';
import type { Channels } from './channels.ts';
import type { ChatLog } from './log.ts';
import type { Directs } from './directs.ts';
import { table } from './tables.ts';

export interface ReadPositionsContext {
  readonly tables: Tables;
  readonly channels: Channels;
  readonly directs: Directs;
  readonly rights: Rights;
}

/** Positions remembered ahead of their commit: far more than are ever on their way at once. */
const STAGED = 10_000;

/** How far users have read: retained messages of theirs, which the hub checks. */
export class ReadPositions {
  readonly #context: ReadPositionsContext;
  readonly #staged = new Map<string, number>(); // by place and user: perhaps not committed yet

  constructor(context: ReadPositionsContext) {
    this.#context = context;
  }

  /**
   * A position only grows within the life of its log: an older one, as a second client may tell it late, is acknowledged
   * and changes nothing.
   * @returns the position as it is kept, null when it is not newer, undefined for another topic
   * @throws ParleyError `payload-invalid` for what is no integer or beyond the last entry, `not-found` for a log that is
   *   missing or hidden
   */
  admit(publish: Message, actor: Actor | null, stage: TableStage): Publish | null | undefined {
    const { topic, payload, qos } = publish;
    const found = this.#logOf(topic, actor);
    if (!found) return undefined;
    const { user, log } = found;
    const seq = topics.readPosition.codec.decode(payload);
    if (seq > log.lastSeq) {
      throw new ParleyError('payload-invalid', `read position ${seq} is beyond the last entry, ${log.lastSeq}`);
    }
    if (seq <= this.#known(log, user)) return null;
    stage.put(table.read, [log.place, user], seq);
    if (this.#staged.size >= STAGED) this.#staged.clear();
    this.#staged.set(`${log.place}/${user}`, seq);
    return { topic, payload: topics.readPosition.codec.encode(seq), qos, retain: true };
  }

  /** Topics of the positions in a channel, to be emptied when it is deleted. */
  *topicsIn(channel: string, { place }: ChatLog): Generator<string> {
    for (const { key } of this.#context.tables.range(table.read, { prefix: [place] })) {
      yield topics.readPosition.build({ user: key[1] as string, channel });
    }
  }

  /** Forgets what may not have been committed. */
  reload(): void {
    this.#staged.clear();
  }

  /** -1 when nothing is known. */
  #known({ place }: ChatLog, user: string): number {
    const committed = this.#context.tables.get(table.read, [place, user]) as number | undefined;
    return Math.max(committed ?? -1, this.#staged.get(`${place}/${user}`) ?? -1);
  }

  #logOf(topic: string, actor: Actor | null): { user: string; log: ChatLog } | undefined {
    const { channels, directs } = this.#context;
    const direct = topics.dmReadPosition.parse(topic);
    if (direct) return { user: direct.user, log: directs.log(topics.dm.build(dmPair(direct.user, direct.peer))) };
    const ofChannel = topics.readPosition.parse(topic);
    return ofChannel && { user: ofChannel.user, log: channels.log(ofChannel.channel, actor) };
  }
}

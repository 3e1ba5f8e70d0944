import type { Channel } from '@parley/shared';
import type { TableStage } from '../store/table.ts';
import type { ChatLog } from './log.ts';
import { table } from './tables.ts';
import type { ChannelRow } from './tables.ts';

/** What may be set of a channel. */
export interface ChannelFields {
  /** What it is about. */
  readonly topic?: string | undefined;
  readonly display?: string | undefined;
  /** Seen by its members alone. */
  readonly private?: boolean | undefined;
}

/** One channel, as it will be when all that is staged is committed. */
export interface ChannelState {
  readonly name: string;
  readonly log: ChatLog;
  readonly fields: Omit<ChannelRow, 'place'>;
  readonly members: ReadonlySet<string>;
}

export function stageChannel({ name, log, fields, members }: ChannelState, stage: TableStage): void {
  stage.put(table.channels, [name], { place: log.place, ...fields } satisfies ChannelRow);
  stage.put(table.logs, [log.place], log.row);
  log.stored = true;
  for (const member of members) stage.put(table.members, [name, member], true);
}

export function stageRemoval({ name, log, members }: ChannelState, stage: TableStage): void {
  stage.remove(table.channels, [name]);
  for (const member of members) stage.remove(table.members, [name, member]);
  // Its rows are many: they go in small steps, and a log without a row has no readers.
  stage.put(table.gone, [log.place], true);
  stage.remove(table.logs, [log.place]);
}

/** What `channels/<channel>` says. */
export function describe({ name, log, fields }: ChannelState): Channel {
  const { topic, display, private: isPrivate } = fields;
  const { createdAt, committedSeq } = log;
  return {
    name,
    topic,
    private: isPrivate,
    log: log.log,
    createdAt,
    lastSeq: committedSeq,
    ...(display !== undefined && display !== '' && { display }),
  };
}

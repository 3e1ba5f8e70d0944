import { table } from '../chat/tables.ts';
import type { ChannelRow } from '../chat/tables.ts';
import type { Tables } from '../store/table.ts';
import type { Members } from './policy.ts';

/** Members of channels as the store has them, for who asks while no hub runs. */
export function storedMembers(tables: Tables): Members {
  const isMember = (channel: string, name: string): boolean => tables.get(table.members, [channel, name]) !== undefined;
  const membersOf = (channel: string): ReadonlySet<string> | undefined => {
    const row = tables.get(table.channels, [channel]) as ChannelRow | undefined;
    if (!row?.private) return undefined;
    return new Set([...tables.range(table.members, { prefix: [channel] })].map(({ key }) => String(key[1])));
  };
  return { version: 0, membersOf, isMember };
}

import { topics } from '@parley/shared';

/** The place of a topic that was searched: `general`, or `dm/ben`. */
export function placeOf(topic: string, me: string): string | undefined {
  const channel = topics.chat.parse(topic)?.channel;
  if (channel !== undefined) return channel;
  const pair = topics.dm.parse(topic);
  return pair && `dm/${pair.a === me ? pair.b : pair.a}`;
}

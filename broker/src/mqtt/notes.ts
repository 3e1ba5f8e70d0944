import type { Aedes } from 'aedes';
import { isCustom, type Core } from './core.ts';
import type { Publishable } from './message.ts';

/** What Aedes tells of itself on `$SYS/<id>/…`: clients that come and go, and what they subscribe to. */
export type Note = 'new/clients' | 'disconnect/clients' | 'new/subscribes' | 'new/unsubscribes';

export function noteTopic({ id }: Aedes, note: Note): string {
  return `$SYS/${id}/${note}`;
}

/** Whether anybody would get a note. Most hubs have nobody who does, and a note for each CONNECT costs as much as a message. */
export function isHeard({ aedes, listeners, taps, router }: Core, topic: string): boolean {
  if (listeners.hears(topic) || taps.hears(topic) || aedes.listenerCount('publish') > 0) return true;
  if (isCustom(aedes, 'published')) return true;
  const { targets, groups } = router.match(topic);
  return targets.length > 0 || groups.length > 0;
}

/** Tells which publishes of Aedes need not be made. */
export function unheard(core: Core): (packet: Publishable) => boolean {
  const topics = new Set([noteTopic(core.aedes, 'new/clients'), noteTopic(core.aedes, 'disconnect/clients')]);
  return ({ topic, retain }) => topics.has(topic) && retain !== true && !isHeard(core, topic);
}

import type { Route } from '../../state/route.ts';
import type { Session } from '../../state/session.ts';

/** Channels, then direct conversations; with the one we look at even before its first message. */
export function placesOf({ channels, directs }: Session, current: string): string[] {
  const places = [...channels.names(), ...directs.peers().map((peer) => `dm/${peer}`)];
  return places.includes(current) ? places : [...places, current];
}

/** The conversation after or before this one, of all or of those with something unread. */
export function placeBeside(
  { unread }: Session,
  places: readonly string[],
  current: string,
  by: 1 | -1,
  news: boolean,
) {
  const wanted = places.filter((place) => !news || place === current || unread.of(place).unread > 0);
  return wanted[(wanted.indexOf(current) + by + wanted.length) % wanted.length]!;
}

/** Everything unread; of muted places what calls us. */
export function unreadIn({ unread, channels }: Session, places: readonly string[]): number {
  return places.reduce((sum, place) => {
    const count = unread.of(place);
    return sum + (channels.isMuted(place) ? count.mentions : count.unread);
  }, 0);
}

/** What a page is called in the title of the window. @param current the conversation shown */
export function titleOf(route: Route, current: string): string {
  switch (route.area) {
    case 'chat':
      return current.startsWith('dm/') ? current.slice(3) : `#${current}`;
    case 'devices':
      return route.device ?? 'Devices';
    case 'topics':
      return route.filter ?? 'Topics';
    default:
      return 'Hub';
  }
}

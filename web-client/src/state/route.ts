import { isName } from '@parley/shared';

/** Every view has an address. */
export type Route =
  | { readonly area: 'chat'; readonly channel?: string }
  | { readonly area: 'devices'; readonly device?: string }
  | { readonly area: 'topics'; readonly filter?: string }
  | { readonly area: 'hub' };

export type Area = Route['area'];

/** The route of an address; what is unknown or no name leads to the list of its area, and else to chat. */
export function parseRoute(path: string, search = ''): Route {
  const [, area, given] = path.split('/');
  const name = safeDecode(given ?? '');
  if (area === 'd') return isName(name) ? { area: 'devices', device: name } : { area: 'devices' };
  if (area === 't') {
    const filter = new URLSearchParams(search).get('filter');
    return filter ? { area: 'topics', filter } : { area: 'topics' };
  }
  if (area === 'hub') return { area: 'hub' };
  return isName(name) && area === 'c' ? { area: 'chat', channel: name } : { area: 'chat' };
}

export function formatRoute(route: Route): string {
  if (route.area === 'chat') return route.channel === undefined ? '/c' : `/c/${route.channel}`;
  if (route.area === 'devices') return route.device === undefined ? '/d' : `/d/${route.device}`;
  if (route.area === 'hub') return '/hub';
  return route.filter === undefined ? '/t' : `/t?filter=${encodeURIComponent(route.filter)}`;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

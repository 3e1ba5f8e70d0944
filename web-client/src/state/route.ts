import { isName } from '@parley/shared';

/** Every view has an address. */
export type Route =
  /** `place` is a channel, or `dm/<user>`; `at` is the `seq` to go to. */
  | { readonly area: 'chat'; readonly place?: string; readonly at?: number }
  | { readonly area: 'devices'; readonly device?: string }
  | { readonly area: 'topics'; readonly filter?: string }
  | { readonly area: 'hub'; readonly page?: HubPage };

/** Pages of the hub, where it has accounts. */
export const hubPages = ['account', 'people', 'devices', 'audit'] as const;
export type HubPage = (typeof hubPages)[number];

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
  if (area === 'hub') return hubRoute(name);
  if (!isName(name) || (area !== 'c' && area !== 'dm')) return { area: 'chat' };
  return { area: 'chat', place: area === 'dm' ? `dm/${name}` : name, ...positionIn(search) };
}

export function formatRoute(route: Route): string {
  if (route.area === 'chat') return chatPath(route);
  if (route.area === 'devices') return route.device === undefined ? '/d' : `/d/${route.device}`;
  if (route.area === 'hub') return route.page === undefined ? '/hub' : `/hub/${route.page}`;
  return route.filter === undefined ? '/t' : `/t?filter=${encodeURIComponent(route.filter)}`;
}

function chatPath({ place, at }: Extract<Route, { area: 'chat' }>): string {
  if (place === undefined) return '/c';
  return `/${place.startsWith('dm/') ? place : `c/${place}`}${at === undefined ? '' : `?at=${at}`}`;
}

function hubRoute(name: string): Route {
  const page = hubPages.find((one) => one === name);
  return page === undefined ? { area: 'hub' } : { area: 'hub', page };
}

function positionIn(search: string): { at?: number } {
  const at = Number(new URLSearchParams(search).get('at'));
  return Number.isSafeInteger(at) && at > 0 ? { at } : {};
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

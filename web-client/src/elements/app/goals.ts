import type { Goal } from '../../state/places.ts';
import type { Area, Route } from '../../state/route.ts';
import type { Session } from '../../state/session.ts';

const pages: readonly (readonly [name: string, area: Area])[] = [
  ['Devices', 'devices'],
  ['Topics', 'topics'],
  ['Hub', 'hub'],
];

/** What is no place but can be done from anywhere. */
export const actions = {
  theme: 'Switch light and dark',
  sheet: 'Keyboard shortcuts',
  phone: 'Open on a phone',
} as const;
export type Action = keyof typeof actions;

/** Everything one can go to. */
export function goalsOf(session: Session, places: readonly string[]): Goal[] {
  const { channels, people, devices, unread, user } = session;
  const others = people.all().map(({ name }) => name);
  const persons = new Set([...places.filter(isDirect).map((place) => place.slice(3)), ...others]);
  const goal = (kind: Goal['kind'], key: string, name: string): Goal => {
    return { key, name, kind, unread: kind === 'channel' || kind === 'person' ? unread.of(key).unread : 0 };
  };
  return [
    ...channels.known().map((name) => goal('channel', name, name)),
    ...[...persons]
      .filter((name) => name !== user && !devices.has(name))
      .map((name) => goal('person', `dm/${name}`, name)),
    ...devices.names().map((name) => goal('device', name, name)),
    ...pages.map(([name, area]) => goal('page', area, name)),
    ...Object.entries(actions).map(([key, name]) => goal('action', key, name)),
  ];
}

/** The address of a goal; undefined for what is done and not gone to. */
export function routeTo({ kind, key }: Goal): Route | undefined {
  if (kind === 'action') return undefined;
  if (kind === 'page') return { area: key as Exclude<Area, 'chat'> };
  return kind === 'device' ? { area: 'devices', device: key } : { area: 'chat', place: key };
}

function isDirect(place: string): boolean {
  return place.startsWith('dm/');
}

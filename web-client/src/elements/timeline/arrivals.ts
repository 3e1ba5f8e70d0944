import type { Arrival } from '../../state/people.ts';

/** "ana joined, ben left": what each one did last of this run, in the order it began. */
export function arrivalWords(arrivals: readonly Arrival[]): string {
  const last = new Map(arrivals.map(({ name, came }) => [name, came]));
  const joined = [...last].filter(([, came]) => came).map(([name]) => name);
  const left = [...last].filter(([, came]) => !came).map(([name]) => name);
  return [said(joined, 'joined'), said(left, 'left')].filter((part) => part !== '').join(', ');
}

function said(names: readonly string[], what: string): string {
  if (names.length === 0) return '';
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} others ${what}`;
  const last = names.at(-1)!;
  return `${names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`} ${what}`;
}

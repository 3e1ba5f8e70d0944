import { topics } from '@parley/shared';
import type { Presence } from '@parley/shared';
import type { Message } from '@parley/shared/client';
import type { Link } from '../link/link.ts';
import { Observable } from '../observable.ts';
import { decoded } from './decoded.ts';

/** Someone came or left while we were looking. */
export interface Arrival {
  readonly name: string;
  readonly came: boolean;
  /** Hub time, ms since the Unix epoch. */
  readonly at: number;
}

const ARRIVALS_KEPT = 200;

/** Who is here, from `presence/+`. */
export class People extends Observable {
  readonly #presence = new Map<string, Presence>(); // by name
  #arrivals: Arrival[] = [];

  /** @returns the release of the subscription */
  open(link: Link): () => void {
    return link.listen(topics.presence.filter(), { qos: topics.presence.qos }, (message) => this.#receive(message));
  }

  get arrivals(): readonly Arrival[] {
    return this.#arrivals;
  }

  presence(name: string): Presence | undefined {
    return this.#presence.get(name);
  }

  /** Everyone the hub has a presence of, those who are here first, by name. */
  all(): { name: string; presence: Presence }[] {
    return [...this.#presence]
      .map(([name, presence]) => ({ name, presence }))
      .toSorted((a, b) => rank(a.presence) - rank(b.presence) || (a.name < b.name ? -1 : 1));
  }

  #receive({ topic, payload, retain }: Message): void {
    const name = topics.presence.parse(topic)?.name;
    if (name === undefined) return;
    const before = this.#presence.get(name);
    const presence = payload.length === 0 ? undefined : decoded(topics.presence.codec, payload);
    if (presence) this.#presence.set(name, presence);
    else if (payload.length === 0) this.#presence.delete(name);
    // What the hub kept tells how things are, not that something happened just now.
    if (presence && !retain && isHere(before) !== isHere(presence)) this.#note(name, presence);
    this.changed();
  }

  #note(name: string, presence: Presence): void {
    const arrival = { name, came: isHere(presence), at: presence.at };
    this.#arrivals = [...this.#arrivals, arrival].slice(-ARRIVALS_KEPT);
  }
}

export function isHere(presence: Presence | undefined): boolean {
  return presence !== undefined && presence.status !== 'offline';
}

function rank({ status }: Presence): number {
  return { online: 0, away: 1, offline: 2 }[status];
}

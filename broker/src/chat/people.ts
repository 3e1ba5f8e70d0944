import { ParleyError } from '@parley/shared';
import type { Store } from '../store/store.ts';
import type { PresenceBook } from './presence.ts';
import { table } from './tables.ts';

export interface Person {
  readonly user: string;
  /** As they want to be called. */
  readonly display?: string;
}

export interface PeopleContext {
  readonly store: Store;
  readonly presence: () => PresenceBook;
}

/** Who has been here, and how they want to be called. */
export class People {
  readonly #context: PeopleContext;

  constructor(context: PeopleContext) {
    this.#context = context;
  }

  /** Everybody with a presence or a display name, but no devices. */
  list(): Person[] {
    const { store, presence } = this.#context;
    const people = new Map<string, Person>();
    for (const { user } of presence().list()) if (!this.#isDevice(user)) people.set(user, { user });
    for (const { key, value } of store.range(table.people)) {
      const user = key[0] as string;
      people.set(user, { user, display: value as string });
    }
    return [...people.values()].toSorted((a, b) => (a.user < b.user ? -1 : 1));
  }

  /** Sets a display name, or removes it when it is empty. @throws ParleyError `not-stored` */
  setDisplay(user: string, display: string): Promise<Person> {
    const batch = this.#context.store.batch();
    const shown = display.trim();
    if (shown === '') batch.remove(table.people, [user]);
    else batch.put(table.people, [user], shown);
    return new Promise((resolve, reject) => {
      batch.commit((error) => {
        if (error) reject(new ParleyError('not-stored', 'the name could not be stored', { cause: error }));
        else resolve(shown === '' ? { user } : { user, display: shown });
      });
    });
  }

  #isDevice(name: string): boolean {
    const { store } = this.#context;
    const topic = `devices/${name}`;
    return store.retained(`${topic}/about`) !== undefined || store.retained(`${topic}/status`) !== undefined;
  }
}

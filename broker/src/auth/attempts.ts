import { ParleyError } from '@parley/shared';
import { steadyNow } from '../clock.ts';
import { placeOf } from '../listen/place.ts';

/** Failures that cost nothing, as people mistype; behind one address may be many people. */
const FREE_PER_NAME = 5;
const FREE_PER_ADDRESS = 20;

/** The first wait; each further failure doubles it. */
const FIRST_MS = 1000;
const LONGEST_MS = 15 * 60_000;

/** Without a failure for this long, all is forgiven. */
const FORGIVEN_MS = 60 * 60_000;

/** Names and addresses remembered; the one that failed longest ago makes room. */
const REMEMBERED = 20_000;

interface Failures {
  readonly count: number;
  /** Of the last one. */
  readonly at: number;
}

/** Slows down who guesses: by name, from wherever, and by address, whatever the name. */
export class Attempts {
  readonly #names = new Map<string, Failures>();
  readonly #addresses = new Map<string, Failures>();
  /** By name and address where somebody signed in: strangers' guesses do not lock them out there, their own still do. */
  readonly #trusted = new Map<string, Failures>();
  readonly #now: () => number;

  constructor(now: () => number = steadyNow) {
    this.#now = now;
  }

  /**
   * Begins an attempt. It counts as failed until it has succeeded, so that many at once are no way around the limit.
   * @throws ParleyError `too-many-attempts` while the last failures are too fresh
   */
  begin(name: string, address: string): void {
    const place = placeOf(address);
    const own = `${name} ${place}`;
    const isTrusted = this.#trusted.has(own);
    const wait = isTrusted
      ? this.#wait(this.#trusted.get(own), FREE_PER_NAME)
      : Math.max(
          this.#wait(this.#names.get(name), FREE_PER_NAME),
          this.#wait(this.#addresses.get(place), FREE_PER_ADDRESS),
        );
    if (wait > 0) {
      throw new ParleyError('too-many-attempts', `too many failed attempts; try again in ${Math.ceil(wait / 1000)} s`);
    }
    if (isTrusted) return this.#count(this.#trusted, own);
    this.#count(this.#names, name);
    this.#count(this.#addresses, place);
  }

  succeeded(name: string, address: string): void {
    const place = placeOf(address);
    const own = `${name} ${place}`;
    if (!this.#trusted.has(own)) {
      this.#names.delete(name);
      const { count = 1, at = 0 } = this.#addresses.get(place) ?? {};
      keep(this.#addresses, place, { count: count - 1, at });
    }
    keep(this.#trusted, own, { count: 0, at: 0 });
  }

  #count(table: Map<string, Failures>, key: string): void {
    const at = this.#now();
    const known = table.get(key);
    keep(table, key, { count: known && at - known.at < FORGIVEN_MS ? known.count + 1 : 1, at });
  }

  #wait(failures: Failures | undefined, free: number): number {
    if (!failures || failures.count < free) return 0;
    const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(20, failures.count - free));
    return failures.at + wait - this.#now();
  }
}

function keep<Value>(table: Map<string, Value>, key: string, value: Value): void {
  table.delete(key);
  const [oldest] = table.keys();
  if (table.size >= REMEMBERED && oldest !== undefined) table.delete(oldest);
  table.set(key, value);
}

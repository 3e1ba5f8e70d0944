import { randomBytes } from 'node:crypto';
import type { Store } from '../store/store.ts';
import { table } from './tables.ts';
import type { KeyRow } from './tables.ts';
import { write } from './write.ts';

/** A key signs for this long; then there is a new one, and the old one only verifies. */
const SIGNS_MS = 30 * 24 * 3_600_000;

const KEY_BYTES = 32;

interface SigningKey {
  readonly kid: string;
  readonly secret: Uint8Array;
}

/** Secrets that tokens are signed with. They are in the store and nowhere else. */
export class Keys {
  readonly #store: Store;
  readonly #now: () => number;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** The key to verify with, or undefined when it is none of ours or no longer. */
  get(kid: string): Uint8Array | undefined {
    return (this.#store.get(table.keys, [kid]) as KeyRow | undefined)?.secret;
  }

  /** The key to sign with, until when it has to verify; made when there is none or it is old. One caller at a time. */
  async sign(until: number): Promise<SigningKey> {
    const now = this.#now();
    const rows = this.#rows();
    const newest = rows.toSorted((a, b) => b.row.createdAt - a.row.createdAt)[0];
    const fresh = newest && newest.row.createdAt > now - SIGNS_MS && newest.row.createdAt <= now ? newest : undefined;
    const kid = fresh?.kid ?? randomBytes(6).toString('base64url');
    const row: KeyRow = fresh?.row ?? { secret: randomBytes(KEY_BYTES), createdAt: now, until };
    const gone = rows.filter((one) => one.kid !== kid && one.row.until < now);
    if (!fresh || row.until < until || gone.length > 0) {
      await write(this.#store, (stage) => {
        stage.put(table.keys, [kid], { ...row, until: Math.max(row.until, until) });
        for (const one of gone) stage.remove(table.keys, [one.kid]);
      });
    }
    return { kid, secret: row.secret };
  }

  #rows(): { kid: string; row: KeyRow }[] {
    return [...this.#store.range(table.keys)].map(({ key, value }) => ({ kid: String(key[0]), row: value as KeyRow }));
  }
}

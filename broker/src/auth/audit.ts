import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { table } from './tables.ts';
import type { AuditRow } from './tables.ts';
import { write } from './write.ts';

/** Entries kept: the oldest make room. */
const KEPT = 10_000;
/** Removed at once, so that not every new one removes one. */
const SURPLUS = 500;

/** Failed sign-ins written down per minute: a flood of them must not push out everything else. */
const FAILURES_PER_MINUTE = 30;

const LONGEST = 256;

export interface AuditEntry extends AuditRow {
  readonly at: number;
}

/** Who signed in, and who changed what of accounts and rights: in the store, newest last, and in the log. */
export class Audit {
  readonly #store: Store;
  readonly #log: Log;
  readonly #now: () => number;
  #number = 0;
  #count: number;
  #minute = 0;
  #failures = 0;

  constructor(store: Store, log: Log, now: () => number = Date.now) {
    this.#store = store;
    this.#log = log;
    this.#now = now;
    this.#count = 0;
    for (const _row of store.range(table.audit)) this.#count++;
  }

  /** Writes an entry down; one that cannot be stored is in the log all the same. */
  note(given: AuditRow): void {
    const row = shorten(given);
    if (row.event === 'sign-in.failed' && this.#isFlood()) return;
    this.#log.info({ ...row, event: `audit.${row.event}` }, row.event);
    const at = this.#now();
    const key = [at, this.#number++] as const;
    write(this.#store, (stage) => {
      stage.put(table.audit, key, row);
      if (++this.#count <= KEPT + SURPLUS) return;
      for (const old of this.#store.range(table.audit, { limit: SURPLUS })) stage.remove(table.audit, old.key);
      this.#count -= SURPLUS;
    }).catch((error: Error) => this.#log.warn({ event: 'audit.not-stored' }, error.message));
  }

  /** Newest first. @param before only those before this time, ms since the Unix epoch */
  list(limit: number, before?: number): AuditEntry[] {
    const to = before === undefined ? undefined : ([before] as const);
    const rows = this.#store.range(table.audit, { reverse: true, limit, to });
    return [...rows].map(({ key, value }) => Object.assign({ at: Number(key[0]) }, value as AuditRow));
  }

  #isFlood(): boolean {
    const minute = Math.floor(this.#now() / 60_000);
    if (minute !== this.#minute) [this.#minute, this.#failures] = [minute, 0];
    return ++this.#failures > FAILURES_PER_MINUTE;
  }
}

/** Names and addresses of those who failed are strangers' words. */
function shorten(row: AuditRow): AuditRow {
  const short = Object.entries(row).map(([key, value]) => [key, value?.slice(0, LONGEST)]);
  return Object.fromEntries(short.filter(([, value]) => value !== undefined)) as AuditRow;
}

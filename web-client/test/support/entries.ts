import type { Entry, Page } from '@parley/shared';
import type { PageQuery } from '../../src/link/api.ts';

export const LOG_A = '01K0000000000000000000000A';
export const LOG_B = '01K0000000000000000000000B';

/** An id that tells its number and its log. */
export function idOf(seq: number, log = LOG_A): string {
  return `01K${log.at(-1)}${String(seq).padStart(22, '0')}`;
}

export function entry(seq: number, more: Partial<Entry> = {}): Entry {
  return {
    id: idOf(seq),
    seq,
    at: 1_800_000_000_000 + seq * 1000,
    from: 'ana',
    kind: 'text',
    text: `line ${seq}`,
    ...more,
  };
}

export function entries(first: number, last: number): Entry[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => entry(first + index));
}

/** The log of one channel as the hub's API answers from it; a test changes it as the hub would. */
export class FakeLog {
  log = LOG_A;
  kept: Entry[] = [];
  /** Changes of kept entries that are far behind them. */
  later: Entry[] = [];
  readonly asked: PageQuery[] = [];

  readonly page = async (query: PageQuery): Promise<Page> => {
    this.asked.push(query);
    const { before = Infinity, after, limit = 100 } = query;
    const matching = this.kept.filter(({ seq }) => seq < before && seq > (after ?? 0));
    const page = after === undefined ? matching.slice(-limit) : matching.slice(0, limit);
    const ids = new Set(page.map(({ id }) => id));
    const changes = query.changes ? this.later.filter(({ target }) => ids.has(target ?? '')) : undefined;
    const lastSeq = this.kept.at(-1)?.seq ?? 0;
    return { entries: page, lastSeq, log: this.log, limited: false, ...(changes && { changes }) };
  };
}

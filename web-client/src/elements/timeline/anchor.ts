import type { Row } from '../../state/rows.ts';
import type { Layout } from './layout.ts';

/** A row, and how far below the upper edge of the window it stays while things change around it. */
export interface Anchor {
  readonly key: string;
  readonly offset: number;
}

/** The row that was held may be gone (another stretch, a failed one given up): then its neighbour takes its part. */
export function kept(anchor: Anchor | undefined, layout: Layout, rows: readonly Row[]): Anchor | undefined {
  const index = anchor && layout.index(anchor.key);
  if (!anchor || index === undefined || rows.some(({ key }) => key === anchor.key)) return anchor;
  const keys = new Set(rows.map(({ key }) => key));
  const next = layout.rows.slice(index).find(({ key }) => keys.has(key));
  return next && { key: next.key, offset: anchor.offset };
}

/** The `seq` of the last entry up to a row; 0 for none. */
export function seqUpTo(rows: readonly Row[], index: number): number {
  for (let at = index; at >= 0; at--) {
    const row = rows[at];
    if (row?.type === 'entry' && row.item.seq !== undefined) return row.item.seq;
  }
  return 0;
}

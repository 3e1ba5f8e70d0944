import { html } from 'lit';
import type { Row } from '../../state/rows.ts';
import '../entry/entry.ts';
import type { IconName } from '../icon.ts';
import { dayOf, timeOf } from '../words.ts';
import { arrivalWords } from './arrivals.ts';

export interface RowContext {
  readonly me: string;
  /** Key of the row that is lit. */
  readonly found: string;
  readonly glyphs: (name: string) => IconName | undefined;
}

/** One row of a timeline as it is drawn. */
export function drawRow(row: Row, { me, found, glyphs }: RowContext) {
  if (row.type === 'day') return html`<p class="day"><span>${dayOf(row.at)}</span></p>`;
  if (row.type === 'new') return html`<p class="line"><span>New</span></p>`;
  if (row.type === 'gap') return html`<p class="gap">Older messages were here. The hub no longer keeps them.</p>`;
  if (row.type === 'arrivals') {
    return html`<p class="arrivals"><time>${timeOf(row.at)}</time><span>${arrivalWords(row.arrivals)}</span></p>`;
  }
  return html`<parley-entry
    tabindex="-1"
    .item=${row.item}
    ?head=${row.head}
    ?found=${row.key === found}
    .glyph=${row.head ? glyphs(row.item.from) : undefined}
    .me=${me}
  ></parley-entry>`;
}

import { html } from 'lit';
import type { LitElement } from 'lit';
import { plain } from './plain.ts';

/** What may be more than plain text: only then is the library fetched. */
const MARKS = /[*_`~\\[|]|^\s*(?:[-+#>]|\d+[.)])\s?/m;
/** Longer than this, in characters or lines, is cut until one asks for more. */
const CUT = { characters: 1500, lines: 24 };
/** Even then it comes in pieces: a megabyte in one go would stop the page. */
const MORE = 20_000;

let markdown: ((text: string, me: string) => unknown) | undefined;

/** Text of an entry: Markdown once its reader is there, the same words plain until then. */
export function richText(host: LitElement, text: string, me: string): unknown {
  if (!MARKS.test(text)) return html`<p class="words" dir="auto">${plain(text, me)}</p>`;
  if (markdown) return html`<div class="words rich">${markdown(text, me)}</div>`;
  void load(host);
  return html`<p class="words" dir="auto">${plain(text, me)}</p>`;
}

async function load(host: LitElement): Promise<void> {
  ({ markdown } = await import('./markdown.ts'));
  host.requestUpdate();
}

/** The beginning of a long text; all of a short one. @param steps how often more was asked for */
export function cut(text: string, steps: number): { text: string; isCut: boolean } {
  const limit = steps === 0 ? CUT.characters : steps * MORE;
  let end = Math.min(limit, text.length);
  if (steps === 0) end = Math.min(end, endOfLine(text, CUT.lines));
  // Not within a character of two halves.
  if (/[\uD800-\uDBFF]/.test(text.charAt(end - 1)) && end < text.length) end--;
  return { text: text.slice(0, end), isCut: end < text.length };
}

function endOfLine(text: string, lines: number): number {
  let end = -1;
  for (let line = 0; line < lines; line++) {
    end = text.indexOf('\n', end + 1);
    if (end < 0) return text.length;
  }
  return end;
}

import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** A web address, which does not end with the punctuation of the sentence around it; or a name that is called. */
const SPECIAL = /https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}]|(?<![\w@/.-])@[a-z0-9][a-z0-9_-]{0,63}/gi;

export type Piece = string | TemplateResult;

/** Text with its addresses as links and names marked. Everything is a text binding: nothing is ever read as HTML. */
export function plain(text: string, me: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(SPECIAL)) {
    const piece = found.startsWith('@') ? mention(found, me) : link(found, found);
    if (piece === undefined) continue;
    pieces.push(text.slice(end, index), piece);
    end = index + found.length;
  }
  pieces.push(text.slice(end));
  return pieces;
}

/** A link to the web; undefined for what is no web address, such as `javascript:`. */
export function link(address: string, shown: unknown): TemplateResult | undefined {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) return undefined;
  return html`<a href=${address} target="_blank" rel="noopener noreferrer">${shown}</a>`;
}

function mention(found: string, me: string): TemplateResult {
  const name = found.slice(1).toLowerCase();
  const isMe = name === me || name === 'all' || name === 'here';
  return html`<span class="mention ${isMe ? 'me' : ''}">${found}</span>`;
}

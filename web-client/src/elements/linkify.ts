import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** Where a web address may end: not with the punctuation of the sentence around it. */
const ADDRESS = /https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}]/g;

/** Text with its http(s) addresses as links. Everything goes through text bindings: nothing is ever read as HTML. */
export function linkified(text: string): (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let end = 0;
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    if (!isWebAddress(address)) continue;
    parts.push(
      text.slice(end, index),
      html`<a href=${address} target="_blank" rel="noopener noreferrer">${address}</a>`,
    );
    end = index + address.length;
  }
  parts.push(text.slice(end));
  return parts;
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

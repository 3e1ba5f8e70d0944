import { html, nothing } from 'lit';
import { lexer } from 'marked';
import type { MarkedToken, Token, Tokens } from 'marked';
import { link, plain } from './plain.ts';

/** Nested deeper than anybody means it. */
const DEEPEST = 12;

/**
 * Markdown as templates: the library only reads it, and every piece is put in through a binding, so that there is no
 * HTML to sanitise. What is HTML in the text stays text, and images are links: nobody learns who looks.
 */
export function markdown(text: string, me: string): unknown {
  try {
    return blocks(lexer(text, { gfm: true, breaks: true }), { me, depth: 0 });
  } catch {
    // Nested beyond what the library takes.
    return html`<p class="words">${plain(text, me)}</p>`;
  }
}

interface Context {
  readonly me: string;
  readonly depth: number;
}

function blocks(tokens: readonly Token[] | undefined, context: Context): unknown[] {
  return (tokens ?? []).map((token) =>
    context.depth > DEEPEST ? token.raw : block(token as MarkedToken, deeper(context)),
  );
}

function deeper({ me, depth }: Context): Context {
  return { me, depth: depth + 1 };
}

function block(token: MarkedToken, context: Context): unknown {
  switch (token.type) {
    case 'space':
    case 'def':
      return nothing;
    case 'paragraph':
      return html`<p dir="auto">${inline(token.tokens, context)}</p>`;
    case 'heading':
      return html`<p class="heading" dir="auto">${inline(token.tokens, context)}</p>`;
    case 'code':
      return html`<pre class="code" tabindex="0"><code>${token.text}</code></pre>`;
    case 'blockquote':
      return html`<blockquote>${blocks(token.tokens, context)}</blockquote>`;
    case 'list':
      return list(token, context);
    case 'table':
      return table(token, context);
    case 'hr':
      return html`<hr />`;
    case 'html':
      return html`<p dir="auto">${token.raw.trimEnd()}</p>`;
    default:
      return inline([token], context);
  }
}

function list({ ordered, start, items }: Tokens.List, context: Context): unknown {
  const rows = items.map(
    ({ task, checked, tokens }) =>
      html`<li dir="auto">${task ? (checked ? '☑ ' : '☐ ') : nothing}${blocks(tokens, context)}</li>`,
  );
  return ordered
    ? html`<ol start=${Number(start) || 1}>
        ${rows}
      </ol>`
    : html`<ul>
        ${rows}
      </ul>`;
}

function table({ header, rows }: Tokens.Table, context: Context): unknown {
  return html`<div class="table" tabindex="0">
    <table>
      <thead>
        <tr>
          ${header.map(({ tokens }) => html`<th>${inline(tokens, context)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(({ tokens }) => html`<td>${inline(tokens, context)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function inline(tokens: readonly Token[] | undefined, context: Context): unknown[] {
  if (context.depth > DEEPEST) return (tokens ?? []).map(({ raw }) => raw);
  return (tokens ?? []).map((token) => piece(token as MarkedToken, deeper(context)));
}

function piece(token: MarkedToken, context: Context): unknown {
  switch (token.type) {
    case 'strong':
      return html`<strong>${inline(token.tokens, context)}</strong>`;
    case 'em':
      return html`<em>${inline(token.tokens, context)}</em>`;
    case 'del':
      return html`<del>${inline(token.tokens, context)}</del>`;
    case 'codespan':
      return html`<code>${token.text}</code>`;
    case 'br':
      return html`<br />`;
    case 'link':
      return link(token.href, inline(token.tokens, context)) ?? token.raw;
    case 'image':
      return link(token.href, token.text || token.href) ?? token.raw;
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens ? inline(token.tokens, context) : plain(token.text, context.me);
    default:
      return token.raw;
  }
}

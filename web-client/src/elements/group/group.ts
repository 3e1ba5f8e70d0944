import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Group, Item, Reaction } from '../../state/rows.ts';
import { base, controls } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import type { IconName } from '../icon.ts';
import { linkified } from '../linkify.ts';
import '../mark/mark.ts';
import { momentOf, timeOf } from '../words.ts';
import { styles } from './group.styles.ts';

/** A message of ours that failed is tried again, or given up. */
export class RetryEvent extends Event {
  readonly id: string;
  readonly discard: boolean;

  constructor(id: string, discard: boolean) {
    super('parley-retry', { bubbles: true, composed: true });
    this.id = id;
    this.discard = discard;
  }
}

/** Entries of one sender, a few minutes apart at most. Fires `parley-retry`. */
@customElement('parley-group')
export class ParleyGroup extends LitElement {
  static override styles = [base, controls, styles];

  @property({ attribute: false }) group!: Group;
  /** Set when the sender is a device: the glyph of its kind. */
  @property() glyph: IconName | undefined;

  override render() {
    const { from, at, items } = this.group;
    return html`
      <parley-mark name=${from} .glyph=${this.glyph} size="36"></parley-mark>
      <div class="said">
        <p class="head">
          <span class="from" title=${from}>${from}</span>
          <time datetime=${new Date(at).toISOString()} title=${momentOf(at)}>${timeOf(at)}</time>
        </p>
        ${repeat(
          items,
          ({ key }) => key,
          (item, index) => this.#item(item, index),
        )}
      </div>
    `;
  }

  #item(item: Item, index: number) {
    const { outgoing, answers, at } = item;
    return html`<div class="item ${outgoing ? outgoing.state : ''}">
      ${index > 0 ? html`<time class="aside" title=${momentOf(at)}>${timeOf(at)}</time>` : nothing}
      ${
        answers
          ? html`<p class="answers">
              ${icon('reply', 14)}<b>${answers.from}</b><span>${answers.text || 'deleted'}</span>
            </p>`
          : nothing
      }
      ${this.#body(item)}
      ${item.reactions.length > 0 ? html`<p class="reactions">${item.reactions.map(chip)}</p>` : nothing}
      ${outgoing?.state === 'failed' ? this.#failed(outgoing.id, outgoing.reason) : nothing}
    </div>`;
  }

  #body({ kind, text, data, deleted, edited, outgoing }: Item) {
    if (deleted) return html`<p class="gone">This message was deleted.</p>`;
    if (kind === 'file')
      return html`<p class="file">${icon('file', 18)}<span>${fileName(data) ?? text ?? 'File'}</span></p>`;
    const pending = outgoing && outgoing.state !== 'failed';
    return html`
      ${
        text === undefined
          ? nothing
          : html`<p class=${kind === 'notice' ? 'notice' : 'text'} dir="auto">
              ${kind === 'notice' ? icon('note', 16) : nothing}<span class="words">${linkified(text)}</span
              >${edited ? html` <span class="quiet">(edited)</span>` : nothing}${pending ? html`<span class="clock" title="Not sent yet">${icon('clock', 14)}<span class="visually-hidden">Not sent yet</span></span>` : nothing}
            </p>`
      }
      ${data === undefined ? nothing : html`<pre class="data mono" tabindex="0">${JSON.stringify(data)}</pre>`}
    `;
  }

  #failed(id: string, reason: string | undefined) {
    const fire = (discard: boolean) => () => this.dispatchEvent(new RetryEvent(id, discard));
    return html`<p class="why">
      ${icon('alert', 16)}<span>Not sent. ${reason}</span>
      <button class="link" @click=${fire(false)}>Retry</button>
      <button class="link" @click=${fire(true)}>Discard</button>
    </p>`;
  }
}

function chip({ text, names }: Reaction) {
  return html`<span class="chip" title=${names.join(', ')}><span class="symbol">${text}</span>${names.length}</span>`;
}

function fileName(data: unknown): string | undefined {
  const name = (data as { name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? name : undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-group': ParleyGroup;
  }
}

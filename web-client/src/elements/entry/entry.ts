import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { sameItem } from '../../state/items.ts';
import type { Item, Reaction } from '../../state/items.ts';
import { base, controls } from '../../styles/shared.ts';
import '../file/file.ts';
import { icon } from '../icon.ts';
import type { IconName } from '../icon.ts';
import '../mark/mark.ts';
import { cut, richText } from '../text/text.ts';
import { textStyles } from '../text/text.styles.ts';
import { momentOf, timeOf } from '../words.ts';
import { styles } from './entry.styles.ts';
import { EntryEvent } from './events.ts';
import type { Act } from './events.ts';

/** One entry; the first of a group says who and when. What can be done with it shows on hover and focus. Fires `parley-entry`. */
@customElement('parley-entry')
export class ParleyEntry extends LitElement {
  static override styles = [base, controls, textStyles, styles];

  @property({ attribute: false, hasChanged: (now: Item, before?: Item) => !sameItem(now, before) }) item!: Item;
  @property({ type: Boolean, reflect: true }) head = false;
  /** Set when the sender is a device: the glyph of its kind. */
  @property() glyph: IconName | undefined;
  @property() me = '';
  /** Whether something can be sent at all. */
  @property({ type: Boolean }) closed = false;
  /** Set for a moment after one jumped here. */
  @property({ type: Boolean, reflect: true }) found = false;
  @state() private active = false;
  @state() private steps = 0;

  constructor() {
    super();
    const show = (): void => void (this.active = true);
    const hide = (): void => void (this.active = this.matches(':hover, :focus-within'));
    for (const event of ['pointerenter', 'focusin', 'touchstart'])
      this.addEventListener(event, show, { passive: true });
    for (const event of ['pointerleave', 'focusout']) this.addEventListener(event, hide);
    this.addEventListener('keydown', this.#pressed);
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('item') as Item | undefined;
    if (before && before.key !== this.item.key) this.steps = 0;
  }

  override render() {
    const { item, head } = this;
    const { at, send, answers, reactions } = item;
    return html`
      ${
        head
          ? html`<button class="who" tabindex="-1" aria-hidden="true" @click=${this.#person}>
              <parley-mark name=${item.from} .glyph=${this.glyph} size="36"></parley-mark>
            </button>`
          : html`<time class="aside" aria-hidden="true" title=${momentOf(at)}>${timeOf(at)}</time>`
      }
      <div class="said">
        ${head ? this.#heading() : html`<span class="visually-hidden">${item.from}, ${timeOf(at)}:</span>`}
        ${answers ? this.#answers(answers) : nothing}
        <div class="body ${send && send.state.state !== 'failed' ? 'pending' : ''} ${item.changing ? 'pending' : ''}">
          ${this.#body()}
        </div>
        ${reactions.length > 0 ? html`<p class="reactions">${reactions.map((one) => this.#chip(one))}</p>` : nothing}
        ${send?.state.state === 'failed' ? this.#failed(send.state.failure.message) : nothing}
      </div>
      ${this.active && !send && !item.deleted && !this.closed ? this.#actions() : nothing}
    `;
  }

  #heading() {
    const { from, at } = this.item;
    return html`<p class="head">
      <button class="from" title=${from} @click=${this.#person}>${from}</button>
      <time datetime=${new Date(at).toISOString()} title=${momentOf(at)}>${timeOf(at)}</time>
    </p>`;
  }

  #answers({ id, from, text }: NonNullable<Item['answers']>) {
    const said = from === undefined ? 'An earlier message' : text || 'A deleted message';
    return html`<button class="answers" @click=${this.#fire({ act: 'show', id })} title="Go there">
      ${icon('reply', 14)}<span class="visually-hidden">Answers </span>
      ${from === undefined ? nothing : html`<b>${from}</b>`} <span>${said.slice(0, 200)}</span>
    </button>`;
  }

  #body() {
    const { kind, text, data, deleted, from } = this.item;
    if (deleted) return html`<p class="gone">This message was deleted.</p>`;
    if (kind === 'file') return html`<parley-file .data=${data}></parley-file>${text ? this.#text(text) : nothing}`;
    if (kind === 'notice') return this.#notice(text ?? '', isAction(data) ? from : undefined);
    if (kind !== 'text' && kind !== 'data') return html`<p class="gone">${changeWords[kind]} ${text ?? ''}</p>`;
    return html`${text === undefined ? nothing : this.#text(text)}
    ${data === undefined ? nothing : html`<pre class="data mono" tabindex="0">${JSON.stringify(data).slice(0, 20_000)}</pre>`}`;
  }

  #notice(text: string, actor: string | undefined) {
    return html`<p class="notice" dir="auto">
      ${actor === undefined ? icon('note', 16) : nothing}<span class="words"
        >${actor === undefined ? nothing : html`<b>${actor}</b> `}${cut(text, 1).text}</span
      >${this.#signs()}
    </p>`;
  }

  #text(given: string) {
    const { text, isCut } = cut(given, this.steps);
    return html`<div class="text">${richText(this, text, this.me)}${this.#signs()}</div>
      ${
        isCut || this.steps > 0
          ? html`<button class="link more" @click=${() => (this.steps = isCut ? this.steps + 1 : 0)}>
              ${isCut ? 'Show more' : 'Show less'}
            </button>`
          : nothing
      }`;
  }

  #signs() {
    const { edited, send, changing } = this.item;
    const waits = (send && send.state.state !== 'failed') || changing;
    return html`${edited ? html`<span class="quiet edited">edited</span>` : nothing}${
      waits
        ? html`<span class="clock" title="Not sent yet"
            >${icon('clock', 14)}<span class="visually-hidden">Not sent yet</span></span
          >`
        : nothing
    }`;
  }

  #chip({ text, names, own }: Reaction) {
    return html`<button
      class="chip"
      aria-pressed=${own !== undefined}
      title=${names.join(', ')}
      aria-label=${`${text} ${names.length}: ${names.join(', ')}`}
      @click=${this.#fire({ act: 'react', text })}
    >
      <span class="symbol">${text}</span>${names.length}
    </button>`;
  }

  #actions() {
    const { from, kind } = this.item;
    const own = from === this.me;
    return html`<div class="actions" role="toolbar" aria-label="Message">
      ${this.#action('smile', 'React (E)', { act: 'emoji' })} ${this.#action('reply', 'Reply (R)', { act: 'reply' })}
      ${own && kind === 'text' ? this.#action('edit', 'Edit', { act: 'edit' }) : nothing}
      ${this.#action('link', 'Copy link', { act: 'link' })}
      ${own ? this.#action('clear', 'Delete', { act: 'delete' }) : nothing}
    </div>`;
  }

  #action(glyph: IconName, name: string, what: Act) {
    return html`<button class="icon-button" aria-label=${name} title=${name} @click=${this.#fire(what)}>
      ${icon(glyph, 18)}
    </button>`;
  }

  #failed(reason: string) {
    return html`<p class="why" role="alert">
      ${icon('alert', 16)}<span>Not sent. ${sentence(reason)}</span>
      <button class="link" @click=${this.#fire({ act: 'retry' })}>Retry</button>
      <button class="link" @click=${this.#fire({ act: 'discard' })}>Discard</button>
    </p>`;
  }

  #fire(what: Act): () => void {
    return () => this.dispatchEvent(new EntryEvent(this.item.key, what));
  }

  /** With the focus on the entry itself, not on something in it. */
  readonly #pressed = (event: KeyboardEvent): void => {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (event.composedPath()[0] !== this || ctrlKey || metaKey || altKey || this.item.send) return;
    const what = ({ r: 'reply', e: 'emoji' } as const)[key.toLowerCase()];
    if (!what || this.item.deleted) return;
    event.preventDefault();
    this.#fire({ act: what })();
  };

  readonly #person = (): void => this.#fire({ act: 'person', name: this.item.from })();
}

const changeWords: Readonly<Record<'edit' | 'delete' | 'reaction', string>> = {
  edit: 'A change to:',
  delete: 'Deleting a message',
  reaction: 'A reaction:',
};

/** `/me`: said of oneself. */
function isAction(data: Item['data']): boolean {
  return typeof data === 'object' && data !== null && !Array.isArray(data) && data['me'] === true;
}

function sentence(reason: string): string {
  const end = /[.!?]$/.test(reason) ? '' : '.';
  return reason.charAt(0).toUpperCase() + reason.slice(1) + end;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-entry': ParleyEntry;
  }
}

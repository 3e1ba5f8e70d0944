import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { watching } from '../../controllers/watch.ts';
import { isHere } from '../../state/people.ts';
import type { Session } from '../../state/session.ts';
import { base, controls, page } from '../../styles/shared.ts';
import '../faces/faces.ts';
import { icon } from '../icon.ts';
import { styles } from './header.styles.ts';

/** What stands beside the conversation. */
export type Detail = 'people' | 'channel' | 'search';

/** Something is to stand beside the conversation, or no longer. */
export class DetailEvent extends Event {
  readonly detail: Detail;

  constructor(detail: Detail) {
    super('parley-detail', { bubbles: true, composed: true });
    this.detail = detail;
  }
}

/** The bar over a conversation: where one is, its topic, and what can stand beside it. Fires `parley-detail`. */
@customElement('parley-chat-header')
export class ParleyChatHeader extends LitElement {
  static override styles = [base, controls, page, styles];

  @property({ attribute: false }) session!: Session;
  @property() place = '';
  @property() shown: Detail | '' = '';

  constructor() {
    super();
    watching(this, () => [this.session.people, this.session.channels, this.session.devices]);
  }

  override render() {
    const isDirect = this.place.startsWith('dm/');
    const name = this.place.replace(/^dm\//, '');
    const channel = isDirect ? undefined : this.session.channels.get(name);
    const here = this.#people();
    return html`<header class="bar">
      <a class="back icon-button" href="/c" aria-label="Back to channels">${icon('back')}</a>
      <h1 title=${name}>
        ${isDirect ? nothing : html`<span class="hash">${channel?.private ? icon('lock', 16) : '#'}</span>`}${name}
      </h1>
      <p class="grow topic" title=${channel?.topic ?? ''}>${channel?.topic ?? (isDirect ? this.#status(name) : '')}</p>
      ${this.#button('search', 'search', 'Search (/)')}
      ${this.#button('channel', 'gear', isDirect ? 'About this conversation' : 'About this channel')}
      <button
        class="button faces"
        aria-label=${`People: ${here.length} online`}
        aria-expanded=${this.shown === 'people'}
        @click=${() => this.dispatchEvent(new DetailEvent('people'))}
      >
        <parley-faces .names=${here}></parley-faces>
      </button>
    </header>`;
  }

  #button(detail: Detail, glyph: 'search' | 'gear', name: string) {
    return html`<button
      class="icon-button"
      aria-label=${name}
      title=${name}
      aria-expanded=${this.shown === detail}
      @click=${() => this.dispatchEvent(new DetailEvent(detail))}
    >
      ${icon(glyph)}
    </button>`;
  }

  #status(name: string): string {
    return this.session.people.presence(name)?.status ?? '';
  }

  #people(): string[] {
    const { people, devices } = this.session;
    const here = people.all().filter(({ name, presence }) => isHere(presence) && !devices.has(name));
    return here.map(({ name }) => name);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-chat-header': ParleyChatHeader;
  }
}

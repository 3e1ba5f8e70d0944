import { isName } from '@parley/shared';
import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { readName } from '../../state/me.ts';
import { base, controls } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import { listStyles } from '../list.styles.ts';
import { styles } from './channels.styles.ts';

export interface ChannelLink {
  readonly name: string;
  readonly unread: number;
  /** Set when something typed here is not sent. */
  readonly draft: boolean;
}

/** A channel to go to, which the first message to it makes. */
export class OpenChannelEvent extends Event {
  readonly channel: string;

  constructor(channel: string) {
    super('parley-open-channel', { bubbles: true, composed: true });
    this.channel = channel;
  }
}

/** The channels, with what is unread in each. Fires `parley-open-channel`. */
@customElement('parley-channels')
export class ParleyChannels extends LitElement {
  static override styles = [base, controls, listStyles, styles];

  @property({ attribute: false }) channels: readonly ChannelLink[] = [];
  @property() current = '';
  @state() private adding = false;
  @state() private problem = '';
  @query('input') private input!: HTMLInputElement;

  override render() {
    return html`
      <header>
        <h2>Channels</h2>
        <button
          class="icon-button"
          aria-label="Go to or make a channel"
          title="Go to or make a channel"
          aria-expanded=${this.adding}
          @click=${this.#toggle}
        >
          ${icon(this.adding ? 'close' : 'plus')}
        </button>
      </header>
      ${this.adding ? this.#form() : nothing}
      <nav aria-label="Channels">
        <ul>
          ${this.channels.map((channel) => html`<li>${this.#link(channel)}</li>`)}
        </ul>
      </nav>
    `;
  }

  #link({ name, unread, draft }: ChannelLink) {
    return html`<a
      href="/c/${name}"
      title=${name}
      class=${unread > 0 ? 'unread' : ''}
      aria-current=${name === this.current ? 'page' : nothing}
    >
      <span class="hash" aria-hidden="true">#</span><span class="name">${name}</span>
      ${draft && name !== this.current ? html`<span class="quiet">draft</span>` : nothing}
      ${
        unread > 0
          ? html`<span class="badge"
              >${unread > 999 ? '999+' : unread}<span class="visually-hidden"> unread</span></span
            >`
          : nothing
      }
    </a>`;
  }

  #form() {
    return html`<form novalidate @submit=${this.#submit} @keydown=${this.#escape}>
      <label class="label" for="channel">Channel name</label>
      <input
        id="channel"
        class="field"
        maxlength="64"
        autocapitalize="none"
        autocomplete="off"
        spellcheck="false"
        placeholder="workshop"
        aria-describedby="say"
        @input=${() => (this.problem = '')}
      />
      <p id="say" class="quiet ${this.problem ? 'problem' : ''}">
        ${this.problem || 'Its first message makes a new channel. Enter goes there.'}
      </p>
    </form>`;
  }

  readonly #toggle = async (): Promise<void> => {
    this.adding = !this.adding;
    this.problem = '';
    await this.updateComplete;
    if (this.adding) this.input.focus();
  };

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') void this.#toggle();
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const read = readName(this.input.value.replace(/^\s*#/, ''));
    if ('problem' in read || !isName(read.name)) {
      this.problem = 'problem' in read ? read.problem.replace(' to come in', '') : '';
      return;
    }
    this.adding = false;
    this.dispatchEvent(new OpenChannelEvent(read.name));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-channels': ParleyChannels;
  }
}

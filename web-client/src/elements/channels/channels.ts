import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { watching } from '../../controllers/watch.ts';
import { readName } from '../../state/me.ts';
import type { Session } from '../../state/session.ts';
import { formatRoute } from '../../state/route.ts';
import type { Theme } from '../../state/theme.ts';
import { base, controls } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import { listStyles } from '../list.styles.ts';
import '../mark/mark.ts';
import '../me/me.ts';
import { styles } from './channels.styles.ts';

/** A channel or direct conversation to go to. */
export class OpenPlaceEvent extends Event {
  readonly place: string;

  constructor(place: string) {
    super('parley-open-place', { bubbles: true, composed: true });
    this.place = place;
  }
}

/** The channels and direct conversations, with what is unread in each. Fires `parley-open-place`. */
@customElement('parley-channels')
export class ParleyChannels extends LitElement {
  static override styles = [base, controls, listStyles, styles];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) places: readonly string[] = [];
  @property() current = '';
  @property() theme: Theme = 'system';
  @state() private adding = false;
  @state() private problem = '';
  @query('input') private input!: HTMLInputElement;

  constructor() {
    super();
    watching(this, () => {
      const { channels, unread, people } = this.session;
      return [channels, unread, people];
    });
  }

  override render() {
    const directs = this.places.filter((place) => place.startsWith('dm/'));
    const channels = this.places.filter((place) => !place.startsWith('dm/'));
    return html`
      <header>
        <h2>Channels</h2>
        <button
          class="icon-button"
          aria-label="Make a channel"
          title="Make a channel"
          aria-expanded=${this.adding}
          @click=${this.#toggle}
        >
          ${icon(this.adding ? 'close' : 'plus')}
        </button>
        <parley-me user=${this.session.user} theme=${this.theme}></parley-me>
      </header>
      ${this.adding ? this.#form() : nothing}
      <nav aria-label="Channels">
        <ul>
          ${channels.map((place) => html`<li>${this.#link(place)}</li>`)}
        </ul>
      </nav>
      ${
        directs.length > 0
          ? html`<nav aria-labelledby="directs">
              <h3 id="directs">Direct messages</h3>
              <ul>
                ${directs.map((place) => html`<li>${this.#link(place)}</li>`)}
              </ul>
            </nav>`
          : nothing
      }
    `;
  }

  #link(place: string) {
    const { session, current } = this;
    const name = place.replace(/^dm\//, '');
    const { unread, mentions } = session.unread.of(place);
    const isMuted = session.channels.isMuted(place);
    const hasDraft = place !== current && session.drafts.get(place) !== '';
    return html`<a
      href=${formatRoute({ area: 'chat', place })}
      title=${name}
      class="${unread > 0 && !isMuted ? 'unread' : ''} ${isMuted ? 'muted' : ''}"
      aria-current=${place === current ? 'page' : nothing}
    >
      ${this.#sign(place, name)}<span class="name">${name}</span>
      ${hasDraft ? html`<span class="quiet">draft</span>` : nothing}
      ${isMuted ? html`<span class="quiet" title="Muted">${icon('mute', 14)}</span>` : nothing}
      ${unread > 0 && (!isMuted || mentions > 0) ? badge(isMuted ? mentions : unread, mentions) : nothing}
    </a>`;
  }

  #sign(place: string, name: string) {
    const { people, channels } = this.session;
    if (place.startsWith('dm/')) {
      return html`<parley-mark
        name=${name}
        size="20"
        status=${people.presence(name)?.status ?? 'offline'}
      ></parley-mark>`;
    }
    if (channels.get(name)?.private) return html`<span class="hash" title="Private">${icon('lock', 14)}</span>`;
    return html`<span class="hash" aria-hidden="true">#</span>`;
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
      <label class="check"><input id="private" type="checkbox" /> Private: only its members see it</label>
      <p id="say" class="quiet ${this.problem ? 'problem' : ''}" role=${this.problem ? 'alert' : nothing}>
        ${this.problem || 'Enter makes it, or goes there when it exists.'}
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
    // A checkbox in a form does not submit by Enter everywhere.
    if (event.key === 'Enter') void this.#submit(event);
  };

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const read = readName(this.input.value.replace(/^\s*#/, ''));
    if ('problem' in read) {
      this.problem = read.problem.replace(' to come in', '');
      return;
    }
    const { api, channels } = this.session;
    const isPrivate = this.renderRoot.querySelector<HTMLInputElement>('#private')!.checked;
    try {
      if (!channels.get(read.name)) await api.createChannel(read.name, { private: isPrivate });
    } catch (error) {
      this.problem = (error as Error).message;
      return;
    }
    channels.setLeft(read.name, false);
    this.adding = false;
    this.dispatchEvent(new OpenPlaceEvent(read.name));
  };
}

function badge(many: number, mentions: number) {
  const label = mentions > 0 ? `, ${mentions} for you` : '';
  return html`<span class="badge ${mentions > 0 ? 'called' : ''}"
    >${mentions > 0 ? '@ ' : ''}${many > 999 ? '999+' : many}<span class="visually-hidden"> unread${label}</span></span
  >`;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-channels': ParleyChannels;
  }
}

import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Found } from '../../link/api.ts';
import { formatRoute } from '../../state/route.ts';
import { placeOf } from '../../state/search.ts';
import type { Session } from '../../state/session.ts';
import { base, controls } from '../../styles/shared.ts';
import { CloseDetailEvent } from '../detail.ts';
import { detailStyles } from '../detail.styles.ts';
import { icon } from '../icon.ts';
import { agoOf, momentOf } from '../words.ts';
import { styles } from './search.styles.ts';

const WAIT_MS = 250;
const LIMIT = 50;

/** Searches what was said, here or everywhere, by anyone or by one. Fires `parley-close-detail`. */
@customElement('parley-search')
export class ParleySearch extends LitElement {
  static override styles = [base, controls, detailStyles, styles];

  @property({ attribute: false }) session!: Session;
  @property() place = '';
  @state() private found: readonly Found[] | undefined;
  @state() private problem = '';
  @query('#words') private words!: HTMLInputElement;
  @query('#from') private from!: HTMLInputElement;
  @query('#here') private here!: HTMLInputElement;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  override firstUpdated(): void {
    this.words.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render() {
    const isDirect = this.place.startsWith('dm/');
    return html`
      <header>
        <h2>Search</h2>
        <button
          class="icon-button"
          aria-label="Close search"
          @click=${() => this.dispatchEvent(new CloseDetailEvent())}
        >
          ${icon('close')}
        </button>
      </header>
      <form role="search" @submit=${this.#now} @input=${this.#soon}>
        <input
          id="words"
          class="field"
          type="search"
          aria-label="Words to search for"
          placeholder="Words"
          autocomplete="off"
        />
        <div class="filters">
          <input
            id="from"
            class="field"
            aria-label="Only from"
            placeholder="From anyone"
            list="people"
            autocapitalize="none"
            autocomplete="off"
          />
          <datalist id="people">
            ${this.session.people.all().map(({ name }) => html`<option value=${name}></option>`)}
          </datalist>
          <label ?hidden=${isDirect}><input id="here" type="checkbox" /> Only #${this.place}</label>
        </div>
      </form>
      <div class="inside" aria-live="polite">${this.#results()}</div>
    `;
  }

  #results() {
    if (this.problem) return html`<p class="problem" role="alert">${this.problem}</p>`;
    if (!this.found) return html`<p class="quiet">All words, in any order; the last may be unfinished.</p>`;
    if (this.found.length === 0) return html`<p class="quiet">Nothing was found.</p>`;
    return html`<p class="quiet">
        ${this.found.length === LIMIT ? `The newest ${LIMIT}` : `${this.found.length} found`}
      </p>
      <ul>
        ${this.found.map((entry) => this.#result(entry))}
      </ul>`;
  }

  #result({ topic, seq, from, at, text, data }: Found) {
    const place = placeOf(topic, this.session.user);
    if (place === undefined) return nothing;
    const shown = text ?? JSON.stringify(data ?? '');
    return html`<li>
      <a href=${formatRoute({ area: 'chat', place, at: seq })}>
        <span class="meta"
          ><b>${from}</b> ${place.startsWith('dm/') ? place.slice(3) : `#${place}`}
          <time title=${momentOf(at)}>${agoOf(at)}</time></span
        >
        <span class="said" dir="auto">${shown.slice(0, 300)}</span>
      </a>
    </li>`;
  }

  readonly #soon = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#search(), WAIT_MS);
  };

  readonly #now = (event: Event): void => {
    event.preventDefault();
    clearTimeout(this.#timer);
    void this.#search();
  };

  async #search(): Promise<void> {
    const asked = ++this.#asked;
    const q = this.words.value.trim();
    const from = this.from.value.trim().toLowerCase();
    this.problem = '';
    if (q === '') return void (this.found = undefined);
    try {
      const found = await this.session.api.search({
        q,
        limit: LIMIT,
        ...(from !== '' && { from }),
        ...(this.here.checked && { channel: this.place }),
      });
      // A later question has another answer.
      if (asked === this.#asked) this.found = found;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.problem =
        error instanceof TypeError ? 'The hub does not answer. Search needs it.' : (error as Error).message;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-search': ParleySearch;
  }
}

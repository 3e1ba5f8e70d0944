import { LitElement, html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { watching } from '../../controllers/watch.ts';
import type { Inspector } from '../../state/inspector.ts';
import { formatRoute } from '../../state/route.ts';
import type { Session } from '../../state/session.ts';
import { base, controls, page } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import '../seen/seen.ts';
import { count } from '../words.ts';
import { styles } from './topics.styles.ts';

/** A filter to listen to. */
export class FilterEvent extends Event {
  readonly filter: string;

  constructor(filter: string) {
    super('parley-filter', { bubbles: true, composed: true });
    this.filter = filter;
  }
}

/** The publish form is asked for, or no longer. */
class TogglePublishEvent extends Event {
  constructor() {
    super('parley-toggle-publish', { bubbles: true, composed: true });
  }
}

/** Any filter, live. Fires `parley-filter` and `parley-toggle-publish`. */
@customElement('parley-topics')
export class ParleyTopics extends LitElement {
  static override styles = [base, controls, page, styles];

  @property({ attribute: false }) session!: Session;
  @property() filter = '';
  @property({ type: Boolean }) publishShown = false;
  @query('input') private input!: HTMLInputElement;

  constructor() {
    super();
    watching(this, () => [this.session.inspector]);
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('filter') && this.filter !== '') this.session.inspector.listen(this.filter);
  }

  override render() {
    const { inspector } = this.session;
    return html`
      <header class="bar">
        <h1 class="visually-hidden">Topics</h1>
        <form @submit=${this.#submit}>
          <label class="visually-hidden" for="filter">Topic filter</label>
          <input
            id="filter"
            class="field mono"
            .value=${this.filter}
            placeholder="Topic filter, such as devices/#"
            autocapitalize="none"
            autocomplete="off"
            spellcheck="false"
            maxlength="1000"
          />
          <button class="button">Subscribe</button>
        </form>
        <button
          class="button primary"
          aria-label="Publish"
          aria-expanded=${this.publishShown}
          @click=${() => this.dispatchEvent(new TogglePublishEvent())}
        >
          ${icon('publish', 18)}<span class="wide">Publish</span>
        </button>
      </header>
      ${this.filter === '' ? this.#empty() : this.#live(inspector)}
    `;
  }

  #live(inspector: Inspector) {
    const { seen, paused, held, problem } = inspector;
    if (problem !== undefined) {
      return html`<div class="empty" role="alert">
        <h2>Nothing is listened to</h2>
        <p>${problem}</p>
      </div>`;
    }
    return html`
      <div class="tools">
        <p class="quiet" role="status">${this.#state(inspector)}</p>
        <button class="button" aria-pressed=${paused} @click=${() => inspector.pause(!paused)}>
          ${icon(paused ? 'play' : 'pause', 16)}${paused ? (held > 0 ? `Resume, ${held} new` : 'Resume') : 'Pause'}
        </button>
        <button class="button" ?disabled=${seen.length + held === 0} @click=${() => inspector.clear()}>
          ${icon('clear', 16)}Clear
        </button>
      </div>
      <div
        class="scroll"
        tabindex="0"
        role="log"
        aria-live="off"
        aria-label="Messages"
        @parley-inspect=${() => inspector.pause(true)}
      >
        ${repeat(
          seen,
          ({ key }) => key,
          (message) => html`<parley-seen .message=${message}></parley-seen>`,
        )}
        ${seen.length === 0 ? html`<p class="waiting quiet">Waiting for the first message …</p>` : nothing}
      </div>
    `;
  }

  #state({ count: arrived, seen, link }: Inspector): string {
    if (link.status.state !== 'online') return 'Not connected; what is sent meanwhile is not seen here.';
    const kept = arrived > seen.length && seen.length >= 500 ? `, the newest ${seen.length} are kept` : '';
    return `${count(arrived, 'message')}${kept}`;
  }

  #empty() {
    const filters = ['#', 'chat/+', 'devices/#'];
    return html`<div class="scroll">
      <div class="empty">
        <h2>Look at any topic</h2>
        <p>
          Subscribe to a filter to see every message that passes. <span class="mono">+</span> stands for one level,
          <span class="mono">#</span> for all that follow.
        </p>
        <p class="tries">
          ${filters.map((filter) => html`<a class="button mono" href=${formatRoute({ area: 'topics', filter })}>${filter}</a>`)}
        </p>
      </div>
    </div>`;
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const filter = this.input.value.trim();
    if (filter !== '') this.dispatchEvent(new FilterEvent(filter));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-topics': ParleyTopics;
  }
}

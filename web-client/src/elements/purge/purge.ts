import { isFilter } from '@parley/shared';
import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Purge } from '../../state/topics/inspector.ts';
import { visible } from '../../state/topics/visible.ts';
import { base, controls } from '../../styles/shared.ts';
import { count } from '../words.ts';
import { styles } from './purge.styles.ts';

/** Retained messages of these topics are to be emptied. */
export class PurgeEvent extends Event {
  readonly filter: string;
  readonly topics: readonly string[];

  constructor(filter: string, topics: readonly string[]) {
    super('parley-purge', { bubbles: true, composed: true });
    this.filter = filter;
    this.topics = topics;
  }
}

/** The dialog is closed. */
class ClosePurgeEvent extends Event {
  constructor() {
    super('parley-close-purge', { bubbles: true, composed: true });
  }
}

const LISTED = 8;

/**
 * Asks which retained messages to clear, says how many that are, clears after one more look, and tells how it went. It
 * knows those that were seen here. Fires `parley-purge` and `parley-close-purge`.
 */
@customElement('parley-purge')
export class ParleyPurge extends LitElement {
  static override styles = [base, controls, styles];

  /** Topics of a filter with a retained message. */
  @property({ attribute: false }) find: (filter: string) => readonly string[] = () => [];
  /** The filter to begin with. */
  @property() filter = '#';
  @property({ attribute: false }) progress: Purge | undefined;
  @state() private sure = false;
  @query('dialog') private dialog!: HTMLDialogElement;

  override firstUpdated(): void {
    this.dialog.showModal();
  }

  override render() {
    const { progress } = this;
    return html`<dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new ClosePurgeEvent())}>
      <h2 id="title">Clear retained messages</h2>
      ${progress ? this.#told(progress) : this.#asked()}
    </dialog>`;
  }

  #asked() {
    const found = isFilter(this.filter) ? this.find(this.filter) : [];
    return html`<form method="dialog" @submit=${(event: Event) => this.#submit(event, found)}>
      <div>
        <label class="label" for="filter">Topic filter</label>
        <input
          id="filter"
          class="field mono"
          .value=${this.filter}
          autocapitalize="none"
          autocomplete="off"
          spellcheck="false"
          @input=${this.#typed}
        />
      </div>
      <p role="status">${this.#words(found.length)}</p>
      ${
        found.length > 0
          ? html`<ul class="mono">
              ${found.slice(0, LISTED).map((topic) => html`<li>${visible(topic)}</li>`)}
              ${found.length > LISTED ? html`<li class="quiet">and ${found.length - LISTED} more</li>` : nothing}
            </ul>`
          : nothing
      }
      <div class="row">
        <button class="button" type="button" @click=${() => this.dialog.close()}>Cancel</button>
        <button class="button ${this.sure ? 'danger' : ''}" ?disabled=${found.length === 0}>
          ${this.sure ? `Yes, clear ${found.length}` : `Clear ${found.length} …`}
        </button>
      </div>
    </form>`;
  }

  #told({ total, done, refused, reason }: Purge) {
    const over = done + refused === total;
    return html`<p role="status">
        ${over ? `Cleared ${done} of ${total}.` : `Clearing, ${done + refused} of ${total} …`}
      </p>
      <progress max=${total} value=${done + refused} aria-label="Progress"></progress>
      ${refused > 0 ? html`<p class="bad">${count(refused, 'was', 'were')} not cleared. ${reason}</p>` : nothing}
      <div class="row">
        <button class="button primary" ?disabled=${!over} @click=${() => this.dialog.close()}>Done</button>
      </div>`;
  }

  #words(found: number): string {
    if (!isFilter(this.filter)) return 'This is not a topic filter: + and # stand alone, # only at the end.';
    if (found === 0) return 'No retained message of this filter was seen here.';
    const them = `${count(found, 'retained message')} of this filter ${found === 1 ? 'was' : 'were'} seen here.`;
    return this.sure ? `${them} The hub forgets them for everybody. This cannot be undone.` : them;
  }

  readonly #typed = ({ target }: Event): void => {
    this.filter = (target as HTMLInputElement).value.trim();
    this.sure = false;
  };

  #submit(event: Event, found: readonly string[]): void {
    event.preventDefault();
    if (this.sure) this.dispatchEvent(new PurgeEvent(this.filter, found));
    else this.sure = true;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-purge': ParleyPurge;
  }
}

import { LitElement, html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { base, controls } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import { styles } from './composer.styles.ts';

/** Something was written and is to be sent; whoever cannot take it prevents the default, and it stays. */
export class SendEvent extends Event {
  readonly text: string;

  constructor(text: string) {
    super('parley-send', { bubbles: true, composed: true, cancelable: true });
    this.text = text;
  }
}

/** What is being written changed. */
export class DraftEvent extends Event {
  readonly text: string;

  constructor(text: string) {
    super('parley-draft', { bubbles: true, composed: true });
    this.text = text;
  }
}

/** Where one writes: Enter sends, Shift-Enter breaks the line. Fires `parley-send` and `parley-draft`. */
@customElement('parley-composer')
export class ParleyComposer extends LitElement {
  static override styles = [base, controls, styles];

  @property() channel = '';
  @property() label = '';
  /** What was left here unsent. */
  @property() draft = '';
  /** Why what is written cannot be sent. */
  @property() problem = '';
  @query('textarea') private area!: HTMLTextAreaElement;

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('channel')) return;
    this.area.value = this.draft;
    // A phone's keyboard would cover what one came to read.
    if (matchMedia('(hover: hover)').matches) this.area.focus({ preventScroll: true });
  }

  override render() {
    return html`${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <form @submit=${this.#submit}>
        <textarea
          rows="1"
          aria-label=${this.label}
          placeholder=${this.label}
          enterkeyhint="send"
          dir="auto"
          @input=${() => this.dispatchEvent(new DraftEvent(this.area.value))}
          @keydown=${this.#pressed}
        ></textarea>
        <button class="send" aria-label="Send" title="Send (Enter)">${icon('send')}</button>
      </form>`;
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    // Enter that picks a word from an input method is not ours.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    this.#send();
    this.area.focus();
  };

  #send(): void {
    const text = this.area.value.trim();
    if (text === '') return;
    if (!this.dispatchEvent(new SendEvent(text))) return;
    this.area.value = '';
    this.dispatchEvent(new DraftEvent(''));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-composer': ParleyComposer;
  }
}

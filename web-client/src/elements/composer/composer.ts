import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Uploads } from '../../state/uploads.ts';
import { watching } from '../../controllers/watch.ts';
import { base, controls } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import '../mark/mark.ts';
import { choicesFor, deviceAt, devicesFor, wordAt } from './completion.ts';
import type { Choice, Known } from './completion.ts';
import { styles } from './composer.styles.ts';
import { ComposerEvent, DraftEvent, FilesEvent, SendEvent } from './events.ts';
import './uploads.ts';

/** What the next message is about. */
export interface About {
  readonly type: 'reply' | 'edit';
  readonly from: string;
  readonly text: string;
}

/**
 * Where one writes: Enter sends, Shift-Enter breaks the line; `@`, `#`, `:` and `/` offer what could be meant.
 * Fires `parley-send`, `parley-draft`, `parley-files` and `parley-composer`.
 */
@customElement('parley-composer')
export class ParleyComposer extends LitElement {
  static override styles = [base, controls, styles];

  @property() place = '';
  @property() label = '';
  /** What was left here unsent. */
  @property() draft = '';
  /** Why what is written cannot be sent. */
  @property() problem = '';
  @property({ attribute: false }) about: About | undefined;
  @property({ attribute: false }) uploads!: Uploads;
  @property({ attribute: false }) known: () => Omit<Known, 'emoji'> = () => ({ people: [], channels: [], devices: [] });
  @state() private choices: readonly Choice[] = [];
  @state() private chosen = 0;
  @query('textarea') private area!: HTMLTextAreaElement;
  @query('input[type=file]') private picker!: HTMLInputElement;
  #from = 0;
  #emoji: Known['emoji'] = [];

  constructor() {
    super();
    watching(this, () => [this.uploads]);
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('place')) return;
    this.area.value = this.draft;
    this.choices = [];
    // A phone's keyboard would cover what one came to read.
    if (matchMedia('(hover: hover)').matches) this.area.focus({ preventScroll: true });
  }

  /** Puts words in the box in place of what is there, and the caret behind them. */
  fill(text: string): void {
    this.area.value = text;
    this.area.focus();
    this.area.setSelectionRange(text.length, text.length);
    this.dispatchEvent(new DraftEvent(text));
  }

  override focus(): void {
    this.area.focus();
  }

  override render() {
    return html`
      ${this.#list()} ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <form @submit=${this.#submit}>
        ${this.about ? this.#about(this.about) : nothing}
        <parley-uploads .uploads=${this.uploads}></parley-uploads>
        <div class="line">
          <button
            type="button"
            class="icon-button"
            aria-label="Attach a file"
            title="Attach a file"
            @click=${() => this.picker.click()}
          >
            ${icon('clip')}
          </button>
          <input type="file" multiple hidden tabindex="-1" @change=${this.#picked} />
          <textarea
            rows="1"
            aria-label=${this.label}
            placeholder=${this.label}
            aria-autocomplete="list"
            aria-controls="choices"
            aria-activedescendant=${this.choices.length > 0 ? `choice-${this.chosen}` : nothing}
            enterkeyhint="send"
            dir="auto"
            @input=${this.#typed}
            @keydown=${this.#pressed}
            @paste=${this.#pasted}
            @blur=${() => (this.choices = [])}
          ></textarea>
          <button
            type="button"
            class="icon-button emoji"
            aria-label="Insert an emoji"
            title="Insert an emoji"
            @click=${this.#pickEmoji}
          >
            ${icon('smile')}
          </button>
          <button
            class="send ${this.uploads.items.length > 0 ? 'ready' : ''}"
            aria-label="Send"
            title="Send (Enter)"
            ?disabled=${this.uploads.isBusy}
          >
            ${icon('send')}
          </button>
        </div>
      </form>
    `;
  }

  #about({ type, from, text }: About) {
    return html`<p class="about">
      ${icon(type === 'reply' ? 'reply' : 'edit', 16)}
      <span><b>${type === 'reply' ? `Reply to ${from}` : 'Edit'}</b> ${text.slice(0, 160)}</span>
      <button
        type="button"
        class="icon-button"
        aria-label="Cancel"
        title="Cancel (Esc)"
        @click=${() => this.#tell('cancel')}
      >
        ${icon('close', 16)}
      </button>
    </p>`;
  }

  #list() {
    return html`<ul
      id="choices"
      class="choices"
      role="listbox"
      aria-label="Suggestions"
      ?hidden=${this.choices.length === 0}
    >
      ${this.choices.map(
        ({ label, about, name }, index) =>
          html`<li
            id="choice-${index}"
            role="option"
            aria-selected=${index === this.chosen}
            @pointerdown=${(event: Event) => (event.preventDefault(), this.#choose(index))}
          >
            ${name === undefined ? nothing : html`<parley-mark name=${name} size="20"></parley-mark>`}
            <span>${label}</span><span class="quiet">${about}</span>
          </li>`,
      )}
    </ul>`;
  }

  readonly #typed = (): void => {
    this.dispatchEvent(new DraftEvent(this.area.value));
    this.#suggest();
  };

  #suggest(): void {
    const { value, selectionStart } = this.area;
    const known = { ...this.known(), emoji: this.#emoji };
    const device = deviceAt(value, selectionStart);
    const word = wordAt(value, selectionStart);
    this.#from = device?.start ?? word?.start ?? 0;
    this.choices = device ? devicesFor(device.typed, known) : word ? choicesFor(word, known) : [];
    this.chosen = 0;
    if (word?.sign === ':' && this.#emoji.length === 0) void this.#loadEmoji();
  }

  async #loadEmoji(): Promise<void> {
    ({ emoji: this.#emoji } = await import('../emoji/table.ts'));
    this.#suggest();
  }

  #choose(index: number): void {
    const { insert } = this.choices[index]!;
    this.area.setRangeText(insert, this.#from, this.area.selectionStart, 'end');
    this.choices = [];
    this.dispatchEvent(new DraftEvent(this.area.value));
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    // Enter that picks a word from an input method is not ours.
    if (event.isComposing) return;
    if (this.choices.length > 0 ? this.#inList(event.key) : this.#inBox(event)) event.preventDefault();
  };

  #inList(key: string): boolean {
    const step = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (step !== undefined) this.chosen = (this.chosen + step + this.choices.length) % this.choices.length;
    else if (key === 'Enter' || key === 'Tab') this.#choose(this.chosen);
    else if (key === 'Escape') this.choices = [];
    else return false;
    return true;
  }

  #inBox({ key, shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
    if (key === 'Enter' && !shiftKey) this.#send();
    else if (key === 'Escape') this.#tell(this.about ? 'cancel' : 'read');
    else if (key === 'ArrowUp' && this.area.value === '' && !(shiftKey || altKey || ctrlKey || metaKey)) {
      this.#tell('edit-last');
    } else return false;
    return true;
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    this.#send();
    this.area.focus();
  };

  #send(): void {
    const text = this.area.value.trim();
    if (this.uploads.isBusy || (text === '' && this.uploads.items.length === 0)) return;
    if (!this.dispatchEvent(new SendEvent(text))) return;
    this.area.value = '';
    this.dispatchEvent(new DraftEvent(''));
  }

  #tell(what: ComposerEvent['what']): void {
    this.dispatchEvent(new ComposerEvent(what));
  }

  readonly #picked = (): void => {
    this.#give([...(this.picker.files ?? [])]);
    this.picker.value = '';
  };

  /** A picture from the clipboard; text is pasted as ever. */
  readonly #pasted = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.#give(files);
  };

  #give(files: readonly File[]): void {
    if (files.length > 0) this.dispatchEvent(new FilesEvent(files));
    this.area.focus();
  }

  readonly #pickEmoji = async (event: Event): Promise<void> => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const { pickEmoji } = await import('../emoji/picker.ts');
    const symbol = await pickEmoji(box);
    if (symbol !== undefined) this.area.setRangeText(symbol, this.area.selectionStart, this.area.selectionEnd, 'end');
    this.area.focus();
    this.#typed();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-composer': ParleyComposer;
  }
}

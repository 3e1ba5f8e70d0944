import { LitElement, html } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { base, controls } from '../../styles/shared.ts';
import { styles } from './picker.styles.ts';
import { emoji } from './table.ts';

/** An emoji was chosen. */
class PickEvent extends Event {
  readonly symbol: string;

  constructor(symbol: string) {
    super('parley-pick');
    this.symbol = symbol;
  }
}

const COLUMNS = 8;

/** Emoji to choose from, by pointer or by keys, in a popover. Fires `parley-pick`. */
@customElement('parley-emoji-picker')
export class ParleyEmojiPicker extends LitElement {
  static override styles = [base, controls, styles];

  @state() private typed = '';
  @query('input') private input!: HTMLInputElement;

  constructor() {
    super();
    this.addEventListener('toggle', (event) => event.newState === 'closed' && this.remove());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.popover = 'auto';
  }

  override firstUpdated(): void {
    this.input.focus();
  }

  override render() {
    const wanted = this.typed.trim().toLowerCase();
    const shown = emoji.filter(([symbol, names]) => names.includes(wanted) || symbol === wanted);
    return html`
      <input
        class="field"
        type="search"
        aria-label="Find an emoji"
        placeholder="Find an emoji"
        @input=${() => (this.typed = this.input.value)}
        @keydown=${this.#typedKey}
      />
      <div class="grid" role="listbox" aria-label="Emoji" @keydown=${this.#moved}>
        ${shown.map(
          ([symbol, names]) =>
            html`<button
              role="option"
              aria-selected="false"
              title=${names.split(' ')[0]!}
              @click=${() => this.#pick(symbol)}
            >
              ${symbol}
            </button>`,
        )}
      </div>
      ${shown.length === 0 ? html`<p class="quiet">None is called that.</p>` : ''}
    `;
  }

  #pick(symbol: string): void {
    this.dispatchEvent(new PickEvent(symbol));
    this.hidePopover();
  }

  get #buttons(): HTMLButtonElement[] {
    return [...this.renderRoot.querySelectorAll('button')];
  }

  readonly #typedKey = (event: KeyboardEvent): void => {
    const [first] = this.#buttons;
    if (event.key === 'ArrowDown') first?.focus();
    else if (event.key === 'Enter') first?.click();
    else return;
    event.preventDefault();
  };

  readonly #moved = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = this.#buttons.indexOf(event.target as HTMLButtonElement) + step;
    if (at < 0) this.input.focus();
    else this.#buttons[at]?.focus();
  };
}

/** Opens a picker beside a box, within the window. @returns the symbol, undefined when none was chosen */
export function pickEmoji(beside: DOMRect): Promise<string | undefined> {
  const picker = document.createElement('parley-emoji-picker');
  document.body.append(picker);
  picker.showPopover();
  const { width, height } = { width: 312, height: 280 };
  const below = beside.bottom + 4 + height < innerHeight;
  picker.style.left = `${Math.max(8, Math.min(beside.right - width, innerWidth - width - 8))}px`;
  picker.style.top = `${Math.max(8, below ? beside.bottom + 4 : beside.top - height - 4)}px`;
  return new Promise((resolve) => {
    picker.addEventListener('parley-pick', (event) => resolve((event as PickEvent).symbol), { once: true });
    picker.addEventListener('toggle', (event) => event.newState === 'closed' && resolve(undefined));
  });
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-emoji-picker': ParleyEmojiPicker;
  }
}

import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base, controls } from '../../styles/shared.ts';
import { DialogElement } from '../dialog/dialog.ts';
import { dialogStyles } from '../dialog/dialog.styles.ts';

/** A question before something that cannot be undone. Fires `parley-answered` when it closes; `answer` has it then. */
@customElement('parley-ask')
export class ParleyAsk extends DialogElement {
  static override styles = [
    base,
    controls,
    dialogStyles,
    css`
      dialog {
        width: min(440px, 100vw - 2 * var(--space-3));
      }

      .body {
        display: grid;
        gap: var(--space-5);
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: var(--space-2);
      }

      .danger {
        border-color: var(--bad);
        color: var(--bad-text);
      }
    `,
  ];

  @property() override title = '';
  @property() words = '';
  /** Empty where there is nothing to decide. */
  @property() yes = '';
  @property() no = '';
  answer = false;

  override firstUpdated(): void {
    super.firstUpdated();
    this.dialog.addEventListener('close', () => this.dispatchEvent(new Event('parley-answered')));
  }

  override render() {
    return html`<dialog aria-labelledby="title" aria-describedby="words">
      <div class="title"><h2 id="title">${this.title}</h2></div>
      <div class="body">
        <p id="words">${this.words}</p>
        <div class="row">
          <button class="button" autofocus @click=${this.close}>${this.no}</button>
          ${this.yes ? html`<button class="button danger" @click=${this.#agree}>${this.yes}</button>` : nothing}
        </div>
      </div>
    </dialog>`;
  }

  readonly #agree = (): void => {
    this.answer = true;
    this.close();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-ask': ParleyAsk;
  }
}

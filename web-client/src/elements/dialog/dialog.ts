import { LitElement } from 'lit';
import { query } from 'lit/decorators.js';

/** An element that is one modal dialog: it opens when it is put in the page, and leaves the page when it closes. */
export abstract class DialogElement extends LitElement {
  @query('dialog') protected dialog!: HTMLDialogElement;

  override firstUpdated(): void {
    this.dialog.addEventListener('close', () => this.remove());
    // A click beside it closes it.
    this.dialog.addEventListener('click', (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.showModal();
  }

  protected readonly close = (): void => this.dialog.close();
}

/** Opens one in the page, unless one of its kind is open already. */
export function openDialog<Dialog extends DialogElement>(dialog: Dialog): Dialog {
  if (document.querySelector(dialog.localName) === null) document.body.append(dialog);
  return dialog;
}

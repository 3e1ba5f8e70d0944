import { LitElement, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { copyText } from '../../link/clipboard.ts';
import { base, controls } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import { styles } from './copy.styles.ts';

const SAID_MS = 2000;

/** A line for a terminal, with a button that copies it. */
@customElement('parley-copy')
export class ParleyCopy extends LitElement {
  static override styles = [base, controls, styles];

  @property() line = '';
  @state() private outcome: 'copied' | 'failed' | undefined;

  override render() {
    const said = { copied: 'Copied', failed: 'Select and copy it by hand' };
    return html`
      <code class="mono">${words(this.line)}</code>
      <button class="icon-button" aria-label="Copy the line" title="Copy" @click=${this.#copy}>
        ${icon(this.outcome === 'copied' ? 'check' : 'copy', 18)}
      </button>
      <span class="visually-hidden" role="status">${this.outcome ? said[this.outcome] : ''}</span>
    `;
  }

  readonly #copy = async (): Promise<void> => {
    this.outcome = (await copyText(this.line, this.renderRoot)) ? 'copied' : 'failed';
    if (this.outcome === 'failed') getSelection()?.selectAllChildren(this.renderRoot.querySelector('code')!);
    setTimeout(() => (this.outcome = undefined), SAID_MS);
  };
}

/** Breaks between words only: a browser would also break after the hyphen of an option. */
function words(line: string) {
  return line.split(/(\s+)/).map((part, place) => (place % 2 === 0 ? html`<span>${part}</span>` : part));
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-copy': ParleyCopy;
  }
}

import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../../styles/shared.ts';
import '../mark/mark.ts';
import { styles } from './faces.styles.ts';

const SHOWN = 4;

/** A stack of the first few people who are here, and how many there are. */
@customElement('parley-faces')
export class ParleyFaces extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) names: readonly string[] = [];

  override render() {
    return html`
      <span class="stack">
        ${this.names.slice(0, SHOWN).map((name) => html`<parley-mark name=${name} size="28"></parley-mark>`)}
      </span>
      <span class="count">${this.names.length}</span>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-faces': ParleyFaces;
  }
}

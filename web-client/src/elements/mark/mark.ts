import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { icon } from '../icon.ts';
import type { IconName } from '../icon.ts';
import { hueOf, initialsOf } from '../words.ts';
import { base } from '../../styles/shared.ts';
import { styles } from './mark.styles.ts';

/** The mark of a person (round, initials) or of a device (square, a glyph of its kind), with a lamp for its status. */
@customElement('parley-mark')
export class ParleyMark extends LitElement {
  static override styles = [base, styles];

  @property() name = '';
  /** Set for a device: the glyph of its kind. */
  @property() glyph: IconName | undefined;
  @property() status: 'online' | 'away' | 'offline' | undefined;
  @property({ type: Number }) size = 32;

  override willUpdate(): void {
    // Through CSSOM: the page's policy forbids style attributes, and styleMap begins with one.
    this.style.setProperty('--hue', String(hueOf(this.name)));
    this.style.setProperty('--size', `${this.size}px`);
  }

  override render() {
    return html`<span
      class="mark ${this.glyph ? 'device' : 'person'}"
      aria-hidden="true"
      data-initials=${this.glyph ? nothing : initialsOf(this.name)}
    >
      ${this.glyph ? icon(this.glyph, Math.round(this.size * 0.56)) : nothing}
      ${this.status ? html`<i class="lamp ${this.status}"></i>` : nothing}
    </span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-mark': ParleyMark;
  }
}

import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LinkStatus } from '../../link/link.ts';
import { base } from '../../styles/shared.ts';
import { count } from '../words.ts';
import { styles } from './strip.styles.ts';

/** The state of the connection, always there, as one thin line. */
@customElement('parley-strip')
export class ParleyStrip extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) status: LinkStatus = { state: 'connecting' };
  /** Whether there was a connection before. */
  @property({ type: Boolean }) returning = false;
  @property() user = '';
  /** Messages that are not sent yet. */
  @property({ type: Number }) waiting = 0;

  override render() {
    const { state } = this.status;
    return html`<div class="strip ${state}" role="status"><i class="lamp"></i><span>${this.#words()}</span></div>`;
  }

  #words(): string {
    if (this.status.state === 'online') return `Connected as ${this.user}`;
    const verb = this.returning ? 'Reconnecting …' : 'Connecting …';
    const why = 'reason' in this.status && this.status.reason ? sentence(this.status.reason) : '';
    return [verb, this.#kept() || why].filter((part) => part !== '').join(' ');
  }

  #kept(): string {
    if (this.waiting === 0) return '';
    return `${count(this.waiting, 'message')} ${this.waiting === 1 ? 'is' : 'are'} waiting and will be sent.`;
  }
}

/** What a library said, in the voice of the page. */
function sentence(reason: string): string {
  if (/refused: (Not authorized|Bad username)/i.test(reason)) return 'The hub does not let this name in.';
  if (/refused: Identifier/i.test(reason)) return 'The hub did not accept this client.';
  return 'The hub does not answer.';
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-strip': ParleyStrip;
  }
}

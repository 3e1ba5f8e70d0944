import type { ConnectionState } from '@parley/shared/client';
import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base, controls } from '../../styles/shared.ts';
import { count } from '../words.ts';
import { styles } from './strip.styles.ts';

/** The hub is to be looked for now. */
class TryNowEvent extends Event {
  constructor() {
    super('parley-try-now', { bubbles: true, composed: true });
  }
}

/** The state of the connection, always there, as one thin line. Fires `parley-try-now`. */
@customElement('parley-strip')
export class ParleyStrip extends LitElement {
  static override styles = [base, controls, styles];

  @property({ attribute: false }) status: ConnectionState = { state: 'connecting', attempt: 0 };
  /** Whether there was a connection before. */
  @property({ type: Boolean }) returning = false;
  @property() user = '';
  /** Messages that are not sent yet. */
  @property({ type: Number }) waiting = 0;
  /** Whether what is written outlives the page. */
  @property({ type: Boolean }) keeps = true;

  override render() {
    const { state } = this.status;
    const canTry = state === 'waiting' || state === 'refused';
    return html`<div class="strip ${state}">
      <i class="lamp"></i><span role="status">${this.#words()}</span>
      ${
        canTry
          ? html`<button class="link" @click=${() => this.dispatchEvent(new TryNowEvent())}>Try now</button>`
          : nothing
      }
    </div>`;
  }

  #words(): string {
    const { status } = this;
    if (status.state === 'online') return `Connected as ${this.user}`;
    if (status.state === 'refused') return `The hub does not let ${this.user} in. ${status.failure.message}`;
    const verb = this.returning ? 'Reconnecting …' : 'Connecting …';
    const why = status.state === 'waiting' ? 'The hub does not answer.' : '';
    return [verb, this.#kept() || why].filter((part) => part !== '').join(' ');
  }

  #kept(): string {
    if (this.waiting === 0) return '';
    const what = `${count(this.waiting, 'message')} ${this.waiting === 1 ? 'is' : 'are'} waiting and will be sent`;
    return this.keeps ? `${what}.` : `${what} if this page stays open.`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-strip': ParleyStrip;
  }
}

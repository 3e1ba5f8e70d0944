import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { reliesOnCookie } from '../../link/authorization.ts';
import { base, controls } from '../../styles/shared.ts';
import '../copy/copy.ts';
import { DialogElement } from '../dialog/dialog.ts';
import { dialogStyles } from '../dialog/dialog.styles.ts';
import { icon } from '../icon.ts';
import { qr, qrStyles } from '../qr.ts';

/** The address of this page as a QR code, for a phone; or how to make the hub listen beyond this machine. */
@customElement('parley-phone')
export class ParleyPhone extends DialogElement {
  static override styles = [
    base,
    controls,
    dialogStyles,
    qrStyles,
    css`
      .body {
        display: grid;
        justify-items: center;
        gap: var(--space-4);
        text-align: center;
        overflow-wrap: anywhere;
      }

      parley-copy {
        width: 100%;
      }
    `,
  ];

  /** The page's own; a phone cannot reach one of loopback. */
  @property() address = location.origin;

  override render() {
    const { hostname } = new URL(this.address);
    const isLocal = /^(localhost|127\..*|\[::1\])$/.test(hostname);
    return html`<dialog aria-label="Open on a phone">
      <div class="title">
        <h2>Open on a phone</h2>
        <button class="icon-button" aria-label="Close" @click=${this.close}>${icon('close')}</button>
      </div>
      <div class="body">${isLocal ? this.#local() : this.#code()}</div>
    </dialog>`;
  }

  #code() {
    return html`${qr(this.address)}
      <p>Point the camera of a phone in the same network at it.</p>
      <parley-copy line=${this.address}></parley-copy>
      ${
        isSecureContext
          ? nothing
          : html`<p class="quiet">
              Chat works fully over plain http. With a certificate (https) browsers also allow notifications, copying by
              a button, and opening the page without a network.
            </p>`
      }`;
  }

  #local() {
    return html`<p>This hub listens on this machine only. Start it for your network, then open this again:</p>
      <parley-copy line="npm start -- --host 0.0.0.0"></parley-copy>
      <p class="quiet">
        ${reliesOnCookie() ? 'Everyone with an account can come in then.' : 'Everyone in the network can come in then, under any name.'}
      </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-phone': ParleyPhone;
  }
}

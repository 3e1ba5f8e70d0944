import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { Windowed } from '../../controllers/windowed.ts';
import { base, controls } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import type { IconName } from '../icon.ts';
import { listStyles } from '../list.styles.ts';
import '../mark/mark.ts';
import { styles } from './device-list.styles.ts';

export interface DeviceLink {
  readonly name: string;
  readonly glyph: IconName;
  readonly lamp: 'online' | 'offline';
}

/** The devices by name, beside the page of one. */
@customElement('parley-device-list')
export class ParleyDeviceList extends LitElement {
  static override styles = [base, controls, listStyles, styles];

  @property({ attribute: false }) devices: readonly DeviceLink[] = [];
  @property() current = '';

  readonly #windowed = new Windowed(this, () => 37);

  override render() {
    const { first, end } = this.#windowed.stretchOf(this.devices.length);
    return html`
      <header><h2>Devices</h2></header>
      <nav aria-label="Devices">
        <ul>
          <li>
            <a href="/d" aria-current=${this.current === '' ? 'page' : nothing}>
              <span class="all">${icon('devices')}</span><span class="name">All devices</span>
            </a>
          </li>
        </ul>
        <div class="room">
          <ul class="near">
            ${this.devices.slice(first, end).map((device) => this.#line(device))}
          </ul>
        </div>
      </nav>
    `;
  }

  #line({ name, glyph, lamp }: DeviceLink) {
    return html`<li>
      <a href="/d/${name}" title=${name} aria-current=${name === this.current ? 'page' : nothing}>
        <parley-mark name=${name} .glyph=${glyph} status=${lamp} size="24"></parley-mark>
        <span class="name">${name}</span><span class="visually-hidden">, ${lamp}</span>
      </a>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-device-list': ParleyDeviceList;
  }
}

import type { Presence } from '@parley/shared';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { Windowed } from '../../controllers/windowed.ts';
import type { Device } from '../../state/device.ts';
import { base } from '../../styles/shared.ts';
import '../device-card/device-card.ts';
import { styles } from './device-grid.styles.ts';

/** Height of a card and of the gap below it, in CSS pixels. */
const LINE = 268;
const NARROWEST = 300;
const GAP = 16;

/** Cards of any number of devices, of which only those near the window are made. Lets `parley-command` through. */
@customElement('parley-device-grid')
export class ParleyDeviceGrid extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) devices: readonly Device[] = [];
  @property({ attribute: false }) presence: (name: string) => Presence | undefined = () => undefined;
  @property({ type: Number }) now = Date.now();
  @property({ attribute: false }) live = true;
  readonly #windowed = new Windowed(this, () => LINE);

  override render() {
    const across = matchMedia('(max-width: 699.9px)').matches ? 32 : 48;
    const columns = Math.max(1, Math.floor((this.clientWidth - across + GAP) / (NARROWEST + GAP)));
    this.style.setProperty('--columns', String(columns));
    const { first, end } = this.#windowed.stretchOf(Math.ceil(this.devices.length / columns));
    return html`<div class="room">
      <ul>
        ${repeat(
          this.devices.slice(first * columns, end * columns),
          ({ name }) => name,
          (device) =>
            html`<li>
              <parley-device-card
                .device=${device}
                .presence=${this.presence(device.name)}
                .now=${this.now}
                .live=${this.live}
              ></parley-device-card>
            </li>`,
        )}
      </ul>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-device-grid': ParleyDeviceGrid;
  }
}

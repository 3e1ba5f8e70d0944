import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { watching } from '../../controllers/watch.ts';
import type { Device } from '../../state/device.ts';
import { simulatorLine } from '../lines.ts';
import type { Session } from '../../state/session.ts';
import { base, controls, page } from '../../styles/shared.ts';
import type { CommandEvent } from '../command/command.ts';
import '../copy/copy.ts';
import '../device-card/device-card.ts';
import { standingOf } from '../status.ts';
import { styles } from './devices.styles.ts';

const filters = ['all', 'online', 'offline'] as const;
type Filter = (typeof filters)[number];

/** Every device as a card. */
@customElement('parley-devices')
export class ParleyDevices extends LitElement {
  static override styles = [base, controls, page, styles];

  @property({ attribute: false }) session!: Session;
  @state() private filter: Filter = 'all';

  constructor() {
    super();
    watching(this, () => [this.session.devices, this.session.people]);
  }

  override render() {
    const all = this.session.devices.all();
    const shown = all.filter((device) => this.filter === 'all' || this.#lamp(device) === this.filter);
    return html`
      <header class="bar">
        <h1>Devices</h1>
        <span class="grow"></span>
        ${all.length > 0 ? this.#filters(all) : nothing}
      </header>
      <div class="scroll">${all.length === 0 ? this.#empty() : this.#grid(shown)}</div>
    `;
  }

  #filters(all: readonly Device[]) {
    const online = all.filter((device) => this.#lamp(device) === 'online').length;
    const counts: Record<Filter, number> = { all: all.length, online, offline: all.length - online };
    const names: Record<Filter, string> = { all: 'All', online: 'Online', offline: 'Offline' };
    return html`<div class="segments" role="group" aria-label="Show">
      ${filters.map(
        (filter) =>
          html`<button aria-pressed=${filter === this.filter} @click=${() => (this.filter = filter)}>
            ${names[filter]} <span>${counts[filter]}</span>
          </button>`,
      )}
    </div>`;
  }

  #grid(devices: readonly Device[]) {
    if (devices.length === 0) return html`<p class="none quiet">No device is ${this.filter}.</p>`;
    return html`<ul class="grid">
      ${repeat(
        devices,
        ({ name }) => name,
        (device) =>
          html`<li>
            <parley-device-card
              .device=${device}
              .presence=${this.session.people.presence(device.name)}
              @parley-command=${({ command, args }: CommandEvent) => this.session.devices.command(device.name, command, args)}
            ></parley-device-card>
          </li>`,
      )}
    </ul>`;
  }

  #lamp(device: Device): 'online' | 'offline' {
    return standingOf(device, this.session.people.presence(device.name)).lamp;
  }

  #empty() {
    return html`<div class="empty">
      <h2>No devices yet</h2>
      <p>
        A device appears by itself as soon as it publishes its <span class="mono">status</span>,
        <span class="mono">about</span> or <span class="mono">telemetry</span>. Start a simulated home to see some:
      </p>
      <parley-copy line=${simulatorLine(location, this.session.hub)}></parley-copy>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-devices': ParleyDevices;
  }
}

import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { watching } from '../../controllers/watch.ts';
import type { Device } from '../../state/device.ts';
import { glyphOf } from '../glyph.ts';
import { keepingUp } from '../kept.ts';
import { simulatorLine } from '../lines.ts';
import type { Session } from '../../state/session.ts';
import { base, controls, page } from '../../styles/shared.ts';
import type { CommandEvent } from '../command/command.ts';
import '../copy/copy.ts';
import { ParleyDeviceCard } from '../device-card/device-card.ts';
import '../device-grid/device-grid.ts';
import { standingOf } from '../status.ts';
import { labelOf } from '../words.ts';
import { styles } from './devices.styles.ts';

const filters = ['all', 'online', 'offline'] as const;
type Filter = (typeof filters)[number];

/** Every device as a card. */
@customElement('parley-devices')
export class ParleyDevices extends LitElement {
  static override styles = [base, controls, page, styles];

  @property({ attribute: false }) session!: Session;
  @state() private filter: Filter = 'all';
  @state() private kind = '';
  @state() private find = '';
  readonly #kept = keepingUp(this, () => this.session);

  constructor() {
    super();
    watching(this, () => [this.session.devices, this.session.people, this.session.link]);
  }

  override render() {
    const all = this.session.devices.all();
    const needle = this.find.trim().toLowerCase();
    const some = all.filter(
      (device) => (this.kind === '' || glyphOf(device) === this.kind) && textOf(device).includes(needle),
    );
    const shown = some.filter((device) => this.filter === 'all' || this.#lamp(device) === this.filter);
    return html`
      <header class="bar">
        <h1>Devices</h1>
        <span class="grow"></span>
        ${all.length > 0 ? [this.#search(all), this.#filters(some)] : nothing}
      </header>
      ${this.#kept.live ? nothing : html`<p class="stale" role="status">Not connected: what is shown is not live.</p>`}
      ${all.length === 0 ? html`<div class="scroll">${this.#empty()}</div>` : this.#grid(shown)}
    `;
  }

  #search(all: readonly Device[]) {
    const kinds = [...new Set(all.map(glyphOf))].toSorted();
    return html`<input
        class="field narrow"
        type="search"
        aria-label="Find a device"
        placeholder="Find"
        .value=${this.find}
        @input=${({ target }: Event) => (this.find = (target as HTMLInputElement).value)}
      />
      ${
        kinds.length > 1
          ? html`<select
              class="field narrow"
              aria-label="Kind"
              @change=${({ target }: Event) => (this.kind = (target as HTMLSelectElement).value)}
            >
              <option value="">All kinds</option>
              ${kinds.map((kind) => html`<option value=${kind} .selected=${kind === this.kind}>${labelOf(kind)}</option>`)}
            </select>`
          : nothing
      }`;
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
    if (devices.length === 0)
      return html`<p class="none quiet">
        ${this.find === '' && this.kind === '' ? `No device is ${this.filter}.` : 'No device fits.'}
      </p>`;
    return html`<parley-device-grid
      .devices=${devices}
      .presence=${(name: string) => this.session.people.presence(name)}
      .now=${this.#kept.now}
      .live=${this.#kept.live}
      @parley-command=${this.#command}
    ></parley-device-grid>`;
  }

  readonly #command = (event: CommandEvent): void => {
    const card = event.composedPath().find((node) => node instanceof ParleyDeviceCard);
    if (card) this.session.devices.command(card.device.name, event.command, event.args);
  };

  #lamp(device: Device): 'online' | 'offline' {
    return standingOf(device, this.session.people.presence(device.name), this.#kept.now).lamp;
  }

  #empty() {
    if (!this.#kept.loaded)
      return html`<p class="none quiet">
        ${this.#kept.live ? 'Looking for devices …' : 'Devices appear when the hub is reached.'}
      </p>`;
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

function textOf({ name, about }: Device): string {
  return `${name} ${about?.model ?? ''}`.toLowerCase();
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-devices': ParleyDevices;
  }
}

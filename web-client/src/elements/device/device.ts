import type { Json } from '@parley/shared';
import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { watching } from '../../controllers/watch.ts';
import { stateValue } from '../../state/device.ts';
import type { Device, Series } from '../../state/device.ts';
import type { Session } from '../../state/session.ts';
import { base, controls, page } from '../../styles/shared.ts';
import '../command/command.ts';
import type { CommandEvent } from '../command/command.ts';
import { glyphOf } from '../glyph.ts';
import { icon } from '../icon.ts';
import '../mark/mark.ts';
import '../spark/spark.ts';
import { standingOf } from '../status.ts';
import { labelOf, preciseTimeOf, unitOf, valueOf } from '../words.ts';
import { styles } from './device.styles.ts';

/** One device: its current values, what it can be told, what it reports of itself. */
@customElement('parley-device')
export class ParleyDevice extends LitElement {
  static override styles = [base, controls, page, styles];

  @property({ attribute: false }) session!: Session;
  @property() name = '';

  constructor() {
    super();
    watching(this, () => [this.session.devices, this.session.people]);
  }

  override render() {
    const device = this.session.devices.get(this.name);
    return html`${this.#header(device)}
      <div class="scroll">${device ? this.#page(device) : this.#unknown()}</div>`;
  }

  #header(device: Device | undefined) {
    const standing = device && standingOf(device, this.session.people.presence(this.name));
    return html`<header class="bar">
      <a class="back icon-button" href="/d" aria-label="Back to devices">${icon('back')}</a>
      ${
        device
          ? html`<parley-mark
              name=${this.name}
              .glyph=${glyphOf(device)}
              status=${standing!.lamp}
              size="36"
            ></parley-mark>`
          : nothing
      }
      <div class="titles">
        <h1 title=${this.name}>${this.name}</h1>
        <p class="quiet" ?hidden=${!device}>
          ${[device?.about?.model, standing?.words].filter((part) => part).join(' · ')}
        </p>
      </div>
    </header>`;
  }

  #page(device: Device) {
    return html`<div class="column">
      <section aria-label="Readings">
        <h2>Readings</h2>
        ${
          device.series.length === 0
            ? html`<p class="quiet">Nothing since you opened this page. The next reading appears here by itself.</p>`
            : html`<ul class="tiles">
                ${device.series.map(tile)}
              </ul>`
        }
      </section>
      ${this.#commands(device)} ${this.#state(device)}
    </div>`;
  }

  #commands(device: Device) {
    const commands = Object.entries(device.about?.commands ?? {});
    if (commands.length === 0) return nothing;
    return html`<section aria-label="Commands">
      <h2>Commands</h2>
      <ul class="commands" @parley-command=${this.#command}>
        ${commands.map(
          ([name, { args }]) =>
            html`<li>
              <parley-command
                name=${name}
                .schema=${args}
                .sent=${device.sent[name]}
                .reported=${(key: string) => stateValue(device, key)}
              ></parley-command>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #state({ state }: Device) {
    if (state === undefined) return nothing;
    const isTable = typeof state === 'object' && state !== null && !Array.isArray(state);
    return html`<section aria-label="Reported state">
      <h2>Reported state</h2>
      ${
        isTable
          ? html`<dl class="mono">
              ${Object.entries(state).map(
                ([key, value]) =>
                  html`<dt>${key}</dt>
                    <dd>${plain(value)}</dd>`,
              )}
            </dl>`
          : html`<pre class="mono">${plain(state)}</pre>`
      }
    </section>`;
  }

  #unknown() {
    return html`<div class="empty">
      <h2>Nothing from ${this.name} yet</h2>
      <p>It appears here as soon as it publishes to <span class="mono">devices/${this.name}/…</span></p>
      <a class="button" href="/d">All devices</a>
    </div>`;
  }

  readonly #command = ({ command, args }: CommandEvent): void => this.session.devices.command(this.name, command, args);
}

function tile({ metric, value, unit, points, at }: Series) {
  return html`<li class="tile">
    <p class="metric" title=${metric}>${labelOf(metric)}</p>
    <p class="value" title=${valueOf(value, metric)}>
      ${valueOf(value, metric)}${unit ? html`<small>${unitOf(unit)}</small>` : nothing}
    </p>
    ${points.length > 1 ? html`<parley-spark .points=${points} .stepped=${typeof value === 'boolean'}></parley-spark>` : html`<div class="no-spark"></div>`}
    <p class="quiet">${preciseTimeOf(at)}</p>
  </li>`;
}

function plain(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-device': ParleyDevice;
  }
}

import type { Json } from '@parley/shared';
import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { watching } from '../../controllers/watch.ts';
import { stateValue } from '../../state/device.ts';
import type { Device } from '../../state/device.ts';
import type { Stretch } from '../../state/devices/stored.ts';
import { visible } from '../../state/topics/visible.ts';
import type { Session } from '../../state/session.ts';
import { base, controls, page } from '../../styles/shared.ts';
import type { ZoomEvent } from '../chart/chart.ts';
import '../command/command.ts';
import type { CommandEvent } from '../command/command.ts';
import { glyphOf } from '../glyph.ts';
import { icon } from '../icon.ts';
import { keepingUp } from '../kept.ts';
import '../mark/mark.ts';
import '../metric/metric.ts';
import { standingOf } from '../status.ts';
import { styles } from './device.styles.ts';

/** How far back charts reach. */
const spans = { '15 min': 15, '1 h': 60, '6 h': 360, '24 h': 1440, '7 days': 10_080 } as const;
type Span = keyof typeof spans;
/** Charts drawn before one asks for more. */
const MOST = 12;

/** One device: its current values, what it can be told, what it reports of itself. */
@customElement('parley-device')
export class ParleyDevice extends LitElement {
  static override styles = [base, controls, page, styles];

  @property({ attribute: false }) session!: Session;
  @property() name = '';
  @state() private span: Span = '1 h';
  @state() private zoom: Stretch | undefined;
  @state() private all = false;
  readonly #kept = keepingUp(this, () => this.session);

  constructor() {
    super();
    watching(this, () => [this.session.devices, this.session.people, this.session.link]);
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('name')) return;
    this.zoom = undefined;
    this.all = false;
  }

  override render() {
    const device = this.session.devices.get(this.name);
    return html`${this.#header(device)}
      ${this.#kept.live ? nothing : html`<p class="stale" role="status">Not connected: what is shown is not live, and commands are not sent.</p>`}
      <div class="scroll">${device ? this.#page(device) : this.#unknown()}</div>`;
  }

  #header(device: Device | undefined) {
    const standing = device && standingOf(device, this.session.people.presence(this.name), this.#kept.now);
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
        <div class="over">
          <h2>Readings</h2>
          ${device.series.length === 0 ? nothing : this.#spans()}
        </div>
        ${device.series.length === 0 ? html`<p class="quiet">${this.#waiting(device)}</p>` : this.#charts(device)}
      </section>
      ${this.#commands(device)} ${this.#state(device)}
    </div>`;
  }

  #spans() {
    return html`<div class="spans" role="group" aria-label="How far back">
      ${this.zoom ? html`<button class="link" @click=${() => (this.zoom = undefined)}>Reset zoom</button>` : nothing}
      ${(Object.keys(spans) as Span[]).map(
        (one) =>
          html`<button
            aria-pressed=${one === this.span && !this.zoom}
            @click=${() => {
              this.span = one;
              this.zoom = undefined;
            }}
          >
            ${one}
          </button>`,
      )}
    </div>`;
  }

  #charts({ series }: Device) {
    const now = Math.max(this.#kept.now, ...series.map(({ at }) => at));
    const stretch = this.zoom ?? { from: now - spans[this.span] * 60_000, to: now };
    const shown = this.all ? series : series.slice(0, MOST);
    return html`<div class="charts" @parley-zoom=${({ from, to }: ZoomEvent) => (this.zoom = { from, to })}>
        ${repeat(
          shown,
          ({ metric }) => metric,
          (one) =>
            html`<parley-metric
              device=${this.name}
              .series=${one}
              .stretch=${stretch}
              .read=${this.#kept.read}
              .now=${this.#kept.now}
            ></parley-metric>`,
        )}
      </div>
      ${shown.length < series.length ? html`<button class="button more" @click=${() => (this.all = true)}>Show ${series.length - shown.length} more</button>` : nothing}`;
  }

  #waiting({ status }: Device): string {
    if (!this.#kept.live) return 'No readings yet.';
    return status === 'offline'
      ? 'It has sent no readings. It is offline now.'
      : 'Waiting for its first reading. It appears here by itself.';
  }

  #commands(device: Device) {
    const commands = Object.entries(device.about?.commands ?? {});
    const hidden = Object.entries(device.about?.hidden ?? {});
    if (commands.length + hidden.length === 0) return nothing;
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
      ${hidden.map(
        ([name, reason]) =>
          html`<p class="hidden">
            <b class="mono">${visible(name)}</b> is left out: its description is malformed.
            <span class="quiet">${visible(reason)}</span>
          </p>`,
      )}
    </section>`;
  }

  #state({ state: reported }: Device) {
    if (reported === undefined) return nothing;
    const isTable = typeof reported === 'object' && reported !== null && !Array.isArray(reported);
    return html`<section aria-label="Reported state">
      <h2>Reported state</h2>
      ${
        isTable
          ? html`<dl class="mono">
              ${Object.entries(reported).map(
                ([key, value]) =>
                  html`<dt>${visible(key)}</dt>
                    <dd>${plain(value)}</dd>`,
              )}
            </dl>`
          : html`<pre class="mono">${plain(reported)}</pre>`
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

function plain(value: Json): string {
  return visible(typeof value === 'string' ? value : JSON.stringify(value));
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-device': ParleyDevice;
  }
}

import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Read } from '../../link/read.ts';
import type { Series } from '../../state/device.ts';
import { columnsOf, keptReadings } from '../../state/devices/stored.ts';
import type { Columns, History, Stretch } from '../../state/devices/stored.ts';
import { base } from '../../styles/shared.ts';
import '../chart/chart.ts';
import type { ReadEvent } from '../chart/chart.ts';
import { agoOf, labelOf, preciseTimeOf, shortValueOf, unitOf, valueOf } from '../words.ts';
import { styles } from './metric.styles.ts';

/** What is kept is read anew after this long: live readings are held for minutes only. */
const STALE_MS = 60_000;
const OLD_MS = 120_000;

/** One metric of a device: its value now, and its history as the hub keeps it with what is live. Lets `parley-zoom` through. */
@customElement('parley-metric')
export class ParleyMetric extends LitElement {
  static override styles = [base, styles];

  @property() device = '';
  @property({ attribute: false }) series!: Series;
  @property({ attribute: false }) stretch!: Stretch;
  @property({ attribute: false }) read!: Read;
  /** Now, in ms since the Unix epoch. */
  @property({ type: Number }) now = Date.now();
  @state() private history: History | undefined;
  @state() private problem = '';
  @state() private index: number | undefined;
  #asked: { stretch: string; at: number } | undefined;
  #aborter: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#aborter?.abort();
    this.#asked = undefined;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const { metric } = this.series;
    // The end of what slides moves all the time; only another length, or a place of its own, is another question.
    const { from, to } = this.stretch;
    const stretch = `${this.device} ${metric} ${to - from} ${to < this.now - STALE_MS ? from : ''}`;
    if (changed.has('device')) this.history = undefined;
    if (this.#asked?.stretch === stretch && this.now - this.#asked.at < STALE_MS) return;
    this.#asked = { stretch, at: this.now };
    void this.#load();
  }

  override render() {
    const { metric, value, unit, at, points } = this.series;
    const isText = typeof value === 'string';
    const data = columnsOf(this.history, points, this.stretch);
    const old = this.now - at > OLD_MS;
    return html`<header>
        <h3 title=${metric}>${labelOf(metric)}</h3>
        <p class="value ${isText ? 'word' : ''} ${old ? 'old' : ''}" title="${valueOf(value, metric)} ${unitOf(unit)}">
          ${shortValueOf(value, metric)}${unit ? html`<small>${unitOf(unit)}</small>` : nothing}
        </p>
        <p class="under">${this.#under(data) ?? (old ? agoOf(at, this.now) : preciseTimeOf(at))}</p>
      </header>
      ${
        isText
          ? html`<p class="quiet">Words have no chart.</p>`
          : html`<parley-chart
              .data=${data}
              .range=${[this.stretch.from, this.stretch.to]}
              label=${labelOf(metric)}
              together="device"
              ?stepped=${typeof value === 'boolean'}
              @parley-read=${({ index }: ReadEvent) => (this.index = index)}
            ></parley-chart>`
      }
      ${this.problem === '' ? nothing : html`<p class="quiet" role="status">${this.problem}</p>`}`;
  }

  /** What stands under the pointer: when, the average and its bounds. */
  #under({ at, value, min, max }: Columns): string | undefined {
    const index = this.index;
    const one = index === undefined ? undefined : value[index];
    if (index === undefined || one === undefined || one === null) return undefined;
    const bounds = min[index] === max[index] ? '' : ` (${valueOf(min[index]!)} to ${valueOf(max[index]!)})`;
    return `${preciseTimeOf(at[index]!)}  ${valueOf(one)}${bounds}`;
  }

  async #load(): Promise<void> {
    this.#aborter?.abort();
    const aborter = (this.#aborter = new AbortController());
    try {
      const history = await keptReadings(this.read, this.device, this.series.metric, this.stretch, aborter.signal);
      if (aborter.signal.aborted) return;
      this.history = history;
      this.problem = '';
    } catch {
      if (!aborter.signal.aborted) this.problem = 'What the hub keeps could not be read; shown is what came since.';
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-metric': ParleyMetric;
  }
}

import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type uPlot from 'uplot';
import { base } from '../../styles/shared.ts';
import { shortValueOf, valueOf } from '../words.ts';
import { styles } from './chart.styles.ts';
import { timeWords } from './time-words.ts';

/** One line over time, with the band between its least and greatest values where those are known. */
export interface ChartData {
  /** ms since the Unix epoch, ascending. */
  readonly at: readonly number[];
  readonly value: readonly (number | null)[];
  readonly min?: readonly (number | null)[];
  readonly max?: readonly (number | null)[];
}

/** A stretch of time was drawn over the chart. Times in ms since the Unix epoch. */
export class ZoomEvent extends Event {
  readonly from: number;
  readonly to: number;

  constructor(from: number, to: number) {
    super('parley-zoom', { bubbles: true, composed: true });
    this.from = from;
    this.to = to;
  }
}

/** What stands under the pointer, or undefined when it left. */
export class ReadEvent extends Event {
  readonly index: number | undefined;

  constructor(index: number | undefined) {
    super('parley-read', { bubbles: true, composed: true });
    this.index = index;
  }
}

type Plot = typeof import('./plot.ts');
let plot: Promise<Plot> | undefined;

/** A chart over time on a canvas; uPlot is loaded with the first one. Fires `parley-zoom` and `parley-read`. */
@customElement('parley-chart')
export class ParleyChart extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) data: ChartData = { at: [], value: [] };
  /** What the axis covers, in ms since the Unix epoch; what the data covers when it is not given. */
  @property({ attribute: false }) range: readonly [from: number, to: number] | undefined;
  /** For those who cannot see it. */
  @property() label = '';
  /** A value that holds until the next one. */
  @property({ type: Boolean }) stepped = false;
  /** Charts of one key move their pointers together. */
  @property() together = '';
  @state() private loaded: Plot | undefined;
  @state() private failed = false;
  #chart: uPlot | undefined;
  #made = '';
  readonly #resized = new ResizeObserver(() => this.#fit());
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    this.#dark.addEventListener('change', this.#repaint);
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#dark.removeEventListener('change', this.#repaint);
    this.#drop();
  }

  override render() {
    return html`<div class="room" role="img" aria-label=${this.#words()}></div>
      <i class="probe"></i>
      ${this.failed ? html`<p class="note" role="alert">The chart could not be loaded. Reload the page to try again.</p>` : nothing}
      ${this.data.at.length === 0 && !this.failed ? html`<p class="note">No numbers in this time.</p>` : nothing}`;
  }

  override updated(): void {
    if (!this.loaded || !this.isConnected) return;
    const shape = `${this.stepped} ${this.data.min !== undefined} ${this.together}`;
    if (this.#chart && shape === this.#made) this.#chart.setData(this.#columns());
    else this.#make(this.loaded.uPlot, shape);
  }

  async #load(): Promise<void> {
    plot ??= import('./plot.ts');
    try {
      this.loaded = await plot;
    } catch {
      plot = undefined;
      this.failed = true;
    }
  }

  #make(UPlot: Plot['uPlot'], shape: string): void {
    this.#drop();
    this.#made = shape;
    const { sheet } = this.loaded!;
    const root = this.shadowRoot!;
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [sheet, ...root.adoptedStyleSheets];
    this.#chart = new UPlot(
      this.#options(UPlot),
      this.#columns(),
      this.renderRoot.querySelector<HTMLElement>('.room')!,
    );
  }

  #columns(): uPlot.AlignedData {
    const { at, value, min, max } = this.data;
    const seconds = at.map((one) => one / 1000);
    return (min && max ? [seconds, value, max, min] : [seconds, value]) as unknown as uPlot.AlignedData;
  }

  #options(UPlot: Plot['uPlot']): uPlot.Options {
    const [ink, line, words] = ['--ink', '--line', '--text-3'].map((name) => this.#colour(name)) as [
      string,
      string,
      string,
    ];
    const axis = {
      stroke: words,
      font: '11px system-ui, sans-serif',
      grid: { stroke: line, width: 1 },
      ticks: { show: false },
    };
    const paths = this.stepped ? { paths: UPlot.paths.stepped!({ align: 1 }) } : {};
    const edge = { width: 0, points: { show: false }, stroke: 'transparent' };
    const hasBand = this.data.min !== undefined;
    return {
      width: Math.max(1, this.clientWidth),
      height: Math.max(1, this.clientHeight),
      legend: { show: false },
      padding: [8, 8, 0, 0],
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false },
        points: { size: 7 },
        ...(this.together !== '' && { sync: { key: this.together } }),
      },
      scales: {
        x: { range: (_: uPlot, least: number, most: number) => this.#span(least, most) },
        y: { range: spread },
      },
      axes: [
        { ...axis, space: 80, size: 30, values: (_: uPlot, splits: number[]) => timeWords(splits) },
        { ...axis, size: 56, values: (_: uPlot, splits: number[]) => splits.map((one) => shortValueOf(one)) },
      ],
      series: [
        {},
        { stroke: ink, width: 1.5, points: { show: this.data.at.length < 40, size: 4, fill: ink }, ...paths },
        ...(hasBand ? [edge, edge] : []),
      ],
      ...(hasBand && { bands: [{ series: [2, 3] as [number, number], fill: withAlpha(ink, 0.16) }] }),
      hooks: {
        setSelect: [(chart) => this.#selected(chart)],
        setCursor: [({ cursor }) => this.dispatchEvent(new ReadEvent(cursor.idx ?? undefined))],
      },
    };
  }

  #span(least: number, most: number): [number, number] {
    if (this.range) return [this.range[0] / 1000, this.range[1] / 1000];
    return least < most ? [least, most] : [least - 30, least + 30];
  }

  #selected(chart: uPlot): void {
    const { left, width } = chart.select;
    if (width < 4) return;
    const [from, to] = [chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')];
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.dispatchEvent(new ZoomEvent(Math.round(from * 1000), Math.round(to * 1000)));
  }

  #fit(): void {
    const [width, height] = [this.clientWidth, this.clientHeight];
    if (width > 0 && height > 0) this.#chart?.setSize({ width, height });
  }

  #drop(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  /** A canvas knows no custom properties: the browser works the colour out on an element. */
  #colour(name: string): string {
    const probe = this.renderRoot.querySelector<HTMLElement>('.probe')!;
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  }

  readonly #repaint = (): void => {
    this.#drop();
    this.requestUpdate();
  };

  #words(): string {
    const values = this.data.value.filter((one) => one !== null);
    if (values.length === 0) return `${this.label}: no numbers in this time`;
    const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    return `${this.label}: ${values.length} points from ${valueOf(least)} to ${valueOf(most)}, last ${valueOf(values.at(-1)!)}`;
  }
}

/** Some room above and below, and a band around what does not change. */
function spread(_: uPlot, least: number | null, most: number | null): [number, number] {
  if (least === null || most === null) return [0, 1];
  const room = least === most ? Math.max(Math.abs(least) * 0.1, 0.5) : (most - least) * 0.08;
  return [least - room, most + room];
}

function withAlpha(colour: string, alpha: number): string {
  return `color-mix(in oklch, ${colour} ${alpha * 100}%, transparent)`;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-chart': ParleyChart;
  }
}

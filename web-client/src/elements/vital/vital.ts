import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Measure, Vital } from '../../state/hub/vitals.ts';
import { base } from '../../styles/shared.ts';
import '../spark/spark.ts';
import { shortValueOf } from '../words.ts';
import { styles } from './vital.styles.ts';

/** One number of the hub: large now, its last minutes small. */
@customElement('parley-vital')
export class ParleyVital extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) vital!: Vital;

  override render() {
    const { name, about, measure, points, alarmFrom = Infinity } = this.vital;
    const now = points.at(-1)?.value ?? 0;
    const most = points.reduce((greatest, { value }) => Math.max(greatest, value), 0);
    const [value, unit] = measured(now, measure);
    return html`<h2 title=${about}>${name}</h2>
      <p>${value}<small>${unit}</small></p>
      <div class=${now >= alarmFrom ? 'alarming' : ''}>
        ${points.length > 1 ? html`<parley-spark .points=${points}></parley-spark>` : html`<div class="room"></div>`}
      </div>
      <p class="most">at most ${measured(most, measure).join(' ')}</p>`;
  }
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A number and its unit. */
export function measured(value: number, measure: Measure): [string, string] {
  if (measure === 'share') return [shortValueOf(Math.round(value * 100)), '%'];
  if (measure === 'ms') return [shortValueOf(Math.round(value)), 'ms'];
  if (measure === 'rate') return [shortValueOf(value < 10 ? Math.round(value * 10) / 10 : Math.round(value)), '/s'];
  if (measure === 'count') return [shortValueOf(value), ''];
  const step = Math.min(byteUnits.length - 1, value < 1 ? 0 : Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** step;
  const unit = byteUnits[step]!;
  return [
    shortValueOf(scaled < 10 ? Math.round(scaled * 10) / 10 : Math.round(scaled)),
    measure === 'byteRate' ? `${unit}/s` : unit,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-vital': ParleyVital;
  }
}

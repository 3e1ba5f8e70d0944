import { LitElement, html, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Point } from '../../state/device.ts';
import { base } from '../../styles/shared.ts';
import { styles } from './spark.styles.ts';

const WIDTH = 100;
const HEIGHT = 28;
/** Room for the stroke and the dot at the newest point. */
const MARGIN = 3;

/** The last values of a reading as a small line. It says nothing by itself: the number beside it does. */
@customElement('parley-spark')
export class ParleySpark extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) points: readonly Point[] = [];
  /** A value that holds until the next one, like on and off. */
  @property({ type: Boolean }) stepped = false;

  override render() {
    const line = toLine(this.points, this.stepped);
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
      ${
        line.length > 1
          ? svg`<polyline points=${line.map(({ x, y }) => `${x.toFixed(2)},${y.toFixed(2)}`).join(' ')}></polyline>${dot(line.at(-1)!)}`
          : svg`<line x1="0" x2=${WIDTH} y1=${HEIGHT / 2} y2=${HEIGHT / 2}></line>`
      }
    </svg>`;
  }
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

function toLine(points: readonly Point[], stepped: boolean): Spot[] {
  const finite = points.filter(({ value }) => Number.isFinite(value));
  const times = finite.map(({ at }) => at);
  const values = finite.map(({ value }) => value);
  const [start, end] = [Math.min(...times), Math.max(...times)];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const spots = finite.map(({ at, value }) => ({
    x: end === start ? WIDTH : ((at - start) / (end - start)) * WIDTH,
    y: high === low ? HEIGHT / 2 : HEIGHT - MARGIN - ((value - low) / (high - low)) * (HEIGHT - 2 * MARGIN),
  }));
  return stepped
    ? spots.flatMap((spot, index) => (index === 0 ? [spot] : [{ x: spot.x, y: spots[index - 1]!.y }, spot]))
    : spots;
}

/** A line of no length with round ends: its stroke does not stretch with the drawing. */
function dot({ x, y }: Spot) {
  return svg`<line class="dot" x1=${x} x2=${x} y1=${y} y2=${y}></line>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-spark': ParleySpark;
  }
}

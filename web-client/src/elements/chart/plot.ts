import { unsafeCSS } from 'lit';
import uPlot from 'uplot';
import text from 'uplot/dist/uPlot.min.css?inline';

/** What a chart needs of uPlot, in a chunk of its own: it is loaded with the first chart. */
const sheet = unsafeCSS(text).styleSheet!;
export { uPlot, sheet };

import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { watching } from '../../controllers/watch.ts';
import { LOOK_MS } from '../../state/hub/vitals.ts';
import type { Loss, NodeReport, Vitals } from '../../state/hub/vitals.ts';
import { base } from '../../styles/shared.ts';
import '../vital/vital.ts';
import { measured } from '../vital/vital.ts';
import { agoOf, preciseTimeOf } from '../words.ts';
import { styles } from './vitals.styles.ts';

/** Why a message did not reach one client, in words; anything else as the hub names it. */
const causes: Readonly<Record<string, string>> = {
  outboundBytes: 'Slow: too many bytes unsent',
  queue: 'Its queue was full',
  inflight: 'It did not acknowledge',
  expired: 'Expired while it waited',
  tooLargeForClient: 'Larger than it takes',
  authorization: 'It may not read it',
};

/** How the hub does: its numbers as small charts, who could not keep up, its nodes. Looks while it is seen. */
@customElement('parley-vitals')
export class ParleyVitals extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) vitals!: Vitals;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #aborter = new AbortController();

  constructor() {
    super();
    watching(this, () => [this.vitals]);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#aborter = new AbortController();
    // After the first rendering, when the property is there.
    void this.updateComplete.then(() => this.#look());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#aborter.abort();
    clearTimeout(this.#timer);
  }

  override render() {
    const { all, nodes, losses, problem, at } = this.vitals;
    return html`
      ${problem === undefined ? nothing : html`<p class="problem" role="status">${at === 0 ? 'The hub’s numbers could not be read' : `Not live: these are the numbers of ${preciseTimeOf(at)}`}. ${problem}</p>`}
      <div class="grid">
        ${
          all.length === 0 && problem === undefined
            ? Array.from({ length: 8 }, () => html`<div class="skeleton"></div>`)
            : all.map((vital) => html`<parley-vital .vital=${vital}></parley-vital>`)
        }
      </div>
      ${all.length === 0 ? nothing : [slow(losses), table(nodes)]}
    `;
  }

  async #look(): Promise<void> {
    const { signal } = this.#aborter;
    if (signal.aborted) return;
    if (!document.hidden) await this.vitals.look(signal);
    if (!signal.aborted) this.#timer = setTimeout(() => void this.#look(), LOOK_MS);
  }
}

function slow(losses: readonly Loss[]) {
  return html`<section aria-label="Slow consumers">
    <h2>Slow consumers</h2>
    ${
      losses.length === 0
        ? html`<p class="quiet">Everything reached everybody since the hub began.</p>`
        : html`<div class="wide">
            <table>
              <thead>
                <tr>
                  <th scope="col">What was not delivered to one client, and why</th>
                  <th scope="col" class="number">Now</th>
                  <th scope="col" class="number">Since the start</th>
                </tr>
              </thead>
              <tbody>
                ${losses.map(
                  ({ cause, total, recent }) =>
                    html`<tr>
                      <td>${Object.hasOwn(causes, cause) ? causes[cause] : cause}</td>
                      <td class="number" data-name="Now">${recent === 0 ? '–' : `+${recent}`}</td>
                      <td class="number" data-name="Since the start">${measured(total, 'count')[0]}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
  </section>`;
}

function table(nodes: readonly NodeReport[]) {
  return html`<section aria-label="Nodes">
    <h2>${nodes.length === 1 ? 'Node' : 'Nodes'}</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            ${['Node', 'Health', 'Since', 'Connections', 'Processor', 'Memory', 'Version'].map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${nodes.map(
            ({ node, health, startedAt, load, version }) =>
              html`<tr>
                <td data-name="Node" class="mono">${node}</td>
                <td data-name="Health">${health}</td>
                <td data-name="Since">${agoOf(startedAt)}</td>
                <td data-name="Connections">${load.connections}</td>
                <td data-name="Processor">${measured(load.cpu, 'share').join(' ')}</td>
                <td data-name="Memory">${measured(load.memoryBytes, 'bytes').join(' ')}</td>
                <td data-name="Version">${version}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-vitals': ParleyVitals;
  }
}

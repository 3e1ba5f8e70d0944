import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatRoute } from '../../state/route.ts';
import { base, controls } from '../../styles/shared.ts';
import { listStyles } from '../list.styles.ts';
import { styles } from './filters.styles.ts';

const known: readonly { filter: string; about: string }[] = [
  { filter: '#', about: 'Everything' },
  { filter: 'chat/+', about: 'Conversations, as stamped' },
  { filter: 'channels/+', about: 'The channels there are' },
  { filter: 'presence/+', about: 'Who is here' },
  { filter: 'devices/#', about: 'Everything of devices' },
  { filter: 'devices/+/telemetry', about: 'Readings' },
  { filter: 'devices/+/commands/+', about: 'What devices are told' },
  { filter: '$SYS/#', about: 'The hub about itself' },
];

/** Filters worth knowing, each a link. */
@customElement('parley-filters')
export class ParleyFilters extends LitElement {
  static override styles = [base, controls, listStyles, styles];

  @property() current = '';

  override render() {
    return html`
      <header><h2>Filters</h2></header>
      <nav aria-label="Filters">
        <ul>
          ${known.map(
            ({ filter, about }) =>
              html`<li>
                <a
                  href=${formatRoute({ area: 'topics', filter })}
                  aria-current=${filter === this.current ? 'page' : nothing}
                >
                  <span class="two"><span class="mono">${filter}</span><span class="quiet">${about}</span></span>
                </a>
              </li>`,
          )}
        </ul>
      </nav>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-filters': ParleyFilters;
  }
}

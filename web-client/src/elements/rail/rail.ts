import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Area } from '../../state/route.ts';
import { formatRoute } from '../../state/route.ts';
import type { Theme } from '../../state/theme.ts';
import { base, controls } from '../../styles/shared.ts';
import { icon, logo } from '../icon.ts';
import type { IconName } from '../icon.ts';
import '../me/me.ts';
import { styles } from './rail.styles.ts';

const areas: readonly { area: Area; name: string; glyph: IconName }[] = [
  { area: 'chat', name: 'Chat', glyph: 'chat' },
  { area: 'devices', name: 'Devices', glyph: 'devices' },
  { area: 'topics', name: 'Topics', glyph: 'topics' },
  { area: 'hub', name: 'Hub', glyph: 'hub' },
];

/** The four areas and me: a rail at the left, a bar at the bottom of a phone. */
@customElement('parley-rail')
export class ParleyRail extends LitElement {
  static override styles = [base, controls, styles];

  @property() area: Area = 'chat';
  @property() user = '';
  @property({ type: Number }) unread = 0;
  @property() theme: Theme = 'system';

  override render() {
    return html`
      <span class="logo">${logo(28)}</span>
      <nav aria-label="Areas">
        ${areas.map(
          ({ area, name, glyph }) => html`
            <a href=${formatRoute({ area })} aria-current=${area === this.area ? 'page' : nothing}>
              <span class="glyph">
                ${icon(glyph)}${area === 'chat' && this.unread > 0 ? html`<i class="dot"></i>` : nothing}
              </span>
              <span
                >${name}${area === 'chat' && this.unread > 0 ? html`<span class="visually-hidden">, ${this.unread} unread</span>` : nothing}</span
              >
            </a>
          `,
        )}
      </nav>
      <parley-me user=${this.user} theme=${this.theme}></parley-me>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-rail': ParleyRail;
  }
}

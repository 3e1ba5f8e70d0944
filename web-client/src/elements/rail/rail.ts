import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Area } from '../../state/route.ts';
import { formatRoute } from '../../state/route.ts';
import { base, controls } from '../../styles/shared.ts';
import { icon, logo } from '../icon.ts';
import type { IconName } from '../icon.ts';
import '../mark/mark.ts';
import { styles } from './rail.styles.ts';

const areas: readonly { area: Area; name: string; glyph: IconName }[] = [
  { area: 'chat', name: 'Chat', glyph: 'chat' },
  { area: 'devices', name: 'Devices', glyph: 'devices' },
  { area: 'topics', name: 'Topics', glyph: 'topics' },
  { area: 'hub', name: 'Hub', glyph: 'hub' },
];

/** We leave, to come back under another name. */
export class LeaveEvent extends Event {
  constructor() {
    super('parley-leave', { bubbles: true, composed: true });
  }
}

/** The four areas and me: a rail at the left, a bar at the bottom of a phone. Fires `parley-leave`. */
@customElement('parley-rail')
export class ParleyRail extends LitElement {
  static override styles = [base, controls, styles];

  @property() area: Area = 'chat';
  @property() user = '';
  @property({ type: Number }) unread = 0;

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
      <button class="me" popovertarget="me" aria-label=${`You are ${this.user}`} title=${this.user}>
        <parley-mark name=${this.user} size="36"></parley-mark>
      </button>
      <div id="me" class="menu" popover>
        <p class="name">${this.user}</p>
        <p class="quiet">Your name is kept in this browser.</p>
        <button class="button" @click=${() => this.dispatchEvent(new LeaveEvent())}>
          ${icon('leave', 16)}Leave or change name
        </button>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-rail': ParleyRail;
  }
}

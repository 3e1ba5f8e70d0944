import type { Presence } from '@parley/shared';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base, controls } from '../../styles/shared.ts';
import { CloseDetailEvent } from '../detail.ts';
import { icon } from '../icon.ts';
import '../mark/mark.ts';
import { agoOf } from '../words.ts';
import { styles } from './people.styles.ts';

export interface Person {
  readonly name: string;
  readonly presence: Presence;
}

/** Somebody is to be talked to. */
export class PersonEvent extends Event {
  readonly name: string;

  constructor(name: string) {
    super('parley-person', { bubbles: true, composed: true });
    this.name = name;
  }
}

/** Everyone the hub knows: who is here, and when the others were. Fires `parley-person` and `parley-close-detail`. */
@customElement('parley-people')
export class ParleyPeople extends LitElement {
  static override styles = [base, controls, styles];

  @property({ attribute: false }) people: readonly Person[] = [];
  @property() me = '';

  override render() {
    const here = this.people.filter(({ presence }) => presence.status !== 'offline');
    const gone = this.people.filter(({ presence }) => presence.status === 'offline');
    return html`
      <header>
        <h2>People</h2>
        <button
          class="icon-button"
          aria-label="Close people"
          title="Close"
          @click=${() => this.dispatchEvent(new CloseDetailEvent())}
        >
          ${icon('close')}
        </button>
      </header>
      <div class="lists">${this.#list('Online', here)} ${gone.length > 0 ? this.#list('Offline', gone) : ''}</div>
    `;
  }

  #list(title: string, people: readonly Person[]) {
    return html`
      <h3>${title} <span>${people.length}</span></h3>
      <ul>
        ${people.map(
          ({ name, presence }) =>
            html`<li>
              <button
                title=${name === this.me ? name : `Write to ${name}`}
                ?disabled=${name === this.me}
                @click=${() => this.dispatchEvent(new PersonEvent(name))}
              >
                <parley-mark name=${name} status=${presence.status} size="32"></parley-mark>
                <span class="name">${name}${name === this.me ? html` <span class="quiet">you</span>` : ''}</span>
                <span class="quiet">${seenWords(presence)}</span>
              </button>
            </li>`,
        )}
      </ul>
    `;
  }
}

function seenWords({ status, at }: Presence): string {
  if (status === 'online') return 'online';
  return status === 'away' ? `away · ${agoOf(at)}` : agoOf(at);
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-people': ParleyPeople;
  }
}

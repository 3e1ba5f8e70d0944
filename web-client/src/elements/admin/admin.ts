import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { accounts, problemOf } from '../../link/accounts.ts';
import type { Me } from '../../link/accounts.ts';
import type { HubPage } from '../../state/route.ts';
import type { Session } from '../../state/session.ts';
import { base, controls, page } from '../../styles/shared.ts';
import '../account/account.ts';
import { icon } from '../icon.ts';
import './audit.ts';
import './devices.ts';
import './people.ts';
import { styles } from './admin.styles.ts';

const tabs: readonly (readonly [page: HubPage, name: string])[] = [
  ['account', 'Yours'],
  ['people', 'People'],
  ['devices', 'Devices'],
  ['audit', 'Audit list'],
];

/** The accounts of a hub: one's own, and for administrators everybody's. */
@customElement('parley-admin')
export class ParleyAdmin extends LitElement {
  static override styles = [base, controls, page, styles];

  @property({ attribute: false }) session!: Session;
  @property() page: HubPage = 'account';
  @state() private me: Me | undefined;
  @state() private problem = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render() {
    return html`<header class="bar">
        <a class="icon-button back" href="/hub" aria-label="Back to the hub">${icon('back')}</a>
        <h1>${this.me?.administers ? 'Accounts' : 'Your account'}</h1>
      </header>
      ${this.me?.administers ? this.#tabs() : nothing}
      <div class="scroll">${this.#page()}</div>`;
  }

  #tabs() {
    return html`<nav aria-label="Accounts">
      ${tabs.map(
        ([at, name]) => html`<a href="/hub/${at}" aria-current=${at === this.page ? 'page' : nothing}>${name}</a>`,
      )}
    </nav>`;
  }

  #page() {
    const { me, session } = this;
    if (this.problem) {
      return html`<div class="empty" role="alert">
        <h2>${this.problem}</h2>
        <button class="button" @click=${this.#load}>Try again</button>
      </div>`;
    }
    if (!me) return nothing;
    if (this.page === 'account') return html`<parley-account .me=${me}></parley-account>`;
    if (!me.administers) {
      return html`<div class="empty">
        <h2>This is for administrators</h2>
        <p>Ask one of them.</p>
      </div>`;
    }
    if (this.page === 'people') return html`<parley-accounts me=${me.user}></parley-accounts>`;
    if (this.page === 'devices') return html`<parley-onboarding .session=${session}></parley-onboarding>`;
    return html`<parley-audit></parley-audit>`;
  }

  readonly #load = async (): Promise<void> => {
    this.problem = '';
    try {
      this.me = await accounts.me();
    } catch (error) {
      this.problem = problemOf(error);
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-admin': ParleyAdmin;
  }
}

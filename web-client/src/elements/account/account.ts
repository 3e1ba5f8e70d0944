import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { accounts } from '../../link/accounts.ts';
import type { IssuedToken, Me } from '../../link/accounts.ts';
import { base, controls } from '../../styles/shared.ts';
import { dateAndTimeOf, dateOf } from './dates.ts';
import { pageStyles } from '../admin/page.styles.ts';
import { WorkingElement } from '../admin/working.ts';
import { icon } from '../icon.ts';
import '../mark/mark.ts';
import { LeaveEvent } from '../me/me.ts';
import { passwordField, passwordStyles } from './password.ts';
import { roleWords } from './role-words.ts';

/** One's own account: its password, and where it is signed in. Fires `parley-leave`. */
@customElement('parley-account')
export class ParleyAccount extends WorkingElement {
  static override styles = [base, controls, passwordStyles, pageStyles];

  @property({ attribute: false }) me!: Me;
  @state() private tokens: readonly IssuedToken[] = [];
  @state() private changed = false;

  override render() {
    const { user, roles } = this.me;
    return html`
      <section>
        <h2>You</h2>
        <div class="card">
          <div class="line">
            <parley-mark name=${user} size="40"></parley-mark>
            <p class="what">
              <b title=${user}>${user}</b><span class="quiet">${roles.map(roleWords).join(', ')}</span>
            </p>
            <button class="button" @click=${() => this.dispatchEvent(new LeaveEvent())}>
              ${icon('leave', 16)}Sign out
            </button>
          </div>
        </div>
      </section>
      ${this.me.hasPassword ? this.#password() : nothing} ${this.#signIns()}
    `;
  }

  #password() {
    return html`<section>
      <h2>Password</h2>
      <form class="card padded" novalidate @submit=${this.#change} @input=${() => (this.changed = false)}>
        <input
          class="visually-hidden"
          name="username"
          autocomplete="username"
          .value=${this.me.user}
          tabindex="-1"
          aria-hidden="true"
          readonly
        />
        <div>${passwordField('current', 'Current password', 'current-password')}</div>
        <div>${passwordField('new', 'New password', 'new-password')}</div>
        <div class="buttons"><button class="button primary" ?disabled=${this.busy}>Change password</button></div>
        <p class=${this.problem ? 'problem' : 'done'} role=${this.problem ? 'alert' : 'status'}>
          ${this.problem || (this.changed ? 'Your password is changed. Every other sign-in has ended.' : 'Every other sign-in and token of yours ends with the old one.')}
        </p>
      </form>
    </section>`;
  }

  #signIns() {
    return html`<section>
      <h2>Signed in <span class="quiet">${this.tokens.length || nothing}</span></h2>
      <ul class="card">
        ${this.tokens.map((one) => this.#signIn(one))}
        <li class="line">
          <p class="what"><span class="quiet">A lost phone, a borrowed computer?</span></p>
          <button class="button danger" @click=${() => this.dispatchEvent(new LeaveEvent(true))}>
            Sign out everywhere
          </button>
        </li>
      </ul>
    </section>`;
  }

  #signIn({ id, kind, label, channels, createdAt, signedInAt = createdAt, expiresAt, current }: IssuedToken) {
    const name = kind === 'session' ? 'Browser or app' : (label ?? 'Token');
    const where = channels ? ` for ${channels.map((one) => `#${one}`).join(', ')}` : '';
    const times = `Since ${dateAndTimeOf(signedInAt)}, until ${dateOf(expiresAt)}`;
    return html`<li class="line">
      <p class="what">
        <b><bdi>${name}</bdi>${where}</b><span class="quiet" title=${times}>${times}</span>
      </p>
      ${
        current
          ? html`<span class="tag">This one</span>`
          : html`<button
              class="button"
              aria-label=${`End: ${name}, ${times}`}
              @click=${() => this.attempt(() => accounts.endToken(id))}
            >
              End
            </button>`
      }
    </li>`;
  }

  protected override async load(): Promise<void> {
    const tokens = await accounts.tokens();
    this.tokens = tokens.toSorted((a, b) => rank(b) - rank(a));
  }

  readonly #change = async (event: Event): Promise<void> => {
    event.preventDefault();
    const [current, fresh] = ['current', 'new'].map((id) => this.renderRoot.querySelector<HTMLInputElement>(`#${id}`)!);
    const empty = [current!, fresh!].find(({ value }) => value === '');
    if (empty) {
      this.problem = 'Type both passwords.';
      return empty.focus();
    }
    this.changed = await this.attempt(() => accounts.changePassword(current!.value, fresh!.value));
    if (this.changed) current!.value = fresh!.value = '';
    else current!.focus();
  };
}

/** This browser's own first, then the newest. */
function rank({ current, createdAt }: IssuedToken): number {
  return current ? Number.MAX_SAFE_INTEGER : createdAt;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-account': ParleyAccount;
  }
}

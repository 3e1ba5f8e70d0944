import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { administration } from '../../link/accounts.ts';
import type { Account, Invite, MadeInvite } from '../../link/accounts.ts';
import { readName } from '../../state/me.ts';
import { base, controls } from '../../styles/shared.ts';
import { dateAndTimeOf } from '../account/dates.ts';
import { roleWords } from '../account/role-words.ts';
import '../mark/mark.ts';
import { qrStyles } from '../qr.ts';
import { inviteCard } from './invite-card.ts';
import { pageStyles } from './page.styles.ts';
import { rowStyles } from './row.styles.ts';
import { WorkingElement } from './working.ts';

/** People with an account, their roles, and invites to make one. */
@customElement('parley-accounts')
export class ParleyAccounts extends WorkingElement {
  static override styles = [base, controls, qrStyles, pageStyles, rowStyles];

  /** Who is looking. */
  @property() me = '';
  @state() private people: readonly Account[] = [];
  @state() private roles: readonly string[] = [];
  @state() private invites: readonly Invite[] = [];
  @state() private made: MadeInvite | undefined;
  /** Roles that somebody is being given. */
  @state() private wanted: Pick<Account, 'name' | 'roles'> | undefined;
  /** Whose removal was asked for and not confirmed yet. */
  @state() private sure = '';

  override render() {
    return html`
      <section>
        <h2>Invite somebody</h2>
        <p>A link that works once, within a week. Who opens it chooses a name and a password.</p>
        <form class="card padded" novalidate @submit=${this.#invite}>
          <div class="fields">
            <div>
              <label class="label" for="role">Role</label>
              <select id="role" class="field">
                ${this.roles.map((role) => html`<option value=${role} ?selected=${role === 'member'}>${roleWords(role)}</option>`)}
              </select>
            </div>
            <div>
              <label class="label" for="for">Name, if it is for one alone</label>
              <input
                id="for"
                class="field"
                maxlength="80"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
              />
            </div>
            <button class="button primary" ?disabled=${this.busy}>Make a link</button>
          </div>
          ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        </form>
        ${this.made ? inviteCard(this.made) : nothing}
      </section>
      <section>
        <h2>People <span class="quiet">${this.people.length || nothing}</span></h2>
        <ul class="card">
          ${this.people.map((one) => this.#person(one))}
        </ul>
      </section>
      ${this.#openInvites()}
    `;
  }

  #openInvites() {
    if (this.invites.length === 0) return nothing;
    return html`<section>
      <h2>Open invites <span class="quiet">${this.invites.length}</span></h2>
      <ul class="card">
        ${this.invites.map(({ id, user, roles, by, expiresAt }) => {
          const whom = `For ${user ?? 'anyone with the link'}: ${roles.map(roleWords).join(', ')}`;
          return html`<li class="line">
            <p class="what">
              <b title=${whom}><bdi>${whom}</bdi></b
              ><span class="quiet">By <bdi>${by}</bdi>, until ${dateAndTimeOf(expiresAt)}</span>
            </p>
            <button
              class="button"
              aria-label=${`Withdraw: ${whom}`}
              @click=${() => this.attempt(() => administration.withdraw(id))}
            >
              Withdraw
            </button>
          </li>`;
        })}
      </ul>
    </section>`;
  }

  #person(person: Account) {
    const { name, roles } = person;
    return html`<li>
      <details>
        <summary class="line">
          <parley-mark name=${name} size="36"></parley-mark>
          <span class="what"
            ><b title=${name}>${name}</b
            ><span class="quiet">${roles.map(roleWords).join(', ') || 'no role'}</span></span
          >
          ${name === this.me ? html`<span class="tag">You</span>` : nothing}
        </summary>
        <div class="inside">
          ${person.external ? html`<p class="quiet">Others keep this account; its roles come from there.</p>` : this.#roleBoxes(person)}
          <div class="buttons">${this.sure === name ? this.#confirm(name) : this.#actions(name)}</div>
        </div>
      </details>
    </li>`;
  }

  #roleBoxes({ name, roles }: Account) {
    const set = (role: string, on: boolean): void => {
      const next = on ? [...roles, role] : roles.filter((one) => one !== role);
      this.wanted = { name, roles: next };
      // What was refused must not go on looking as if it were so.
      void this.attempt(() => administration.setRoles(name, next)).then(() => (this.wanted = undefined));
    };
    const shown = this.wanted?.name === name ? this.wanted.roles : roles;
    return html`<fieldset ?disabled=${this.busy}>
      <legend class="label">Roles</legend>
      ${this.roles.map(
        (role) =>
          html`<label
            ><input
              type="checkbox"
              .checked=${live(shown.includes(role))}
              @change=${(event: Event) => set(role, (event.target as HTMLInputElement).checked)}
            />${roleWords(role)}</label
          >`,
      )}
    </fieldset>`;
  }

  #actions(name: string) {
    return html`<button class="button" @click=${() => this.attempt(() => administration.signOut(name))}>
        Sign out everywhere
      </button>
      <button class="button danger" aria-label=${`Remove ${name} …`} @click=${() => (this.sure = name)}>
        Remove …
      </button>`;
  }

  #confirm(name: string) {
    return html`<p>${name} is out at once, on every device. What was written stays.</p>
      <button
        class="button danger"
        aria-label=${`Remove ${name}`}
        @click=${() => this.attempt(() => administration.remove(name))}
      >
        Remove
      </button>
      <button class="button" @click=${() => (this.sure = '')}>Keep</button>`;
  }

  protected override async load(): Promise<void> {
    const [all, roles, invites] = await Promise.all([
      administration.list(),
      administration.roles(),
      administration.invites(),
    ]);
    this.people = all.filter(({ kind }) => kind === 'person');
    this.roles = roles.filter((role) => role !== 'device');
    this.invites = invites.toSorted((a, b) => b.expiresAt - a.expiresAt);
    this.sure = '';
  }

  readonly #invite = (event: Event): void => {
    event.preventDefault();
    const role = this.renderRoot.querySelector<HTMLSelectElement>('#role')!.value;
    const field = this.renderRoot.querySelector<HTMLInputElement>('#for')!;
    const read = field.value.trim() === '' ? { name: undefined } : readName(field.value);
    if ('problem' in read) {
      this.problem = read.problem;
      return field.focus();
    }
    void this.attempt(async () => {
      this.made = await administration.invite([role], read.name);
      field.value = '';
    });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-accounts': ParleyAccounts;
  }
}

import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { accounts, problemOf } from '../../link/accounts.ts';
import type { Invitation } from '../../link/accounts.ts';
import type { HubFacts } from '../../link/api.ts';
import { readName } from '../../state/me.ts';
import { base, controls } from '../../styles/shared.ts';
import '../copy/copy.ts';
import { logo } from '../icon.ts';
import { JoinEvent } from '../join/join.ts';
import { styles as joinStyles } from '../join/join.styles.ts';
import { terminalLines } from '../lines.ts';
import { passwordField, passwordStyles } from './password.ts';
import { styles } from './gate.styles.ts';
import { roleWords } from './role-words.ts';

/** Another tab may be signing in, or changing the password, right now. */
const LOOK_AGAIN_MS = 2000;

/** Where one signs in, or makes the account that an invite is for. Fires `parley-join` with the account's name. */
@customElement('parley-gate')
export class ParleyGate extends LitElement {
  static override styles = [base, controls, joinStyles, passwordStyles, styles];

  /** Whose sign-in ended; empty for who comes in. */
  @property() again = '';
  @property({ attribute: false }) hub: HubFacts | undefined;
  @state() private invitation: Invitation | undefined;
  @state() private problem = '';
  @state() private busy = false;
  /** Whether the browser may be signed in already: nothing is shown until that is known. */
  @state() private looking = true;
  @query('#name') private name!: HTMLInputElement | null;
  @query('#password') private password!: HTMLInputElement | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#invited);
    document.addEventListener('visibilitychange', this.#seen);
    if (codeOf(location) !== undefined) void this.#lookUp();
    else void this.#look();
    this.#timer = setTimeout(this.#seen, LOOK_AGAIN_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#invited);
    document.removeEventListener('visibilitychange', this.#seen);
    clearTimeout(this.#timer);
  }

  override render() {
    if (this.looking) return nothing;
    return html`<main>
      <header>
        ${logo(44)}
        <div>
          <h1>${this.#title()}</h1>
          <p>${this.#about()}</p>
        </div>
      </header>
      ${isInvite() && !this.invitation ? this.#noInvite() : this.#form()} ${isInvite() ? nothing : this.#terminal()}
    </main>`;
  }

  #title(): string {
    const { invitation, again } = this;
    if (invitation) return invitation.by === 'hub' ? 'Welcome to your hub' : `${invitation.by} invites you`;
    return again === '' ? 'Parley' : 'You are signed out';
  }

  #about(): string {
    const { invitation, again } = this;
    if (invitation?.by === 'hub') return 'Make the account of its first administrator.';
    if (invitation) return `Make your account: ${invitation.roles.map(roleWords).join(', ')}.`;
    return again === '' ? 'People and machines at one table.' : `Sign in as ${again} to go on. What you wrote is kept.`;
  }

  #form() {
    const { invitation, problem, busy } = this;
    return html`<form novalidate @submit=${this.#submit} @input=${() => (this.problem = '')}>
      <label class="label" for="name">Name</label>
      <input
        id="name"
        name="username"
        class="field"
        .value=${invitation?.user ?? this.again}
        ?readonly=${invitation?.user !== undefined}
        maxlength="80"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        aria-describedby="hint"
      />
      <div class="second">
        ${passwordField('password', 'Password', invitation ? 'new-password' : 'current-password')}
      </div>
      <button class="button primary" ?disabled=${busy}>${invitation ? 'Make the account' : 'Sign in'}</button>
      <p id="hint" class=${problem ? 'problem' : 'hint'} role=${problem ? 'alert' : nothing}>
        ${problem || this.#hint()}
      </p>
    </form>`;
  }

  #hint(): string {
    if (!this.invitation) return 'No account yet? An administrator of this hub can send you an invite link.';
    return 'A name has letters a to z, digits, _ and -. A password has at least 8 characters.';
  }

  #noInvite() {
    return html`<div class="problem" role="alert"><p>${this.problem}</p></div>
      <p>Ask who sent it for another one. <a href="/" target="_self">Sign in</a> if you have an account.</p>`;
  }

  #terminal() {
    return html`<section>
      <h2>From a terminal</h2>
      ${terminalLines(location.hostname, this.hub).map((line) => html`<parley-copy line=${line}></parley-copy>`)}
    </section>`;
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('looking') || this.looking) return;
    if (this.name?.value) this.password?.focus();
    else this.name?.focus();
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const read = readName(this.name!.value);
    const password = this.password!.value;
    if ('problem' in read) {
      this.problem = read.problem;
      this.name!.focus();
    } else if (password === '') {
      this.problem = 'Type your password.';
      this.password!.focus();
    } else if (!this.busy) void this.#send(read.name, password);
  };

  async #send(name: string, password: string): Promise<void> {
    this.busy = true;
    try {
      const code = codeOf(location);
      const { user } = await (code === undefined
        ? accounts.signIn(name, password)
        : accounts.accept(code, name, password));
      // The code is used up: the address that one comes back to is another.
      if (code !== undefined) history.replaceState(null, '', '/');
      this.dispatchEvent(new JoinEvent(user));
    } catch (error) {
      this.problem = problemOf(error);
      this.password?.focus();
    } finally {
      this.busy = false;
    }
  }

  readonly #invited = (): void => void this.#lookUp();
  readonly #seen = (): void => void this.#look();

  async #lookUp(): Promise<void> {
    this.problem = '';
    try {
      this.invitation = await accounts.lookUp(codeOf(location) ?? '');
    } catch (error) {
      this.invitation = undefined;
      this.problem = problemOf(error);
    }
    this.looking = false;
  }

  /** Whether the cookie of this browser is good: another tab may have brought it. */
  async #look(): Promise<void> {
    if (isInvite() || this.busy || document.visibilityState !== 'visible') return;
    const me = await accounts.me().catch(() => undefined);
    this.looking = false;
    if (me && this.isConnected && (this.again === '' || this.again === me.user)) {
      this.dispatchEvent(new JoinEvent(me.user));
    }
  }
}

function isInvite(): boolean {
  return location.pathname === '/invite';
}

/** The code of an invite is behind the `#` of its address: that part is not sent to anyone. */
function codeOf({ hash }: Location): string | undefined {
  return isInvite() ? hash.slice(1) : undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-gate': ParleyGate;
  }
}

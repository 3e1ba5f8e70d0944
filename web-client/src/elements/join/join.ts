import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { readName } from '../../state/me.ts';
import { base, controls } from '../../styles/shared.ts';
import type { HubFacts } from '../../link/api.ts';
import '../copy/copy.ts';
import { logo } from '../icon.ts';
import { terminalLines } from '../lines.ts';
import { styles } from './join.styles.ts';

/** Someone comes in under a name. */
export class JoinEvent extends Event {
  readonly name: string;
  /** Undefined on an open hub. */
  readonly password: string | undefined;

  constructor(name: string, password: string | undefined) {
    super('parley-join', { bubbles: true, composed: true });
    this.name = name;
    this.password = password;
  }
}

/** Asks for a name; says how to come in from a terminal. Fires `parley-join`. */
@customElement('parley-join')
export class ParleyJoin extends LitElement {
  static override styles = [base, controls, styles];

  @property() suggestion = '';
  @property({ attribute: false }) hub: HubFacts | undefined;
  /** Why one was not let in. */
  @property() refusal = '';
  /** Whether one came by an invitation: a new account is made. */
  @property({ type: Boolean }) invited = false;
  @state() private problem = '';
  @query('#password') private password!: HTMLInputElement | null;
  @query('input') private input!: HTMLInputElement;

  override firstUpdated(): void {
    this.input.select();
  }

  override render() {
    return html`
      <main>
        <header>
          ${logo(44)}
          <div>
            <h1>Parley</h1>
            <p>People and machines at one table.</p>
          </div>
        </header>
        <form novalidate @submit=${this.#submit}>
          <label class="label" for="name">Your name</label>
          <div class="row">
            <input
              id="name"
              class="field"
              .value=${this.suggestion}
              maxlength="80"
              autocomplete="username"
              autocapitalize="none"
              spellcheck="false"
              autofocus
              aria-describedby="hint"
              aria-invalid=${this.problem ? 'true' : nothing}
              @input=${() => (this.problem = '')}
            />
            ${this.#hasAccounts ? nothing : html`<button class="button primary">Join</button>`}
          </div>
          ${this.#hasAccounts ? this.#passwordRow() : nothing}
          <p
            id="hint"
            class=${this.problem || this.refusal ? 'problem' : 'hint'}
            role=${this.problem || this.refusal ? 'alert' : nothing}
          >
            ${this.problem || this.refusal || this.#hint()}
          </p>
        </form>
        <section>
          <h2>From a terminal</h2>
          ${terminalLines(location.hostname, this.hub).map((line) => html`<parley-copy line=${line}></parley-copy>`)}
        </section>
      </main>
    `;
  }

  get #hasAccounts(): boolean {
    return this.hub !== undefined && this.hub.auth !== 'open';
  }

  #passwordRow() {
    return html`<label class="label second" for="password">Password</label>
      <div class="row">
        <input
          id="password"
          class="field"
          type="password"
          autocomplete=${this.invited ? 'new-password' : 'current-password'}
          @input=${() => (this.problem = '')}
        />
        <button class="button primary">${this.invited ? 'Make the account' : 'Sign in'}</button>
      </div>`;
  }

  #hint(): string {
    if (this.invited) return 'You are invited: choose a name and a password.';
    if (this.#hasAccounts) return 'Names have letters a to z, digits, _ and -.';
    return 'Letters a to z, digits, _ and -. On this hub a name is only a claim: anyone can use any name.';
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const read = readName(this.input.value);
    if ('name' in read) {
      if (this.#hasAccounts && !this.password?.value) return void (this.problem = 'Type your password.');
      this.dispatchEvent(new JoinEvent(read.name, this.password?.value));
      return;
    }
    this.problem = read.problem;
    this.input.focus();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-join': ParleyJoin;
  }
}

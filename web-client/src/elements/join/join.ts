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

  constructor(name: string) {
    super('parley-join', { bubbles: true, composed: true });
    this.name = name;
  }
}

/** Asks for a name; says how to come in from a terminal. Fires `parley-join`. */
@customElement('parley-join')
export class ParleyJoin extends LitElement {
  static override styles = [base, controls, styles];

  @property() suggestion = '';
  @property({ attribute: false }) hub: HubFacts | undefined;
  @state() private problem = '';
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
            <button class="button primary">Join</button>
          </div>
          <p id="hint" class=${this.problem ? 'problem' : 'hint'} role=${this.problem ? 'alert' : nothing}>
            ${this.problem || this.#hint()}
          </p>
        </form>
        <section>
          <h2>From a terminal</h2>
          ${terminalLines(location.hostname, this.hub).map((line) => html`<parley-copy line=${line}></parley-copy>`)}
        </section>
      </main>
    `;
  }

  #hint(): string {
    if (this.hub && this.hub.auth !== 'open') return 'Letters a to z, digits, _ and -.';
    return 'Letters a to z, digits, _ and -. On this hub a name is only a claim: anyone can use any name.';
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const read = readName(this.input.value);
    if ('name' in read) {
      this.dispatchEvent(new JoinEvent(read.name));
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

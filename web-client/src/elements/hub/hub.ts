import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { watching } from '../../controllers/watch.ts';
import { reliesOnCookie } from '../../link/authorization.ts';
import { readAs } from '../../link/read.ts';
import { Vitals } from '../../state/hub/vitals.ts';
import type { Session } from '../../state/session.ts';
import { base, controls, page } from '../../styles/shared.ts';
import '../copy/copy.ts';
import { icon } from '../icon.ts';
import { simulatorLine, terminalLines } from '../lines.ts';
import '../mark/mark.ts';
import { LeaveEvent } from '../me/me.ts';
import '../vitals/vitals.ts';
import { styles } from './hub.styles.ts';

/** Numbers of a visit: they go on when one comes back to the page. */
const vitals = new WeakMap<Session, Vitals>();

function vitalsOf(session: Session): Vitals {
  const known = vitals.get(session) ?? new Vitals(readAs(session.user));
  vitals.set(session, known);
  return known;
}

/** How the hub does, this connection to it; how others come in. Fires `parley-leave`. */
@customElement('parley-hub')
export class ParleyHub extends LitElement {
  static override styles = [base, controls, page, styles];

  @property({ attribute: false }) session!: Session;

  constructor() {
    super();
    watching(this, () => [this.session, this.session.people, this.session.devices, this.session.channels]);
  }

  override render() {
    return html`
      <header class="bar"><h1>Hub</h1></header>
      <div class="scroll">
        <parley-vitals .vitals=${vitalsOf(this.session)}></parley-vitals>
        <div class="column">${this.#facts()} ${this.#joining()} ${this.#me()}</div>
      </div>
    `;
  }

  #facts() {
    const { hub, link } = this.session;
    const port = hub?.mqttPort;
    return html`<section>
      <h2>This hub</h2>
      <dl>
        ${row('Version', hub?.version || '–')}
        ${row('Names', hub?.auth === 'accounts' ? 'Accounts with passwords' : 'Claims: anyone can use any name')}
        ${row('MQTT', port === undefined ? '–' : `${location.hostname}:${port}`, true)}
        ${row('MQTT over WebSocket', `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/mqtt`, true)}
        ${row('This page’s client id', link.clientId, true)}
      </dl>
    </section>`;
  }

  #joining() {
    const [read, write] = terminalLines(location.hostname, this.session.hub);
    return html`<section>
      <h2>Join from a terminal</h2>
      <p>Any MQTT client can take part. These two lines read and write <span class="mono">#general</span>:</p>
      <parley-copy line=${read}></parley-copy>
      <parley-copy line=${write}></parley-copy>
      ${
        reliesOnCookie()
          ? nothing
          : html`<p>A simulated home of twelve devices:</p>
              <parley-copy line=${simulatorLine(location, this.session.hub)}></parley-copy>`
      }
    </section>`;
  }

  #me() {
    const { user } = this.session;
    return html`<section>
      <h2>You</h2>
      <div class="me">
        <parley-mark name=${user} size="40"></parley-mark>
        ${
          reliesOnCookie()
            ? html`<p><b title=${user}>${user}</b><a href="/hub/account">Account</a></p>`
            : html`<p><b title=${user}>${user}</b><span class="quiet">Your name is kept in this browser.</span></p>`
        }
        <button class="button" @click=${() => this.dispatchEvent(new LeaveEvent())}>
          ${icon('leave', 16)}${reliesOnCookie() ? 'Sign out' : 'Leave'}
        </button>
      </div>
    </section>`;
  }
}

function row(name: string, value: string, mono = false) {
  return html`<div>
    <dt>${name}</dt>
    <dd class=${mono ? 'mono' : ''}>${value}</dd>
  </div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-hub': ParleyHub;
  }
}

import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { watching } from '../../controllers/watch.ts';
import { administration } from '../../link/accounts.ts';
import type { Account } from '../../link/accounts.ts';
import { readName } from '../../state/me.ts';
import type { Session } from '../../state/session.ts';
import { base, controls } from '../../styles/shared.ts';
import { dateOf } from '../account/dates.ts';
import '../copy/copy.ts';
import '../mark/mark.ts';
import { arduinoLines, commandsLine, publishLine } from './device-lines.ts';
import type { Onboarded } from './device-lines.ts';
import { pageStyles } from './page.styles.ts';
import { rowStyles } from './row.styles.ts';
import { WorkingElement } from './working.ts';

/** Devices with an account; a new one gets its token, and the lines that bring it here. */
@customElement('parley-onboarding')
export class ParleyOnboarding extends WorkingElement {
  static override styles = [base, controls, pageStyles, rowStyles];

  @property({ attribute: false }) session!: Session;
  @state() private devices: readonly Account[] = [];
  @state() private fresh: Onboarded | undefined;
  @state() private sure = '';

  constructor() {
    super();
    watching(this, () => [this.session.devices]);
  }

  override render() {
    return html`
      <section>
        <h2>Add a device</h2>
        <p>It gets a token: the MQTT password of its name. Also for bots and scripts.</p>
        <form class="card padded" novalidate @submit=${this.#add}>
          <div class="fields">
            <div>
              <label class="label" for="device">Name of the device</label>
              <input
                id="device"
                class="field"
                maxlength="80"
                placeholder="lamp-1"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
              />
            </div>
            <button class="button primary" ?disabled=${this.busy}>Add</button>
          </div>
          ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        </form>
        ${this.fresh ? this.#onboarding(this.fresh) : nothing}
      </section>
      <section>
        <h2>Devices <span class="quiet">${this.devices.length || nothing}</span></h2>
        ${
          this.devices.length === 0
            ? html`<p class="quiet">No device has an account yet.</p>`
            : html`<ul class="card">
                ${this.devices.map((one) => this.#device(one))}
              </ul>`
        }
      </section>
    `;
  }

  #onboarding(fresh: Onboarded) {
    const { hub, devices } = this.session;
    const host = location.hostname;
    return html`<div class="card padded" role="region" aria-label=${`Lines for ${fresh.name}`}>
      <p>
        The token of <b>${fresh.name}</b> is in these lines. It is shown this once, and is good until
        ${dateOf(fresh.expiresAt)}.
      </p>
      <div>
        <span class="label">One reading, from a terminal</span>
        <parley-copy line=${publishLine(host, hub, fresh)}></parley-copy>
      </div>
      <div>
        <span class="label">Commands that are sent to it, in the same terminal</span>
        <parley-copy line=${commandsLine(host, hub, fresh)}></parley-copy>
      </div>
      <div>
        <span class="label">In an Arduino sketch, with PubSubClient</span>
        <parley-copy line=${arduinoLines(host, hub, fresh)}></parley-copy>
      </div>
      <p role="status">
        ${
          devices.has(fresh.name)
            ? html`<a href="/d/${fresh.name}">${fresh.name} is here</a>`
            : html`<span class="quiet">Waiting for its first message …</span>`
        }
      </p>
    </div>`;
  }

  #device({ name, createdAt }: Account) {
    return html`<li>
      <details>
        <summary class="line">
          <parley-mark name=${name} .glyph=${'chip'} size="36"></parley-mark>
          <span class="what"><b title=${name}>${name}</b><span class="quiet">Since ${dateOf(createdAt)}</span></span>
        </summary>
        <div class="inside">
          <div class="buttons">${this.sure === name ? this.#confirm(name) : this.#actions(name)}</div>
        </div>
      </details>
    </li>`;
  }

  #actions(name: string) {
    return html`<button class="button" @click=${() => this.attempt(() => this.#issue(name))}>Another token</button>
      <button class="button" @click=${() => this.attempt(() => administration.signOut(name))}>
        End all its tokens
      </button>
      <button class="button danger" aria-label=${`Remove ${name} …`} @click=${() => (this.sure = name)}>
        Remove …
      </button>`;
  }

  #confirm(name: string) {
    return html`<p>${name} is out at once. What it published stays.</p>
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
    this.devices = (await administration.list()).filter(({ kind }) => kind === 'device');
    this.sure = '';
    if (this.fresh && !this.devices.some(({ name }) => name === this.fresh!.name)) this.fresh = undefined;
  }

  async #issue(name: string): Promise<void> {
    const { token, expiresAt } = await administration.issue(name);
    this.fresh = { name, token, expiresAt };
  }

  readonly #add = (event: Event): void => {
    event.preventDefault();
    const field = this.renderRoot.querySelector<HTMLInputElement>('#device')!;
    const read = readName(field.value);
    if ('problem' in read) {
      this.problem = field.value.trim() === '' ? 'Give the device a name.' : read.problem;
      return field.focus();
    }
    void this.attempt(async () => {
      await administration.addDevice(read.name);
      await this.#issue(read.name);
      field.value = '';
    });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-onboarding': ParleyOnboarding;
  }
}

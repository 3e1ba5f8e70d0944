import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { publicationOf } from '../../state/topics/publication.ts';
import { encodings } from '../../state/topics/saved.ts';
import type { Saved } from '../../state/topics/saved.ts';
import type { Publication } from '../../state/topics/seen.ts';
import { base, controls } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import { styles } from './publish.styles.ts';

/** The publish form is closed. */
class ClosePublishEvent extends Event {
  constructor() {
    super('parley-close-publish', { bubbles: true, composed: true });
  }
}

const encodingNames: Readonly<Record<Saved['encoding'], string>> = {
  text: 'Text',
  json: 'JSON, checked',
  hex: 'Bytes as hex',
  base64: 'Bytes as base64',
};

/** A form that publishes anything anywhere. What was published stays, to be changed and sent again, or kept as a button. */
@customElement('parley-publish')
export class ParleyPublish extends LitElement {
  static override styles = [base, controls, styles];

  /** Publishes, or throws the reason for a person. */
  @property({ attribute: false }) publish: (publication: Publication) => Promise<void> = async () => undefined;
  /** Keeps it as a button. @returns false when there are too many */
  @property({ attribute: false }) save: (saved: Saved) => boolean = () => false;
  /** What the form is filled with whenever it changes. */
  @property({ attribute: false }) draft: Partial<Saved> = {};
  @state() private outcome: { good: boolean; text: string } | undefined;
  @state() private users: readonly (readonly [string, string])[] = [];
  @query('form') private form!: HTMLFormElement;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('draft')) this.users = this.draft.user ?? [];
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('draft')) return;
    for (const [key, value] of Object.entries(this.draft)) {
      const field = this.form.elements.namedItem(key);
      if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = value === true;
      else if (
        field instanceof HTMLInputElement ||
        field instanceof HTMLTextAreaElement ||
        field instanceof HTMLSelectElement
      )
        field.value = String(value);
    }
    const { contentType, responseTopic, expiry, user } = this.draft;
    const has = [contentType, responseTopic, expiry].some(Boolean) || (user?.length ?? 0) > 0;
    if (has) this.renderRoot.querySelector('details')!.open = true;
  }

  override render() {
    return html`
      <header>
        <h2>Publish</h2>
        <button
          class="icon-button"
          aria-label="Close the publish form"
          title="Close"
          @click=${() => this.dispatchEvent(new ClosePublishEvent())}
        >
          ${icon('close')}
        </button>
      </header>
      <form @submit=${this.#submit}>
        ${this.#field('topic', 'Topic', { placeholder: 'chat/general', required: true })}
        <div>
          <div class="over">
            <label class="label" for="payload">Payload</label>
            <select name="encoding" aria-label="Written as">
              ${encodings.map((one) => html`<option value=${one}>${encodingNames[one]}</option>`)}
            </select>
          </div>
          <textarea id="payload" name="payload" class="field mono" rows="6" spellcheck="false"></textarea>
        </div>
        <div class="row">
          <div class="qos">
            <label class="label" for="qos">Quality of service</label>
            <select id="qos" name="qos" class="field">
              <option value="0">0, at most once</option>
              <option value="1" selected>1, at least once</option>
              <option value="2">2, exactly once</option>
            </select>
          </div>
          <label class="check"><input type="checkbox" name="retain" /> Retain</label>
        </div>
        <details>
          <summary>Properties</summary>
          <div class="properties">
            ${this.#field('contentType', 'Content type', { placeholder: 'application/json' })}
            ${this.#field('responseTopic', 'Response topic', {})}
            ${this.#field('expiry', 'Expires after, in seconds', { placeholder: 'never' })} ${this.#users()}
          </div>
        </details>
        <div class="row">
          <button class="button primary">${icon('publish', 18)}Publish</button>
          <button class="button" type="button" @click=${this.#keep}>Save as a button</button>
        </div>
        <p class="outcome ${this.outcome?.good === false ? 'bad' : ''}" role="status">${this.outcome?.text ?? ''}</p>
      </form>
    `;
  }

  #field(name: string, label: string, { placeholder = '', required = false }) {
    return html`<div>
      <label class="label" for=${name}>${label}</label>
      <input
        id=${name}
        name=${name}
        class="field mono"
        ?required=${required}
        maxlength="1000"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        placeholder=${placeholder || nothing}
      />
    </div>`;
  }

  #users() {
    const change = (at: number, part: 0 | 1, value: string): void => {
      this.users = this.users.map((pair, index) =>
        index === at ? (part === 0 ? [value, pair[1]] : [pair[0], value]) : pair,
      );
    };
    return html`<fieldset>
      <legend class="label">User properties</legend>
      ${this.users.map(
        ([name, value], at) =>
          html`<div class="pair">
            <input
              class="field mono"
              aria-label="Name"
              .value=${name}
              @input=${({ target }: Event) => change(at, 0, (target as HTMLInputElement).value)}
            />
            <input
              class="field mono"
              aria-label="Value"
              .value=${value}
              @input=${({ target }: Event) => change(at, 1, (target as HTMLInputElement).value)}
            />
            <button
              class="icon-button"
              type="button"
              aria-label="Remove the property"
              @click=${() => (this.users = this.users.filter((_, index) => index !== at))}
            >
              ${icon('close', 16)}
            </button>
          </div>`,
      )}
      <button class="button" type="button" @click=${() => (this.users = [...this.users, ['', '']])}>
        ${icon('plus', 16)}Add one
      </button>
    </fieldset>`;
  }

  #typed(): Omit<Saved, 'name'> {
    const values = new FormData(this.form);
    const read = (name: string): string => values.get(name) as string;
    return {
      topic: read('topic').trim(),
      // A form writes line ends as CRLF; a payload keeps what was typed.
      payload: read('payload').replaceAll('\r\n', '\n'),
      encoding: read('encoding') as Saved['encoding'],
      qos: Number(read('qos')) as Saved['qos'],
      retain: values.has('retain'),
      contentType: read('contentType').trim(),
      responseTopic: read('responseTopic').trim(),
      expiry: read('expiry').trim(),
      user: this.users.map(([name, value]) => [name, value]),
    };
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      const publication = publicationOf(this.#typed());
      await this.publish(publication);
      const { topic, qos } = publication;
      this.outcome = { good: true, text: qos === 0 ? `Sent to ${topic}.` : `The hub took it for ${topic}.` };
    } catch (error) {
      this.outcome = { good: false, text: (error as Error).message };
    }
  };

  readonly #keep = (): void => {
    try {
      const typed = this.#typed();
      publicationOf(typed);
      const name = typed.topic.slice(-60);
      const kept = this.save({ ...typed, name });
      this.outcome = kept
        ? { good: true, text: `Kept as a button: ${name}.` }
        : { good: false, text: 'There are 50 buttons already. Remove one first.' };
    } catch (error) {
      this.outcome = { good: false, text: (error as Error).message };
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-publish': ParleyPublish;
  }
}

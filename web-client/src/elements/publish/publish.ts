import { LitElement, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { text } from '@parley/shared';
import type { QoS } from '@parley/shared/client';
import type { Publication } from '../../state/inspector.ts';
import { base, controls } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import { styles } from './publish.styles.ts';

/** The publish form is closed. */
class ClosePublishEvent extends Event {
  constructor() {
    super('parley-close-publish', { bubbles: true, composed: true });
  }
}

/** A form that publishes anything anywhere. What was published stays, to be changed and sent again. */
@customElement('parley-publish')
export class ParleyPublish extends LitElement {
  static override styles = [base, controls, styles];

  /** Publishes, or throws the reason for a person. */
  @property({ attribute: false }) publish: (publication: Publication) => Promise<void> = async () => undefined;
  @state() private outcome: { good: boolean; text: string } | undefined;
  @query('form') private form!: HTMLFormElement;

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
        <div>
          <label class="label" for="topic">Topic</label>
          <input
            id="topic"
            name="topic"
            class="field mono"
            required
            maxlength="1000"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            placeholder="chat/general"
          />
        </div>
        <div>
          <label class="label" for="payload">Payload</label>
          <textarea
            id="payload"
            name="payload"
            class="field mono"
            rows="6"
            spellcheck="false"
            aria-describedby="about"
          ></textarea>
          <p id="about" class="quiet">Sent as UTF-8 text, exactly as written.</p>
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
        <button class="button primary">${icon('publish', 18)}Publish</button>
        <p class="outcome ${this.outcome?.good === false ? 'bad' : ''}" role="status">${this.outcome?.text ?? ''}</p>
      </form>
    `;
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const values = new FormData(this.form);
    const topic = (values.get('topic') as string).trim();
    // A form writes line ends as CRLF; a payload keeps what was typed.
    const payload = (values.get('payload') as string).replaceAll('\r\n', '\n');
    const qos = Number(values.get('qos')) as QoS;
    try {
      await this.publish({ topic, payload: text.encode(payload), qos, retain: values.has('retain') });
      this.outcome = { good: true, text: qos === 0 ? `Sent to ${topic}.` : `The hub took it for ${topic}.` };
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

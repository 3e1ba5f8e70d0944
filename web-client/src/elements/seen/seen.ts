import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Seen } from '../../state/inspector.ts';
import { base, controls } from '../../styles/shared.ts';
import { naturalFormat, previewOf, shownAs } from '../payload.ts';
import type { Format } from '../payload.ts';
import { bytesOf, momentOf, preciseTimeOf } from '../words.ts';
import { styles } from './seen.styles.ts';

const formats: readonly { format: Format; name: string }[] = [
  { format: 'text', name: 'Text' },
  { format: 'json', name: 'JSON' },
  { format: 'hex', name: 'Hex' },
];

/** A message is looked into: the list should hold still. */
class InspectEvent extends Event {
  constructor() {
    super('parley-inspect', { bubbles: true, composed: true });
  }
}

/** One message of the topics page, in a line; opened, its payload in a format of choice. Fires `parley-inspect`. */
@customElement('parley-seen')
export class ParleySeen extends LitElement {
  static override styles = [base, controls, styles];

  @property({ attribute: false }) message!: Seen;
  @state() private format: Format | undefined;

  override render() {
    const { topic, payload, qos, retain, at } = this.message;
    return html`
      <button class="line" aria-expanded=${this.format !== undefined} @click=${this.#toggle}>
        <time>${preciseTimeOf(at)}</time>
        <span class="topic" title=${topic}>${topic}</span>
        <span class="marks">
          ${retain ? html`<abbr title="Retained: kept by the hub, not sent just now">kept</abbr>` : nothing}
          <abbr title="Quality of service ${qos}">q${qos}</abbr>
        </span>
        <span class="preview">${payload.length === 0 ? html`<i>empty</i>` : previewOf(payload)}</span>
      </button>
      ${this.format === undefined ? nothing : this.#opened(this.format)}
    `;
  }

  #opened(chosen: Format) {
    const { payload, at } = this.message;
    return html`<div class="opened">
      <div class="tabs" role="group" aria-label="Show the payload as">
        ${formats.map(
          ({ format, name }) =>
            html`<button aria-pressed=${format === chosen} @click=${() => (this.format = format)}>${name}</button>`,
        )}
        <span class="quiet">${bytesOf(payload.length)} · ${momentOf(at)}</span>
      </div>
      <pre class="mono" tabindex="0">${shownAs(payload, chosen)}</pre>
    </div>`;
  }

  readonly #toggle = (): void => {
    this.format = this.format === undefined ? naturalFormat(this.message.payload) : undefined;
    if (this.format !== undefined) this.dispatchEvent(new InspectEvent());
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-seen': ParleySeen;
  }
}

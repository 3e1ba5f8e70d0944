import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { watching } from '../../controllers/watch.ts';
import type { Upload, Uploads } from '../../state/uploads.ts';
import { base, controls } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import { bytesOf } from '../words.ts';
import { styles } from './uploads.styles.ts';

/** Files that go with the next message: a preview, how far they are, and a way to take them back. */
@customElement('parley-uploads')
export class ParleyUploads extends LitElement {
  static override styles = [base, controls, styles];

  @property({ attribute: false }) uploads!: Uploads;
  readonly #previews = new Map<number, string>(); // by key: an object URL

  constructor() {
    super();
    watching(this, () => [this.uploads]);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#release(new Set());
  }

  override render() {
    const { items } = this.uploads;
    this.#release(new Set(items.map(({ key }) => key)));
    return items.length === 0
      ? nothing
      : html`<ul aria-label="Files">
          ${items.map((one) => this.#tile(one))}
        </ul>`;
  }

  #tile({ key, file, state, progress, reason }: Upload) {
    const preview = /^image\/(png|jpeg|gif|webp|avif)$/.test(file.type) ? this.#preview(key, file) : undefined;
    return html`<li class=${state} title=${file.name}>
      ${preview ? html`<img src=${preview} alt="" />` : html`<span class="sign">${icon('file')}</span>`}
      <span class="name">${file.name}</span>
      <span class="quiet">${state === 'failed' ? nothing : bytesOf(file.size)}</span>
      ${
        state === 'sending'
          ? html`<progress aria-label=${`Uploading ${file.name}`} max="1" .value=${progress}></progress>`
          : nothing
      }
      ${
        state === 'failed'
          ? html`<span class="why" role="alert">${reason}</span>
              <button type="button" class="link" @click=${() => this.uploads.retry(key)}>Retry</button>`
          : nothing
      }
      <button
        type="button"
        class="icon-button"
        aria-label=${`Remove ${file.name}`}
        @click=${() => this.uploads.remove(key)}
      >
        ${icon('close', 14)}
      </button>
    </li>`;
  }

  #preview(key: number, file: File): string {
    const url = this.#previews.get(key) ?? URL.createObjectURL(file);
    this.#previews.set(key, url);
    return url;
  }

  #release(kept: ReadonlySet<number>): void {
    for (const [key, url] of this.#previews) {
      if (kept.has(key)) continue;
      URL.revokeObjectURL(url);
      this.#previews.delete(key);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-uploads': ParleyUploads;
  }
}

import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import { bytesOf } from '../words.ts';
import { styles } from './file.styles.ts';

/** An attachment as an entry of kind `file` tells of it. Anyone may have written that. */
interface Attachment {
  readonly id: string | undefined;
  readonly name: string;
  readonly size: number | undefined;
  readonly isImage: boolean;
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** Pictures are shown no larger than this. */
const MAX = { width: 360, height: 260 };

/** An attachment: a picture where browsers show one safely, else its name to download. */
@customElement('parley-file')
export class ParleyFile extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) data: unknown;

  override render() {
    const file = attachmentOf(this.data);
    const size = file.size === undefined ? '' : bytesOf(file.size);
    if (file.id === undefined)
      return html`<p class="file">${icon('file', 18)}<span class="name">${file.name}</span></p>`;
    const url = `/api/files/${file.id}`;
    if (file.isImage) {
      return html`<a class="picture" href=${url} target="_blank" title=${`${file.name} ${size}`}>
        <img src=${url} alt=${file.name} loading="lazy" decoding="async" />
      </a>`;
    }
    return html`<a class="file" href=${url} target="_blank" download=${file.name} title=${file.name}>
      ${icon('file', 18)}<span class="name">${file.name}</span><span class="quiet">${size}</span>
    </a>`;
  }

  /** The room of a picture is kept before it is there; through CSSOM, as the policy forbids style attributes. */
  override updated(): void {
    const { width, height } = attachmentOf(this.data);
    const image = this.renderRoot.querySelector('img');
    if (!image) return;
    const [w, h] = width && height ? [width, height] : [MAX.width, MAX.height];
    const scale = Math.min(1, MAX.width / w, MAX.height / h);
    image.style.width = `${Math.round(w * scale)}px`;
    image.style.aspectRatio = `${w} / ${h}`;
  }
}

function attachmentOf(data: unknown): Attachment {
  const { id, name, type, size, width, height } = (data ?? {}) as Record<string, unknown>;
  return {
    id: typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id : undefined,
    name: typeof name === 'string' && name !== '' ? name.slice(0, 200) : 'File',
    size: typeof size === 'number' && size >= 0 ? size : undefined,
    isImage: typeof type === 'string' && /^image\/(png|jpeg|gif|webp|avif)$/.test(type),
    width: side(width),
    height: side(height),
  };
}

function side(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && value < 100_000 ? value : undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-file': ParleyFile;
  }
}

import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Row } from '../../state/rows.ts';
import { base, controls, page } from '../../styles/shared.ts';
import '../entry/entry.ts';
import { icon } from '../icon.ts';
import type { IconName } from '../icon.ts';
import { count, dayOf, timeOf } from '../words.ts';
import { arrivalWords } from './arrivals.ts';
import { styles } from './timeline.styles.ts';

/** Closer than this to the end counts as being there. */
const AT_END = 48;
/** Older entries are asked for this far before the top is reached. */
const AHEAD = 600;

/** The reader wants entries before the first one. */
class OlderEvent extends Event {
  constructor() {
    super('parley-older', { bubbles: true, composed: true });
  }
}

/** The reader is looking at the end. */
class AtEndEvent extends Event {
  constructor() {
    super('parley-at-end', { bubbles: true, composed: true });
  }
}

/**
 * The rows of a channel, kept at the end unless the reader scrolled up, and in place while older ones load above.
 * Fires `parley-older` and `parley-at-end`.
 */
@customElement('parley-timeline')
export class ParleyTimeline extends LitElement {
  static override styles = [base, controls, page, styles];

  @property({ attribute: false }) rows: readonly Row[] = [];
  /** Which channel the rows are of: another one starts at its end. */
  @property() channel = '';
  @property() me = '';
  @property() label = '';
  @property({ type: Number }) lastSeq = 0;
  @property({ type: Number }) firstSeq = 0;
  @property({ type: Boolean }) hasOlder = false;
  @property({ attribute: false }) glyphs: (name: string) => IconName | undefined = () => undefined;
  @state() private missed = 0;
  @query('.scroll') private scroller!: HTMLElement;
  #atEnd = true;
  /** Distance from the end to keep while older entries are drawn above. */
  #hold: number | undefined;
  #seenSeq = 0;
  readonly #resized = new ResizeObserver(() => this.#keepPlace());

  override firstUpdated(): void {
    this.#resized.observe(this.scroller);
    this.#resized.observe(this.scroller.firstElementChild!);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('channel')) this.#atEnd = true;
    if (changed.has('firstSeq') && !changed.has('channel') && !this.#atEnd) {
      this.#hold = this.scroller.scrollHeight - this.scroller.scrollTop;
    }
    if (this.#atEnd) this.#seenSeq = this.lastSeq;
    this.missed = Math.max(0, this.lastSeq - this.#seenSeq);
  }

  override updated(): void {
    void this.#settle();
  }

  async #settle(): Promise<void> {
    // Heights are known when the entries are drawn: still before this frame is painted.
    const entries = [...this.renderRoot.querySelectorAll('parley-entry')];
    await Promise.all(entries.filter((one) => one.isUpdatePending).map((one) => one.updateComplete));
    this.#keepPlace();
  }

  override render() {
    return html`
      <div class="scroll" @scroll=${this.#scrolled} tabindex="0" role="log" aria-live="polite" aria-label=${this.label}>
        <div class="column">
          <slot name="start"></slot>
          ${repeat(
            this.rows,
            ({ key }) => key,
            (row) => this.#row(row),
          )}
        </div>
      </div>
      ${
        this.missed > 0
          ? html`<button class="pill" @click=${() => this.toEnd()}>
              ${icon('down', 16)}${count(this.missed, 'new', 'new')}
            </button>`
          : nothing
      }
    `;
  }

  toEnd(): void {
    this.#atEnd = true;
    this.requestUpdate();
  }

  #row(row: Row) {
    if (row.type === 'day') return html`<p class="day"><span>${dayOf(row.at)}</span></p>`;
    if (row.type === 'new') return html`<p class="line"><span>New</span></p>`;
    if (row.type === 'gap') return html`<p class="gap">Older messages were here. The hub no longer keeps them.</p>`;
    if (row.type === 'entry') {
      return html`<parley-entry
        .item=${row.item}
        ?head=${row.head}
        .glyph=${row.head ? this.glyphs(row.item.from) : undefined}
        .me=${this.me}
      ></parley-entry>`;
    }
    return html`<p class="arrivals"><time>${timeOf(row.at)}</time><span>${arrivalWords(row.arrivals)}</span></p>`;
  }

  /** At the end one stays at the end; elsewhere what loads above moves nothing that is read. */
  #keepPlace(): void {
    const { scroller } = this;
    if (scroller.clientHeight === 0) return;
    const end = scroller.scrollHeight - scroller.clientHeight;
    if (this.#atEnd) {
      scroller.scrollTop = end;
      this.dispatchEvent(new AtEndEvent());
    } else if (this.#hold !== undefined) scroller.scrollTop = scroller.scrollHeight - this.#hold;
    this.#hold = undefined;
    if (this.hasOlder && scroller.scrollTop < AHEAD) this.#askOlder();
  }

  readonly #scrolled = (): void => {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const atEnd = scrollHeight - scrollTop - clientHeight < AT_END;
    if (atEnd !== this.#atEnd) {
      this.#atEnd = atEnd;
      this.requestUpdate();
    }
    if (this.hasOlder && scrollTop < AHEAD) this.#askOlder();
  };

  #askOlder(): void {
    this.dispatchEvent(new OlderEvent());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-timeline': ParleyTimeline;
  }
}

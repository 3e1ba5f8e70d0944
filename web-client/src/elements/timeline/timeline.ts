import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Row } from '../../state/rows.ts';
import { base, controls, page } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import type { IconName } from '../icon.ts';
import { count } from '../words.ts';
import { kept, seqUpTo } from './anchor.ts';
import type { Anchor } from './anchor.ts';
import { LatestEvent, MoreEvent, SeenEvent } from './events.ts';
import { lastVisible, moveFocus } from './focus.ts';
import { Layout } from './layout.ts';
import { drawRow } from './row.ts';
import type { RowContext } from './row.ts';
import { styles } from './timeline.styles.ts';

/** Closer than this to the end counts as being there. */
const AT_END = 48;
/** More is asked for this far before the top or the end is reached. */
const AHEAD = 1200;
/** Drawn beyond what is seen, above and below. */
const OVERSCAN = 700;
/** How long a found entry is lit. */
const FOUND_MS = 2000;

/**
 * The rows of a conversation, of which only those near the window are drawn. Kept at the end unless the reader went
 * elsewhere, and in place while anything changes around what is read.
 * Fires `parley-older`, `parley-newer`, `parley-seen` and `parley-latest`.
 */
@customElement('parley-timeline')
export class ParleyTimeline extends LitElement {
  static override styles = [base, controls, page, styles];

  @property({ attribute: false }) rows: readonly Row[] = [];
  /** Whose rows they are: another one starts at its first unread, or its end. */
  @property() place = '';
  @property() label = '';
  @property() me = '';
  @property({ type: Number }) lastSeq = 0;
  @property({ type: Boolean }) hasOlder = false;
  @property({ type: Boolean }) hasNewer = false;
  @property({ attribute: false }) glyphs: (name: string) => IconName | undefined = () => undefined;
  @state() private missed = 0;
  @state() private found = '';
  @query('.scroll') private scroller!: HTMLElement;
  @query('.rows') private list!: HTMLElement;
  readonly #layout = new Layout();
  /** Undefined at the end. */
  #anchor: Anchor | undefined;
  #drawn = { start: 0, end: 0 };
  #toNew = true;
  #seenSeq = 0;
  #toldSeq = 0;
  #width = 0;
  readonly #resized = new ResizeObserver(() => this.#settle());

  override firstUpdated(): void {
    this.#resized.observe(this.scroller);
    this.#resized.observe(this.list);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.firstUpdated();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('place')) this.#begin();
    const line = this.#toNew && this.rows.find(({ type }) => type === 'new');
    if (line) {
      this.#anchor = { key: line.key, offset: 96 };
      this.#toNew = false;
    }
    this.#anchor = kept(this.#anchor, this.#layout, this.rows);
    this.#layout.set(this.rows);
    this.#drawn = this.#window();
    if (this.#isAtEnd) this.#seenSeq = this.lastSeq;
    this.missed = Math.max(0, this.lastSeq - this.#seenSeq);
  }

  override updated(): void {
    void this.#drawnAll();
  }

  override render() {
    const { start, end } = this.#drawn;
    return html`
      <div
        class="scroll"
        @scroll=${this.#scrolled}
        @wheel=${this.#touched}
        @touchmove=${this.#touched}
        @keydown=${this.#pressed}
        tabindex="0"
        role="log"
        aria-live="polite"
        aria-label=${this.label}
      >
        <div class="column">
          <slot name="start"></slot>
          <div class="rows">
            ${repeat(
              this.rows.slice(start, end),
              ({ key }) => key,
              (row) => html`<div class="row" data-key=${row.key}>${drawRow(row, this.#rowContext)}</div>`,
            )}
          </div>
        </div>
      </div>
      ${this.#pill()}
    `;
  }

  /** Goes to the end and stays there. */
  toEnd(): void {
    if (this.hasNewer) this.dispatchEvent(new LatestEvent());
    this.#anchor = undefined;
    this.#toNew = false;
    this.requestUpdate();
  }

  /** Goes to an entry that is among the rows, or the first one after it, and lights it. */
  show(seq: number): void {
    const row = this.rows.find((one) => one.type === 'entry' && (one.item.seq ?? Infinity) >= seq);
    if (!row) return;
    this.#anchor = { key: row.key, offset: this.scroller.clientHeight * 0.3 };
    this.#toNew = false;
    this.found = row.key;
    setTimeout(() => (this.found = ''), FOUND_MS);
    this.requestUpdate();
  }

  /** The focus goes to the last entry, for its shortcuts. */
  focusLast(): void {
    lastVisible(this.#entries, this.scroller)?.focus();
  }

  get #entries(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll('parley-entry')];
  }

  get #rowContext(): RowContext {
    const { me, found, glyphs } = this;
    return { me, found, glyphs };
  }

  get #isAtEnd(): boolean {
    return this.#anchor === undefined && !this.hasNewer;
  }

  #begin(): void {
    this.#anchor = undefined;
    this.#toNew = true;
    this.#seenSeq = this.lastSeq;
    this.#toldSeq = 0;
    this.#layout.forget();
  }

  #window(): { start: number; end: number } {
    const height = this.scroller?.clientHeight || innerHeight;
    const layout = this.#layout;
    const index = this.#anchor && layout.index(this.#anchor.key);
    const top = index === undefined ? layout.height - height : layout.top(index) - this.#anchor!.offset;
    return layout.between(top - OVERSCAN, top + height + OVERSCAN);
  }

  #pill() {
    if (this.missed === 0 && !this.hasNewer && (this.#anchor === undefined || this.#isNearEnd())) return nothing;
    const words = this.missed > 0 ? count(this.missed, 'new', 'new') : 'Latest';
    return html`<button class="pill ${this.missed > 0 ? 'news' : ''}" @click=${() => this.toEnd()}>
      ${icon('down', 16)}${words}
    </button>`;
  }

  #isNearEnd(): boolean {
    const { scroller } = this;
    return !scroller || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 2 * scroller.clientHeight;
  }

  /** Heights are known when the entries are drawn: still before this frame is painted. */
  async #drawnAll(): Promise<void> {
    const entries = [...this.renderRoot.querySelectorAll('parley-entry')];
    await Promise.all(entries.filter((one) => one.isUpdatePending).map((one) => one.updateComplete));
    this.#settle();
  }

  /** Measures what is drawn, keeps the room of the rest, and the place of what is read. */
  #settle(): void {
    const { scroller, list } = this;
    if (!this.hasUpdated || scroller.clientHeight === 0) return;
    if (list.clientWidth !== this.#width) {
      this.#width = list.clientWidth;
      this.#layout.forget();
    }
    const drawn = [...list.children] as HTMLElement[];
    for (const row of drawn) this.#layout.measured(row.dataset['key']!, row.getBoundingClientRect().height);
    const { start, end } = this.#drawn;
    list.style.paddingTop = `${this.#layout.top(start)}px`;
    list.style.paddingBottom = `${Math.max(0, this.#layout.height - this.#layout.top(end))}px`;
    this.#place(drawn);
    this.#look(drawn);
    if (!this.#covers()) this.requestUpdate();
  }

  #place(drawn: readonly HTMLElement[]): void {
    const { scroller } = this;
    const anchor = this.#anchor;
    if (!anchor) {
      scroller.scrollTop = scroller.scrollHeight;
      return;
    }
    const row = drawn.find(({ dataset }) => dataset['key'] === anchor.key);
    if (!row) return;
    const moved = row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - anchor.offset;
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved;
    // As far as it goes: from here on it is the end that is kept.
    if (!this.hasNewer && this.#fromEnd() < 2) this.#anchor = undefined;
  }

  #fromEnd(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  /** Whether what is drawn fills the window. */
  #covers(): boolean {
    const { start, end } = this.#drawn;
    const wanted = this.#window();
    const half = OVERSCAN / 2;
    const layout = this.#layout;
    const above = start <= wanted.start || layout.top(start) - layout.top(wanted.start) < half;
    const below = end >= wanted.end || layout.top(wanted.end) - layout.top(end) < half;
    return above && below;
  }

  /** Asks for more where there is little left, and tells what has been on the screen. */
  #look(drawn: readonly HTMLElement[]): void {
    if (this.hasOlder && this.scroller.scrollTop < AHEAD) this.dispatchEvent(new MoreEvent('older'));
    if (this.hasNewer && this.#fromEnd() < AHEAD) this.dispatchEvent(new MoreEvent('newer'));
    const bottom = this.scroller.getBoundingClientRect().bottom + 4;
    const last = drawn.findLast((row) => row.getBoundingClientRect().bottom <= bottom);
    const index = last && this.#layout.index(last.dataset['key']!);
    const seq = index === undefined ? 0 : seqUpTo(this.rows, index);
    if (seq <= this.#toldSeq) return;
    this.#toldSeq = seq;
    this.#seenSeq = Math.max(this.#seenSeq, seq);
    // Changes to entries have a `seq` and no row.
    this.dispatchEvent(new SeenEvent(this.#isAtEnd && this.#fromEnd() < AT_END ? this.lastSeq : seq));
  }

  readonly #touched = (): void => {
    this.#toNew = false;
  };

  readonly #scrolled = (): void => {
    const wasAtEnd = this.#isAtEnd;
    this.#anchor = !this.hasNewer && this.#fromEnd() < AT_END ? undefined : this.#topRow();
    const drawn = [...this.list.children] as HTMLElement[];
    this.#look(drawn);
    if (!this.#covers() || wasAtEnd !== this.#isAtEnd || this.missed > 0) this.requestUpdate();
  };

  /** The row at the upper edge; by its guessed place where nothing is drawn. */
  #topRow(): Anchor | undefined {
    const edge = this.scroller.getBoundingClientRect().top;
    const box = this.list.getBoundingClientRect();
    const index = this.#layout.at(edge - box.top);
    const row = this.rows[index];
    return row && { key: row.key, offset: this.#layout.top(index) + box.top - edge };
  }

  readonly #pressed = (event: KeyboardEvent): void => moveFocus(event, this.#entries, this.scroller);
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-timeline': ParleyTimeline;
  }
}

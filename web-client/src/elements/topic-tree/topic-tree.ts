import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Windowed } from '../../controllers/windowed.ts';
import type { TopicNode } from '../../state/topics/node.ts';
import { rateWords } from '../../state/topics/rate.ts';
import { rowsOf } from '../../state/topics/rows.ts';
import type { Row } from '../../state/topics/rows.ts';
import { previewOf } from '../../state/topics/shown.ts';
import type { TopicTree } from '../../state/topics/tree.ts';
import { visible } from '../../state/topics/visible.ts';
import { base } from '../../styles/shared.ts';
import { count } from '../words.ts';
import { styles } from './topic-tree.styles.ts';

/** A topic of the tree is to be looked at. */
export class SelectTopicEvent extends Event {
  readonly topic: string;

  constructor(topic: string) {
    super('parley-select-topic', { bubbles: true, composed: true });
    this.topic = topic;
  }
}

/** How long a rate glows after a message, in ms. */
const GLOW_MS = 400;
const coarse = matchMedia('(pointer: coarse)');

/**
 * The tree of topics with counts and rates, of which only what is seen is drawn. Arrow keys move and open, Enter looks.
 * `version` changes when anything did. Fires `parley-select-topic`.
 */
@customElement('parley-topic-tree')
export class ParleyTopicTree extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) tree!: TopicTree;
  @property({ attribute: false }) version: unknown;
  @property() find = '';
  @property() selected = '';
  @state() private active = 0;
  readonly #windowed = new Windowed(this, () => (coarse.matches ? 40 : 28));
  #rows: readonly Row[] = [];
  #laidOut: { tree: TopicTree; structure: number; find: string } | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    // Rates fall while nothing comes.
    this.#timer = setInterval(() => !document.hidden && this.requestUpdate(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render() {
    this.#layOut();
    const { first, end } = this.#windowed.stretchOf(this.#rows.length);
    const now = Date.now();
    return html`<div
      class="tree"
      role="tree"
      tabindex="0"
      aria-label="Topics"
      aria-activedescendant=${this.#rows[this.active] ? `line-${this.active}` : nothing}
      @keydown=${this.#pressed}
      @click=${this.#clicked}
    >
      <div class="lines" role="presentation">
        ${this.#rows.slice(first, end).map((row, at) => this.#line(row, first + at, now))}
      </div>
    </div>`;
  }

  #line({ node, depth, open }: Row, index: number, now: number) {
    const { record, children } = node;
    const fresh = now - node.at < GLOW_MS ? 'fresh' : '';
    return html`<div
      class="line ${fresh} ${index === this.active ? 'active' : ''}"
      id="line-${index}"
      data-index=${index}
      data-depth=${Math.min(depth, 12)}
      role="treeitem"
      aria-level=${depth + 1}
      aria-expanded=${children.length > 0 ? open : nothing}
      aria-selected=${record !== undefined && node.path === this.selected}
      title=${visible(node.path)}
    >
      <span class="twist ${children.length > 0 ? '' : 'leaf'}"></span>
      <span class="name">${node.name === '' ? html`<i>empty level</i>` : visible(node.name)}</span>
      ${record?.retained ? html`<span class="kept" role="img" aria-label="retained" title="The hub keeps the last message"></span>` : nothing}
      <span class="preview">${open ? '' : record ? previewOf(record.last.payload) : count(node.topics, 'topic')}</span>
      <span class="count" title=${count(node.messages, 'message')}>${node.messages}×</span>
      <span class="rate">${rateWords(node.rate.at(now))}</span>
    </div>`;
  }

  #layOut(): void {
    const { structure } = this.tree;
    const before = this.#laidOut;
    if (before && before.tree === this.tree && before.structure === structure && before.find === this.find) return;
    this.#laidOut = { tree: this.tree, structure, find: this.find };
    this.#rows = rowsOf(this.tree.root, this.find);
    this.active = Math.max(0, Math.min(this.active, this.#rows.length - 1));
  }

  #open(node: TopicNode, open: boolean): void {
    node.open = open;
    this.#laidOut = undefined;
    this.requestUpdate();
  }

  #look(node: TopicNode): void {
    if (node.record) this.dispatchEvent(new SelectTopicEvent(node.path));
  }

  readonly #clicked = (event: MouseEvent): void => {
    const line = (event.target as Element).closest<HTMLElement>('.line');
    const row = line && this.#rows[Number(line.dataset['index'])];
    if (!row) return;
    this.active = Number(line.dataset['index']);
    const isTwist = (event.target as Element).closest('.twist') !== null;
    if (row.node.children.length > 0 && (isTwist || !row.node.record)) this.#open(row.node, !row.open);
    else this.#look(row.node);
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    const row = this.#rows[this.active];
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = this.#moved(event.key, row);
    if (to === undefined) return;
    event.preventDefault();
    this.active = Math.max(0, Math.min(to, this.#rows.length - 1));
    this.#windowed.reveal(this.active);
  };

  /** Where the key leads; undefined when it means nothing here. */
  #moved(key: string, { node, open }: Row): number | undefined {
    if (key === 'ArrowDown') return this.active + 1;
    if (key === 'ArrowUp') return this.active - 1;
    if (key === 'Home') return 0;
    if (key === 'End') return this.#rows.length - 1;
    if (key === 'ArrowRight') {
      if (node.children.length === 0) return undefined;
      if (open) return this.active + 1;
      this.#open(node, true);
      return this.active;
    }
    if (key === 'ArrowLeft') {
      if (!open) return this.#rows.findIndex((row) => row.node === node.parent);
      this.#open(node, false);
      return this.active;
    }
    if (key !== 'Enter' && key !== ' ') return undefined;
    if (node.record) this.#look(node);
    else this.#open(node, !open);
    return this.active;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-topic-tree': ParleyTopicTree;
  }
}

import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { watching } from '../../controllers/watch.ts';
import { inspectorOf } from '../../link/inspectors.ts';
import type { InspectedSession } from '../../link/inspectors.ts';
import { formatRoute } from '../../state/route.ts';
import type { Inspector } from '../../state/topics/inspector.ts';
import { toJsonLines } from '../../state/topics/json-lines.ts';
import { publicationOf } from '../../state/topics/publication.ts';
import { rateWords } from '../../state/topics/rate.ts';
import { SavedPublishes } from '../../state/topics/saved.ts';
import type { Saved } from '../../state/topics/saved.ts';
import { bounds } from '../../state/topics/tree.ts';
import { base, controls, page } from '../../styles/shared.ts';
import { icon } from '../icon.ts';
import '../publish/publish.ts';
import '../purge/purge.ts';
import type { PurgeEvent } from '../purge/purge.ts';
import '../topic-message/topic-message.ts';
import type { ChooseViewEvent, TopicActionEvent } from '../topic-message/topic-message.ts';
import '../topic-tree/topic-tree.ts';
import type { SelectTopicEvent } from '../topic-tree/topic-tree.ts';
import { count } from '../words.ts';
import { download } from './download.ts';
import { styles } from './topics.styles.ts';

/** A filter to listen to. */
export class FilterEvent extends Event {
  readonly filter: string;

  constructor(filter: string) {
    super('parley-filter', { bubbles: true, composed: true });
    this.filter = filter;
  }
}

const known = [
  '#',
  'chat/+',
  'channels/+',
  'presence/+',
  'devices/#',
  'devices/+/telemetry',
  'devices/+/commands/+',
  '$SYS/#',
];

/** Any filter, live: the tree of its topics, and the messages of one. Fires `parley-filter`. */
@customElement('parley-topics')
export class ParleyTopics extends LitElement {
  static override styles = [base, controls, page, styles];

  @property({ attribute: false }) session!: InspectedSession;
  @property() filter = '';
  @property({ attribute: false }) saved = new SavedPublishes(localStorage);
  @state() private find = '';
  @state() private publishing = false;
  @state() private purging: string | undefined;
  @state() private draft: Partial<Saved> = {};
  @state() private said = '';
  @query('#filter') private input!: HTMLInputElement;
  #version = 0;

  constructor() {
    super();
    watching(this, () => [this.#inspector, this.saved]);
  }

  get #inspector(): Inspector {
    return inspectorOf(this.session);
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    this.#version++;
    if (changed.has('filter') && this.filter !== '') this.#inspector.listen(this.filter);
  }

  override render() {
    return html`
      <header class="bar">
        <h1 class="visually-hidden">Topics</h1>
        <form @submit=${this.#submit}>
          <label class="visually-hidden" for="filter">Topic filter</label>
          <input
            id="filter"
            class="field mono"
            .value=${this.filter}
            list="known"
            placeholder="Topic filter, such as devices/#"
            autocapitalize="none"
            autocomplete="off"
            spellcheck="false"
            maxlength="1000"
          />
          <datalist id="known">${known.map((one) => html`<option value=${one}></option>`)}</datalist>
          <button class="button">Subscribe</button>
        </form>
        <button
          class="button primary"
          aria-label="Publish"
          aria-expanded=${this.publishing}
          @click=${this.#togglePublish}
        >
          ${icon('publish', 18)}<span class="wide">Publish</span>
        </button>
      </header>
      ${this.filter === '' || this.#inspector.problem !== undefined ? nothing : this.#tools(this.#inspector)}
      ${this.#shelf()} ${this.#body(this.#inspector)} ${this.#purge(this.#inspector)}
    `;
  }

  #tools(inspector: Inspector) {
    const { paused, held, tree, tap } = inspector;
    const online = tap.state === 'online';
    return html`<div class="tools">
      <p class="quiet ${online ? '' : 'warn'}" role="status">
        ${online ? this.#state(inspector) : 'Not connected: what is shown is not live, and what is sent meanwhile is not seen.'}
      </p>
      <input
        class="field"
        type="search"
        aria-label="Find in topics"
        placeholder="Find in topics"
        .value=${this.find}
        @input=${({ target }: Event) => (this.find = (target as HTMLInputElement).value)}
      />
      <button class="button" aria-pressed=${paused} @click=${() => inspector.pause(!paused)}>
        ${icon(paused ? 'play' : 'pause', 16)}${paused ? (held.count > 0 ? `Resume, ${held.count} new` : 'Resume') : 'Pause'}
      </button>
      <button
        class="button"
        aria-label="Export"
        title="All kept messages as JSON Lines"
        ?disabled=${tree.size === 0}
        @click=${() => this.#export()}
      >
        ${icon('down', 16)}<span class="wide">Export</span>
      </button>
      <button
        class="button"
        aria-label="Purge"
        title="Clear retained messages"
        ?disabled=${tree.size === 0}
        @click=${() => (this.purging = this.filter)}
      >
        ${icon('clear', 16)}<span class="wide">Purge</span>
      </button>
      <button
        class="button"
        aria-label="Clear"
        title="Forget what is shown here"
        ?disabled=${tree.size + held.count === 0}
        @click=${() => inspector.clear()}
      >
        ${icon('close', 16)}<span class="wide">Clear</span>
      </button>
    </div>`;
  }

  #state({ count: arrived, tree, held, listening }: Inspector): string {
    if (!listening) return 'Subscribing …';
    const rate = rateWords(tree.root.rate.at(Date.now()));
    const parts = [count(arrived, 'message'), count(tree.size, 'topic'), rate];
    if (tree.forgotten > 0) parts.push(`the newest ${bounds.topics} topics or 32 MiB are kept`);
    if (held.missed > 0) parts.push(`${held.missed} of the pause were too many to keep`);
    return parts.filter((part) => part !== '').join(' · ');
  }

  #shelf() {
    const { all } = this.saved;
    if (all.length === 0 && this.said === '') return nothing;
    return html`<div class="shelf" role="group" aria-label="Saved publishes">
      ${all.map(
        (one) =>
          html`<span class="saved">
            <button title="Publish to ${one.topic}: ${one.payload.slice(0, 200)}" @click=${() => this.#send(one)}>
              ${one.name}
            </button>
            <button aria-label="Change ${one.name}" title="Change" @click=${() => this.#edit(one)}>⋯</button>
            <button aria-label="Remove ${one.name}" title="Remove" @click=${() => this.saved.remove(one.name)}>
              ×
            </button>
          </span>`,
      )}
      <p class="quiet" role="status">${this.said}</p>
    </div>`;
  }

  #body(inspector: Inspector) {
    const { publishing } = this;
    const { tree, selected, problem } = inspector;
    const record = selected === undefined ? undefined : tree.get(selected);
    if (this.filter === '' && !publishing) return this.#empty();
    return html`<div class="split ${publishing ? 'publishing' : ''} ${record ? 'looking' : ''}">
      <div class="pane tree">
        ${
          problem !== undefined
            ? html`<div class="empty" role="alert">
                <h2>Nothing is listened to</h2>
                <p>${problem}</p>
              </div>`
            : tree.size === 0
              ? html`<p class="hint quiet">
                  ${inspector.listening ? 'Waiting for the first message …' : 'Subscribing …'}
                </p>`
              : html`<parley-topic-tree
                  .tree=${tree}
                  .version=${this.#version}
                  find=${this.find}
                  selected=${selected ?? ''}
                  @parley-select-topic=${({ topic }: SelectTopicEvent) => inspector.select(topic)}
                ></parley-topic-tree>`
        }
      </div>
      <div class="pane message">
        ${
          record
            ? html`<parley-topic-message
                .record=${record}
                .version=${this.#version}
                .chosen=${inspector.chosen.get(record.node.path)}
                @parley-choose-view=${({ view }: ChooseViewEvent) => inspector.choose(record.node.path, view)}
                @parley-topic-action=${({ action }: TopicActionEvent) => this.#act(action, record.node.path)}
              ></parley-topic-message>`
            : html`<p class="hint quiet">Choose a topic to see its messages.</p>`
        }
      </div>
      ${
        publishing
          ? html`<div class="pane">
              <parley-publish
                .publish=${(what: Parameters<Inspector['publish']>[0]) => inspector.publish(what)}
                .save=${(one: Saved) => this.saved.save(one)}
                .draft=${this.draft}
                @parley-close-publish=${() => (this.publishing = false)}
              ></parley-publish>
            </div>`
          : nothing
      }
    </div>`;
  }

  #purge(inspector: Inspector) {
    if (this.purging === undefined) return nothing;
    return html`<parley-purge
      filter=${this.purging}
      .find=${(filter: string) => inspector.tree.retained(filter)}
      .progress=${inspector.purge}
      @parley-purge=${({ filter, topics }: PurgeEvent) => void inspector.purgeRetained(filter, topics)}
      @parley-close-purge=${() => {
        this.purging = undefined;
        inspector.forgetPurge();
      }}
    ></parley-purge>`;
  }

  #empty() {
    return html`<div class="scroll">
      <div class="empty">
        <h2>Look at any topic</h2>
        <p>
          Subscribe to a filter to see every message that passes. <span class="mono">+</span> stands for one level,
          <span class="mono">#</span> for all that follow.
        </p>
        <p class="tries">
          ${known.slice(0, 5).map((filter) => html`<a class="button mono" href=${formatRoute({ area: 'topics', filter })}>${filter}</a>`)}
        </p>
      </div>
    </div>`;
  }

  #act(action: TopicActionEvent['action'], topic: string): void {
    if (action === 'close') this.#inspector.select(undefined);
    else if (action === 'export') this.#export(topic);
    else if (action === 'purge') this.purging = topic;
    else {
      this.draft = { topic };
      this.publishing = true;
    }
  }

  readonly #togglePublish = (): void => {
    this.publishing = !this.publishing;
    const { selected } = this.#inspector;
    if (this.publishing && this.draft.topic === undefined && selected !== undefined) this.draft = { topic: selected };
  };

  #edit(one: Saved): void {
    this.draft = { ...one };
    this.publishing = true;
  }

  async #send(one: Saved): Promise<void> {
    try {
      await this.#inspector.publish(publicationOf(one));
      this.said = `Sent to ${one.topic}.`;
    } catch (error) {
      this.said = `Not sent: ${(error as Error).message}`;
    }
  }

  #export(topic?: string): void {
    const name = `parley-${(topic ?? this.filter).replaceAll(/[^A-Za-z0-9]+/g, '-')}.jsonl`;
    download(name, 'application/jsonl', toJsonLines(this.#inspector.tree.messages(topic)));
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const filter = this.input.value.trim();
    if (filter !== '') this.dispatchEvent(new FilterEvent(filter));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-topics': ParleyTopics;
  }
}

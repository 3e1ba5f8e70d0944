import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { watching } from '../../controllers/watch.ts';
import type { Item } from '../../state/items.ts';
import { tooLong } from '../../state/limits.ts';
import { isHere } from '../../state/people.ts';
import { toRows } from '../../state/rows.ts';
import type { Row } from '../../state/rows.ts';
import type { Session } from '../../state/session.ts';
import type { Talk } from '../../state/talk.ts';
import { base, controls, page } from '../../styles/shared.ts';
import '../composer/composer.ts';
import type { DraftEvent, ParleyComposer, SendEvent } from '../composer/composer.ts';
import '../copy/copy.ts';
import type { EntryEvent } from '../entry/events.ts';
import '../faces/faces.ts';
import { glyphOf } from '../glyph.ts';
import { icon } from '../icon.ts';
import { terminalLines } from '../lines.ts';
import { skeleton, skeletonStyles } from '../skeleton.ts';
import '../timeline/timeline.ts';
import type { ParleyTimeline } from '../timeline/timeline.ts';
import { styles } from './chat.styles.ts';

/** People are asked for, or no longer. */
class TogglePeopleEvent extends Event {
  constructor() {
    super('parley-toggle-people', { bubbles: true, composed: true });
  }
}

/** A channel or direct conversation: header, entries, composer. Fires `parley-toggle-people`. */
@customElement('parley-chat')
export class ParleyChat extends LitElement {
  static override styles = [base, controls, page, skeletonStyles, styles];

  @property({ attribute: false }) session!: Session;
  @property() place = '';
  @property({ type: Boolean }) peopleShown = false;
  /** How far the place was read when it was opened: the line "New" stays there. */
  @state() private readSeq: number | undefined;
  /** The entry that is answered or edited. */
  @state() private replying: Item | undefined;
  @state() private editing: Item | undefined;
  /** Why what is written cannot be sent. */
  @state() private problem = '';
  @query('parley-timeline') private timeline!: ParleyTimeline;
  @query('parley-composer') private composer!: ParleyComposer;
  #talk!: Talk;

  constructor() {
    super();
    watching(this, () => {
      const { people, channels, devices } = this.session;
      return [this.#talk, people, channels, devices];
    });
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('place') || changed.has('session')) {
      this.#talk = this.session.talk(this.place);
      this.readSeq = undefined;
      this.replying = undefined;
      this.editing = undefined;
      this.problem = '';
    }
    if (this.readSeq === undefined) this.readSeq = this.#firstReadSeq();
  }

  /** Where the line "New" goes: known once the entries are, and nowhere when there was nothing unread. */
  #firstReadSeq(): number | undefined {
    const { log, lastSeq, loaded } = this.#talk;
    if (log === undefined || !loaded) return undefined;
    const readSeq = this.session.unread.readTo(this.place, log);
    return readSeq < lastSeq ? readSeq : Infinity;
  }

  get #name(): string {
    return this.#talk.isDirect ? this.#talk.name : `#${this.#talk.name}`;
  }

  override render() {
    const talk = this.#talk;
    if (talk.isMissing && talk.sends.length === 0) return html`${this.#header()}${this.#missing()}`;
    return html`
      ${this.#header()}
      <parley-timeline
        .rows=${this.#rows()}
        .channel=${this.place}
        label=${`Messages in ${this.#name}`}
        me=${this.session.user}
        .lastSeq=${talk.lastSeq}
        .firstSeq=${talk.firstSeq}
        .hasOlder=${talk.hasOlder}
        .glyphs=${(name: string) => this.#glyph(name)}
        @parley-older=${() => void talk.older()}
        @parley-at-end=${this.#markRead}
        @parley-entry=${this.#act}
      >
        <div slot="start">${this.#start()}</div>
      </parley-timeline>
      <parley-composer
        .channel=${this.place}
        label=${`Message ${this.#name}`}
        problem=${this.problem}
        .draft=${this.session.drafts.get(this.place)}
        @parley-draft=${this.#drafted}
        @parley-send=${this.#send}
      ></parley-composer>
    `;
  }

  #header() {
    const { isDirect, name } = this.#talk;
    const topic = (isDirect ? undefined : this.session.channels.get(name)?.topic) ?? '';
    const here = this.#people();
    return html`<header class="bar">
      <a class="back icon-button" href="/c" aria-label="Back to channels">${icon('back')}</a>
      <h1 title=${name}>${isDirect ? nothing : html`<span class="hash">#</span>`}${name}</h1>
      <p class="grow topic" title=${topic}>${topic}</p>
      <button
        class="button faces"
        aria-label=${`People: ${here.length} online`}
        aria-expanded=${this.peopleShown}
        @click=${() => this.dispatchEvent(new TogglePeopleEvent())}
      >
        <parley-faces .names=${here}></parley-faces>
      </button>
    </header>`;
  }

  #missing() {
    return html`<div class="empty scroll">
      <h2>There is no channel ${this.#name} here</h2>
      <p>Perhaps it was deleted, or is private and you are not a member.</p>
      <button class="button primary" @click=${this.#create}>Create it</button>
    </div>`;
  }

  /** What stands above the first row: nothing, where the channel begins, loading, or what went wrong. */
  #start() {
    const { loaded, failure, hasOlder, entries, log } = this.#talk;
    if (failure !== undefined && entries.length === 0) return this.#problem(failure.message);
    if (!loaded && log === undefined) return skeleton();
    if (hasOlder) return html`<p class="older quiet">Loading older messages …</p>`;
    return entries.length === 0
      ? this.#empty()
      : html`<p class="beginning quiet">This is where ${this.#name} begins.</p>`;
  }

  #problem(error: string) {
    return html`<div class="problem" role="alert">
      <p><b>The messages could not be loaded.</b> ${error} What you write is kept and sent when it can be.</p>
      <button class="button" @click=${() => void this.#talk.conversation.refresh()}>Try again</button>
    </div>`;
  }

  #empty() {
    if (this.#talk.isDirect) {
      return html`<div class="first">
        <h2>Nothing here yet</h2>
        <p>What you write here, only ${this.#talk.name} and you can read.</p>
      </div>`;
    }
    const [, line] = terminalLines(location.hostname, this.session.hub, this.#talk.name);
    return html`<div class="first">
      <h2>Nothing here yet</h2>
      <p>
        ${this.#name} is a channel: what people and devices send to
        <code class="mono">chat/${this.#talk.name}</code> stands here. Write the first message below, or from a
        terminal:
      </p>
      <parley-copy line=${line}></parley-copy>
    </div>`;
  }

  #rows(): Row[] {
    const { session, readSeq } = this;
    const { entries, sends, gaps, isDirect, isLive } = this.#talk;
    const others = session.people.arrivals.filter(({ name }) => name !== session.user && !session.devices.has(name));
    const arrivals = isDirect || !isLive ? [] : others;
    return toRows({ entries, sends, gaps, arrivals, me: session.user, readSeq });
  }

  #people(): string[] {
    const { people, devices } = this.session;
    const here = people.all().filter(({ name, presence }) => isHere(presence) && !devices.has(name));
    return here.map(({ name }) => name);
  }

  #glyph(name: string) {
    const device = this.session.devices.get(name);
    return device && glyphOf(device);
  }

  readonly #markRead = (): void => {
    const { log, lastSeq, conversation } = this.#talk;
    if (log === undefined || document.hidden || lastSeq <= this.session.unread.readTo(this.place, log)) return;
    conversation.markRead(lastSeq);
  };

  readonly #create = (): void => {
    void this.session.api.createChannel(this.#talk.name, {}).catch(() => undefined);
  };

  readonly #drafted = ({ text }: DraftEvent): void => {
    this.problem = '';
    this.session.drafts.set(this.place, text);
    if (text !== '') this.#talk.conversation.type();
  };

  readonly #send = (event: SendEvent): void => {
    const { text } = event;
    this.problem = tooLong({ text }, this.session.hub) ?? '';
    if (this.problem) return event.preventDefault();
    this.#talk.send({ text });
    this.timeline.toEnd();
  };

  readonly #act = ({ id, what }: EntryEvent): void => {
    const send = this.#talk.sends.find((one) => one.id === id);
    if (what.act === 'retry') send?.retry();
    if (what.act === 'discard') send?.discard();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-chat': ParleyChat;
  }
}

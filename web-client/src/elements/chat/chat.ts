import { LitElement, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { FileDrop } from '../../controllers/file-drop.ts';
import { watching } from '../../controllers/watch.ts';
import type { Compose } from '../../state/compose.ts';
import type { Item } from '../../state/items.ts';
import { toRows } from '../../state/rows.ts';
import type { Row } from '../../state/rows.ts';
import type { Session } from '../../state/session.ts';
import type { Talk } from '../../state/talk.ts';
import { base, controls, page } from '../../styles/shared.ts';
import '../composer/composer.ts';
import type { ParleyComposer } from '../composer/composer.ts';
import type { ComposerEvent, DraftEvent, FilesEvent, SendEvent } from '../composer/events.ts';
import type { EntryEvent } from '../entry/events.ts';
import { glyphOf } from '../glyph.ts';
import { icon } from '../icon.ts';
import '../timeline/timeline.ts';
import type { SeenEvent } from '../timeline/events.ts';
import type { ParleyTimeline } from '../timeline/timeline.ts';
import { act, ownLast } from './actions.ts';
import './header.ts';
import type { Detail } from './header.ts';
import { knownTo, start, toldOf, typingWords } from './parts.ts';
import { skeletonStyles } from '../skeleton.ts';
import { styles } from './chat.styles.ts';

/** A channel or direct conversation: header, entries, composer. */
@customElement('parley-chat')
export class ParleyChat extends LitElement {
  static override styles = [base, controls, page, skeletonStyles, styles];

  @property({ attribute: false }) session!: Session;
  @property() place = '';
  /** The `seq` to go to. */
  @property({ type: Number }) at: number | undefined;
  @property() shown: Detail | '' = '';
  /** How far the place was read when it was opened: the line "New" stays there. */
  @state() private readSeq: number | undefined;
  @query('parley-timeline') private timeline!: ParleyTimeline;
  @query('parley-composer') private composer!: ParleyComposer;
  #talk!: Talk;
  #compose!: Compose;
  #wentTo: number | undefined;
  readonly #drop = new FileDrop(this, (files) => this.#compose.uploads.add(files));

  constructor() {
    super();
    watching(this, () => {
      const { people, channels, devices } = this.session;
      return [this.session, this.#talk, this.#compose, people, channels, devices];
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#seenNow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#seenNow);
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const talk = this.session.talk(this.place);
    if (talk !== this.#talk) {
      this.#talk = talk;
      this.#compose = this.session.compose(this.place);
      this.readSeq = undefined;
      this.#seen = 0;
    }
    if (changed.has('place') || changed.has('at')) this.#wentTo = undefined;
    if (this.readSeq === undefined) this.readSeq = this.#firstReadSeq();
  }

  override updated(): void {
    const { at } = this;
    if (at === undefined || this.#wentTo === at || !this.#talk.loaded) return;
    this.#wentTo = at;
    void this.goTo(at);
  }

  /** Goes to an entry, wherever in the log it is. */
  async goTo(seq: number): Promise<void> {
    if (!(await this.#talk.show(seq))) return;
    this.requestUpdate();
    await this.updateComplete;
    this.timeline?.show(seq);
  }

  /** Goes to the first entry of a day. @param at ms since the Unix epoch */
  async goToTime(at: number): Promise<void> {
    const seq = await this.#talk.showTime(at).catch(() => undefined);
    if (seq !== undefined) await this.goTo(seq);
  }

  /** Everything here is read, and the end is shown. */
  readAll(): void {
    this.timeline?.toEnd();
    this.#markRead(this.#talk.lastSeq);
    this.readSeq = Infinity;
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
    const isMissing = talk.isMissing && talk.sends.length === 0;
    return html`
      <parley-chat-header .session=${this.session} place=${this.place} shown=${this.shown}></parley-chat-header>
      ${isMissing ? this.#missing() : this.#conversation()}
    `;
  }

  #conversation() {
    const { session, place } = this;
    const talk = this.#talk;
    const compose = this.#compose;
    const { about } = compose;
    return html`
      <parley-timeline
        .rows=${this.#rows()}
        place=${place}
        label=${`Messages in ${this.#name}`}
        me=${session.user}
        .lastSeq=${talk.lastSeq}
        .hasOlder=${talk.hasOlder}
        .hasNewer=${talk.hasNewer}
        .glyphs=${this.#glyph}
        @parley-older=${() => void talk.older()}
        @parley-newer=${() => void talk.newer()}
        @parley-latest=${() => talk.toLive()}
        @parley-seen=${this.#sawEntries}
        @parley-entry=${this.#act}
      >
        <div slot="start">${start(talk, session)}</div>
      </parley-timeline>
      <p class="typing" aria-live="polite">${typingWords(talk.conversation.typing)}</p>
      ${toldOf(compose)}
      <parley-composer
        place=${place}
        label=${`Message ${this.#name}`}
        .draft=${session.drafts.get(place)}
        problem=${compose.problem}
        .uploads=${compose.uploads}
        .about=${about && { type: about.type, from: about.item.from, text: about.item.text ?? '' }}
        .known=${this.#known}
        @parley-draft=${this.#drafted}
        @parley-send=${this.#send}
        @parley-files=${({ files }: FilesEvent) => compose.uploads.add(files)}
        @parley-composer=${this.#composer}
      ></parley-composer>
      ${this.#drop.isOver ? html`<div class="drop">${icon('clip', 28)}Drop files to attach them</div>` : nothing}
    `;
  }

  #missing() {
    return html`<div class="empty scroll">
      <h2>There is no channel ${this.#name} here</h2>
      <p>Perhaps it was deleted, or it is private and you are not a member.</p>
      <button class="button primary" @click=${this.#create}>Create it</button>
      <p class="quiet" role="status">${this.#compose.problem}</p>
    </div>`;
  }

  #rows(): Row[] {
    const { session, readSeq } = this;
    const { entries, changes, sends, gaps, isDirect, isLive } = this.#talk;
    const others = session.people.arrivals.filter(({ name }) => name !== session.user && !session.devices.has(name));
    const arrivals = isDirect || !isLive ? [] : others;
    return toRows({ entries, changes, sends, gaps, arrivals, me: session.user, readSeq });
  }

  readonly #glyph = (name: string) => {
    const device = this.session.devices.get(name);
    return device && glyphOf(device);
  };

  readonly #known = () => knownTo(this.session);

  #seen = 0;

  readonly #sawEntries = ({ seq }: SeenEvent): void => {
    this.#seen = seq;
    this.#seenNow();
  };

  readonly #seenNow = (): void => {
    if (!document.hidden && this.#seen > 0) this.#markRead(this.#seen);
  };

  #markRead(seq: number): void {
    const { log, conversation } = this.#talk;
    if (log !== undefined && seq > this.session.unread.readTo(this.place, log)) conversation.markRead(seq);
  }

  readonly #create = (): void => {
    const compose = this.#compose;
    this.session.api.createChannel(this.#talk.name, {}).catch((error: Error) => compose.refuse(error.message));
  };

  readonly #drafted = ({ text }: DraftEvent): void => {
    this.#compose.typed();
    if (this.#compose.about?.type === 'edit') return;
    this.session.drafts.set(this.place, text);
    if (text !== '') this.#talk.conversation.type();
  };

  readonly #send = (event: SendEvent): void => {
    const wasEdit = this.#compose.about?.type === 'edit';
    const draft = this.session.drafts.get(this.place);
    if (!this.#compose.send(event.text)) return event.preventDefault();
    // The composer empties itself after this.
    if (wasEdit) queueMicrotask(() => this.composer.fill(draft));
    else this.timeline.toEnd();
  };

  readonly #composer = ({ what }: ComposerEvent): void => {
    if (what === 'read') return this.readAll();
    if (what === 'edit-last') return this.#edit(ownLast(this.#rows(), this.session.user));
    const wasEdit = this.#compose.about?.type === 'edit';
    this.#compose.cancel();
    if (wasEdit) this.composer.fill(this.session.drafts.get(this.place));
  };

  #edit(item: Item | undefined): void {
    if (!item) return;
    this.#compose.edit(item);
    this.composer.fill(item.text ?? '');
  }

  readonly #act = (event: EntryEvent): void => {
    const item = this.#rows().find((row) => row.type === 'entry' && row.key === event.id);
    if (item?.type !== 'entry') return;
    act(item.item, event, {
      session: this.session,
      talk: this.#talk,
      reply: (one) => (this.#compose.reply(one), this.composer.focus()),
      edit: (one) => this.#edit(one),
      show: (id) => void this.#showId(id),
    });
  };

  async #showId(id: string): Promise<void> {
    const seq = this.#talk.entries.find((entry) => entry.id === id)?.seq;
    if (seq !== undefined) return this.goTo(seq);
    // Not loaded: the one before is looked for page by page, a few of them.
    for (let pages = 0; pages < 10 && this.#talk.hasOlder; pages++) {
      await this.#talk.older();
      const found = this.#talk.entries.find((entry) => entry.id === id);
      if (found) return this.goTo(found.seq);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-chat': ParleyChat;
  }
}

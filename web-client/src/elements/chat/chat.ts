import { LitElement, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { watching } from '../../controllers/watch.ts';
import type { ChannelState } from '../../state/channel.ts';
import { isHere } from '../../state/people.ts';
import { toRows } from '../../state/rows.ts';
import type { Row } from '../../state/rows.ts';
import type { Session } from '../../state/session.ts';
import { base, controls, page } from '../../styles/shared.ts';
import '../composer/composer.ts';
import type { DraftEvent, SendEvent } from '../composer/composer.ts';
import '../copy/copy.ts';
import '../faces/faces.ts';
import { glyphOf } from '../glyph.ts';
import type { RetryEvent } from '../group/group.ts';
import { icon } from '../icon.ts';
import { terminalLines } from '../lines.ts';
import '../timeline/timeline.ts';
import type { ParleyTimeline } from '../timeline/timeline.ts';
import { styles } from './chat.styles.ts';

/** People are asked for, or no longer. */
class TogglePeopleEvent extends Event {
  constructor() {
    super('parley-toggle-people', { bubbles: true, composed: true });
  }
}

/** A channel: header, entries, composer. Fires `parley-toggle-people`. */
@customElement('parley-chat')
export class ParleyChat extends LitElement {
  static override styles = [base, controls, page, styles];

  @property({ attribute: false }) session!: Session;
  @property() channel = '';
  @property({ type: Boolean }) peopleShown = false;
  /** How far the channel was read when it was opened: the line "New" stays there. */
  @state() private readSeq: number | undefined;
  #state!: ChannelState;

  constructor() {
    super();
    watching(this, () => [this.#state, this.session.people, this.session.channels, this.session.devices]);
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('channel') || changed.has('session')) {
      this.#state = this.session.channel(this.channel);
      this.readSeq = undefined;
    }
    if (this.readSeq === undefined) this.readSeq = this.#firstReadSeq();
  }

  /** Where the line "New" goes: known once the entries are, and nowhere when there was nothing unread. */
  #firstReadSeq(): number | undefined {
    const { log, lastSeq, loaded } = this.#state;
    if (log === undefined || !loaded) return undefined;
    const readSeq = this.session.channels.readSeq(this.channel, log);
    return readSeq < lastSeq ? readSeq : Infinity;
  }

  override render() {
    const { session, channel } = this;
    return html`
      ${this.#header()}
      <parley-timeline
        .rows=${this.#rows()}
        .channel=${channel}
        .lastSeq=${this.#state.lastSeq}
        .firstSeq=${this.#state.firstSeq}
        .hasOlder=${this.#state.hasOlder}
        .glyphs=${(name: string) => this.#glyph(name)}
        @parley-older=${() => void this.#state.loadOlder()}
        @parley-at-end=${this.#markRead}
        @parley-retry=${this.#retry}
      >
        <div slot="start">${this.#start()}</div>
      </parley-timeline>
      <parley-composer
        .channel=${channel}
        .draft=${session.drafts.get(channel)}
        @parley-draft=${({ text }: DraftEvent) => session.drafts.set(channel, text)}
        @parley-send=${this.#send}
      ></parley-composer>
    `;
  }

  #header() {
    const topic = this.session.channels.get(this.channel)?.topic ?? '';
    const here = this.#people();
    return html`<header class="bar">
      <a class="back icon-button" href="/c" aria-label="Back to channels">${icon('back')}</a>
      <h1 title=${this.channel}><span class="hash">#</span>${this.channel}</h1>
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

  /** What stands above the first row: nothing, where the channel begins, loading, or what went wrong. */
  #start() {
    const { loaded, error, hasOlder, entries } = this.#state;
    if (error !== undefined) return this.#problem(error);
    if (!loaded) return skeleton();
    if (hasOlder) return html`<p class="older quiet">Loading older messages …</p>`;
    return entries.length === 0
      ? this.#empty()
      : html`<p class="beginning quiet">This is where #${this.channel} begins.</p>`;
  }

  #problem(error: string) {
    return html`<div class="problem" role="alert">
      <p><b>The messages could not be loaded.</b> ${error} What you write is kept and sent when it can be.</p>
      <button class="button" @click=${() => void this.#state.catchUp()}>Try again</button>
    </div>`;
  }

  #empty() {
    const [, line] = terminalLines(location.hostname, this.session.hub, this.channel);
    return html`<div class="first">
      <h2>Nothing here yet</h2>
      <p>
        #${this.channel} is a channel: what people and devices send to
        <code class="mono">chat/${this.channel}</code> stands here. Write the first message below, or from a terminal:
      </p>
      <parley-copy line=${line}></parley-copy>
    </div>`;
  }

  #rows(): Row[] {
    const { session, readSeq } = this;
    const { entries, outgoing } = this.#state;
    const arrivals = session.people.arrivals.filter(({ name }) => name !== session.user && !session.devices.has(name));
    return toRows({ entries, outgoing, arrivals, me: session.user, readSeq });
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
    const { log, lastSeq } = this.#state;
    if (log !== undefined && !document.hidden) this.session.channels.markRead(this.channel, log, lastSeq);
  };

  readonly #send = ({ text }: SendEvent): void => {
    this.session.outbox.send(this.channel, text);
    (this.renderRoot.querySelector('parley-timeline') as ParleyTimeline).toEnd();
  };

  readonly #retry = ({ id, discard }: RetryEvent): void => {
    if (discard) this.session.outbox.discard(id);
    else this.session.outbox.retry(id);
  };
}

/** The shape of what is coming; it appears only when it takes a while. */
function skeleton() {
  const widths = ['w1', 'w2', 'w3', 'w1'];
  return html`<div class="skeleton" role="status">
    <span class="visually-hidden">Loading messages …</span>
    ${widths.map((width) => html`<div class="ghost"><i></i><span class="short"></span><span class=${width}></span></div>`)}
  </div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-chat': ParleyChat;
  }
}

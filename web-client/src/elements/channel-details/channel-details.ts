import { isName } from '@parley/shared';
import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { watching } from '../../controllers/watch.ts';
import { GENERAL } from '../../state/channels.ts';
import type { Session } from '../../state/session.ts';
import { base, controls } from '../../styles/shared.ts';
import { CloseDetailEvent } from '../detail.ts';
import { detailStyles } from '../detail.styles.ts';
import { icon } from '../icon.ts';
import '../mark/mark.ts';
import { styles } from './channel-details.styles.ts';

/** The day to look at was chosen. */
export class DayEvent extends Event {
  /** Its first moment here, in ms since the Unix epoch. */
  readonly at: number;

  constructor(at: number) {
    super('parley-day', { bubbles: true, composed: true });
    this.at = at;
  }
}

/** One channel or direct conversation: its topic, members, and what can be done with it. Fires `parley-day` and `parley-close-detail`. */
@customElement('parley-channel-details')
export class ParleyChannelDetails extends LitElement {
  static override styles = [base, controls, detailStyles, styles];

  @property({ attribute: false }) session!: Session;
  @property() place = '';
  @state() private members: readonly string[] = [];
  @state() private problem = '';
  @state() private sure = false;

  constructor() {
    super();
    watching(this, () => [this.session.channels]);
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('place')) return;
    this.members = [];
    this.problem = '';
    this.sure = false;
    if (this.session.channels.get(this.place)?.private) void this.#loadMembers();
  }

  override render() {
    const { session, place } = this;
    const isDirect = place.startsWith('dm/');
    const channel = session.channels.get(place);
    return html`
      <header>
        <h2>${isDirect ? place.slice(3) : html`${channel?.private ? icon('lock', 14) : '#'}${place}`}</h2>
        <button class="icon-button" aria-label="Close" @click=${() => this.dispatchEvent(new CloseDetailEvent())}>
          ${icon('close')}
        </button>
      </header>
      <div class="inside">
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        ${channel ? this.#about(channel.topic, channel.private) : html`<p class="quiet">${isDirect ? 'Only the two of you can read this.' : 'This channel is not there yet.'}</p>`}
        <section>
          <label class="label" for="day">Go to a day</label>
          <input id="day" class="field" type="date" @change=${this.#toDay} />
        </section>
        <section>
          ${this.#switch('Muted: count only what calls you', session.channels.isMuted(place), (on) => session.channels.setMuted(place, on))}
        </section>
        ${channel && place !== GENERAL ? this.#leaving(channel.private) : nothing}
      </div>
    `;
  }

  #about(topic: string, isPrivate: boolean) {
    return html`<form class="stack" @submit=${this.#setTopic}>
        <label class="label" for="topic">Topic</label>
        <div class="row">
          <input id="topic" class="field" maxlength="1024" .value=${topic} />
          <button class="button">Save</button>
        </div>
      </form>
      ${
        this.place === GENERAL
          ? html`<p class="quiet">Everybody is in #general.</p>`
          : this.#switch(
              'Private: only its members see it',
              isPrivate,
              (on) => void this.#do(() => this.#setPrivate(on)),
            )
      }
      ${isPrivate ? this.#memberList() : nothing}`;
  }

  #switch(words: string, on: boolean, change: (on: boolean) => void) {
    return html`<label class="switch">
      <input
        type="checkbox"
        .checked=${on}
        @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
      />
      ${words}
    </label>`;
  }

  #memberList() {
    return html`<section>
      <h3>Members <span class="quiet">${this.members.length}</span></h3>
      <ul>
        ${this.members.map(
          (name) =>
            html`<li>
              <parley-mark
                name=${name}
                size="28"
                status=${this.session.people.presence(name)?.status ?? 'offline'}
              ></parley-mark>
              <span class="name" title=${name}>${name}</span>
              <button
                class="icon-button"
                aria-label=${`Remove ${name}`}
                title=${`Remove ${name}`}
                @click=${() => this.#remove(name)}
              >
                ${icon('close', 16)}
              </button>
            </li>`,
        )}
      </ul>
      <form class="row" @submit=${this.#add}>
        <input
          id="member"
          class="field"
          aria-label="Add a member"
          placeholder="Add a member"
          autocapitalize="none"
          autocomplete="off"
        />
        <button class="button">Add</button>
      </form>
    </section>`;
  }

  #leaving(isPrivate: boolean) {
    return html`<section class="stack">
      <button class="button" @click=${() => this.#leave(isPrivate)}>${icon('leave', 16)}Leave this channel</button>
      ${
        this.sure
          ? html`<p>Its messages are deleted for everybody, for good.</p>
              <div class="row">
                <button class="button danger" @click=${this.#delete}>Delete it</button>
                <button class="button" @click=${() => (this.sure = false)}>Keep it</button>
              </div>`
          : html`<button class="link" @click=${() => (this.sure = true)}>Delete this channel …</button>`
      }
    </section>`;
  }

  async #do(work: () => Promise<unknown>): Promise<void> {
    this.problem = '';
    try {
      await work();
      if (this.session.channels.get(this.place)?.private) await this.#loadMembers();
    } catch (error) {
      this.problem = error instanceof TypeError ? 'The hub does not answer.' : (error as Error).message;
    }
  }

  async #loadMembers(): Promise<void> {
    const { place } = this;
    const members = await this.session.api.members(place).catch(() => this.members);
    if (place === this.place) this.members = members;
  }

  async #setPrivate(on: boolean): Promise<void> {
    await this.session.api.changeChannel(this.place, { private: on });
    if (on) await this.#loadMembers();
  }

  #field(id: string): HTMLInputElement {
    return this.renderRoot.querySelector<HTMLInputElement>(`#${id}`)!;
  }

  readonly #setTopic = (event: Event): void => {
    event.preventDefault();
    void this.#do(() => this.session.api.changeChannel(this.place, { topic: this.#field('topic').value.trim() }));
  };

  readonly #toDay = (): void => {
    const [year = 0, month = 1, day = 1] = this.#field('day').value.split('-').map(Number);
    if (year > 0) this.dispatchEvent(new DayEvent(new Date(year, month - 1, day).getTime()));
  };

  readonly #add = (event: Event): void => {
    event.preventDefault();
    const field = this.#field('member');
    const name = field.value.trim().replace(/^@/, '').toLowerCase();
    if (!isName(name)) return void (this.problem = 'That is no name: use letters a to z, digits, _ and -.');
    field.value = '';
    void this.#do(() => this.session.api.addMember(this.place, name));
  };

  #remove(name: string): void {
    void this.#do(() => this.session.api.removeMember(this.place, name));
  }

  /** A public channel is left in this browser: everybody may read it anyway. */
  #leave(isPrivate: boolean): void {
    const { api, channels, user } = this.session;
    if (isPrivate) void this.#do(() => api.removeMember(this.place, user));
    else channels.setLeft(this.place, true);
  }

  readonly #delete = (): void => {
    void this.#do(() => this.session.api.deleteChannel(this.place));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-channel-details': ParleyChannelDetails;
  }
}

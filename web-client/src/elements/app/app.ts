import { isName } from '@parley/shared';
import type { ConnectionState } from '@parley/shared/client';
import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Router } from '../../controllers/router.ts';
import { listeningToKeys } from '../../controllers/shortcuts.ts';
import { watching } from '../../controllers/watch.ts';
import type { Api, HubFacts } from '../../link/api.ts';
import { reliesOnCookie, relyOnCookie } from '../../link/authorization.ts';
import { GENERAL } from '../../state/channels.ts';
import { rememberedName, rememberName, suggestName } from '../../state/me.ts';
import type { Memory } from '../../state/memory.ts';
import type { Goal } from '../../state/places.ts';
import type { Route } from '../../state/route.ts';
import type { Session } from '../../state/session.ts';
import { rememberedTheme, rememberTheme } from '../../state/theme.ts';
import type { Theme } from '../../state/theme.ts';
import { base } from '../../styles/shared.ts';
import '../channels/channels.ts';
import type { OpenPlaceEvent } from '../channels/channels.ts';
import '../chat/chat.ts';
import type { DayEvent } from '../channel-details/channel-details.ts';
import { openDialog } from '../dialog/dialog.ts';
import { glyphOf } from '../glyph.ts';
import '../join/join.ts';
import type { JoinEvent } from '../join/join.ts';
import type { Detail, DetailEvent } from '../chat/header.ts';
import type { EntryEvent } from '../entry/events.ts';
import type { LeaveEvent, OpenEvent, ThemeEvent } from '../me/me.ts';
import '../people/people.ts';
import type { PersonEvent } from '../people/people.ts';
import '../rail/rail.ts';
import { isSignedOut, rememberAccounts, rememberedAccounts } from '../../state/signed-in.ts';
import { standingOf } from '../status.ts';
import '../strip/strip.ts';
import type { GoalEvent } from '../switcher/switcher.ts';
import type { FilterEvent } from '../topics/topics.ts';
import { goalsOf, routeTo } from './goals.ts';
import type { Action } from './goals.ts';
import { placeBeside, placesOf, titleOf, unreadIn } from './standing.ts';
import { styles } from './app.styles.ts';

/** What is not chat is fetched when one goes there. */
const areas: Partial<Record<Route['area'], () => Promise<unknown>>> = {
  devices: () => import('../areas/devices.ts'),
  topics: () => import('../areas/topics.ts'),
  hub: () => import('../hub/hub.ts'),
};

const details: Partial<Record<Detail, () => Promise<unknown>>> = {
  search: () => import('../search/search.ts'),
  channel: () => import('../channel-details/channel-details.ts'),
};

/** What the page is made with; main.ts gives it the browser's. */
export interface AppContext {
  readonly api: Api;
  readonly memory: Memory;
  readonly makeSession: (user: string) => Promise<Session>;
}

/** The whole page: a name first, then rail, list, main and, when asked for, detail. */
@customElement('parley-app')
export class ParleyApp extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) context: AppContext | undefined;
  @state() private session: Session | undefined;
  /** The stored part of a session is being read. */
  @state() private entering = false;
  @state() private hub: HubFacts | undefined;
  /** The hub was asked what it is, with or without success. */
  @state() private asked = false;
  @state() private detail: Detail | '' = '';
  @state() private theme: Theme = 'system';
  #shownRoute: Route | undefined;
  /** The refusal after which the hub was asked whether it has accounts now. */
  #refused: ConnectionState | undefined;
  readonly #suggestion = suggestName();
  readonly #router = new Router(this);

  constructor() {
    super();
    watching(this, () => {
      const { session } = this;
      return session
        ? [session, session.link, session.channels, session.directs, session.unread, session.devices, session.people]
        : [];
    });
    listeningToKeys(this, {
      step: (by, unread) => this.#step(by, unread),
      area: (area) => this.session && this.#router.go({ area }),
      switcher: () => void this.#switcher(),
      sheet: () => void this.#open('sheet'),
      search: () => this.session && this.#router.route.area === 'chat' && (this.detail = 'search'),
    });
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    this.#closeDetailOnNarrow();
    if (!changed.has('context') || !this.context) return;
    this.theme = rememberedTheme(this.context.memory);
    showTheme(this.theme);
    const name = rememberedName(this.context.memory);
    if (name !== undefined && !isInvite()) void this.#enter(name, rememberedAccounts(this.context.memory));
    else void this.#askHub();
  }

  /** Where it stands in the place of main, going somewhere closes it. */
  #closeDetailOnNarrow(): void {
    const { route } = this.#router;
    if (route !== this.#shownRoute && isNarrow()) this.detail = '';
    this.#shownRoute = route;
  }

  override updated(): void {
    this.#checkAccounts();
    const unread = this.session ? this.#unread() : 0;
    const place = this.session ? `${titleOf(this.#router.route, this.#current())} · Parley` : 'Parley';
    document.title = unread > 0 ? `(${unread}) ${place}` : place;
  }

  override render() {
    if (!this.context) return nothing;
    if (this.entering) return nothing;
    if (this.#mustSignIn()) {
      void import('../account/gate.ts');
      return html`<parley-gate
        again=${this.session?.user ?? ''}
        .hub=${this.hub}
        @parley-join=${({ name }: JoinEvent) => this.#signedIn(name)}
      ></parley-gate>`;
    }
    if (!this.session) {
      if (!this.asked) return nothing;
      return html`<parley-join
        .suggestion=${this.#suggestion}
        .hub=${this.hub}
        @parley-join=${({ name }: JoinEvent) => void this.#enter(name, false)}
      ></parley-join>`;
    }
    const { route } = this.#router;
    void (route.area === 'hub' && route.page ? import('../admin/admin.ts') : areas[route.area]?.());
    const detail = this.#detail();
    return html`<div
      @parley-leave=${this.#leave}
      @parley-theme=${({ theme }: ThemeEvent) => this.#setTheme(theme)}
      @parley-open=${({ dialog }: OpenEvent) => void this.#open(dialog)}
      class="frame ${isList(route) ? 'at-list' : ''} ${detail === nothing ? '' : 'with-detail'} ${route.area}"
    >
      <parley-rail
        area=${route.area}
        user=${this.session.user}
        .unread=${this.#unread()}
        theme=${this.theme}
      ></parley-rail>
      <div class="list">${this.#list(this.session)}</div>
      <main class="main">${this.#main(this.session)}</main>
      <aside class="detail" ?hidden=${detail === nothing}>${detail}</aside>
      <parley-strip
        .status=${this.session.link.status}
        ?returning=${this.session.link.connection > 0}
        user=${this.session.user}
        .waiting=${this.session.waiting}
        .keeps=${this.session.keeps}
        @parley-try-now=${() => this.session?.client.reconnect()}
      ></parley-strip>
    </div>`;
  }

  #list({ devices, people }: Session) {
    const { route } = this.#router;
    if (route.area === 'chat') {
      return html`<parley-channels
        .session=${this.session!}
        .places=${this.#places()}
        current=${this.#current()}
        theme=${this.theme}
        @parley-open-place=${({ place }: OpenPlaceEvent) => this.#router.go({ area: 'chat', place })}
      ></parley-channels>`;
    }
    if (route.area === 'devices') {
      const links = devices.all().map((device) => {
        const { lamp } = standingOf(device, people.presence(device.name));
        return { name: device.name, glyph: glyphOf(device), lamp };
      });
      return html`<parley-device-list .devices=${links} current=${route.device ?? ''}></parley-device-list>`;
    }
    return nothing;
  }

  #main(session: Session) {
    const { route } = this.#router;
    switch (route.area) {
      case 'chat':
        return html`<parley-chat
          .session=${session}
          place=${this.#current()}
          .at=${route.at}
          shown=${this.detail}
          @parley-detail=${this.#toggleDetail}
          @parley-entry=${this.#entryActed}
        ></parley-chat>`;
      case 'devices':
        return route.device === undefined
          ? html`<parley-devices .session=${session}></parley-devices>`
          : html`<parley-device .session=${session} name=${route.device}></parley-device>`;
      case 'topics':
        return html`<parley-topics
          .session=${session}
          filter=${route.filter ?? ''}
          @parley-filter=${({ filter }: FilterEvent) => this.#router.go({ area: 'topics', filter })}
        ></parley-topics>`;
      default:
        return route.page === undefined
          ? html`<parley-hub .session=${session}></parley-hub>`
          : html`<parley-admin .session=${session} page=${route.page}></parley-admin>`;
    }
  }

  #detail() {
    const { session } = this;
    const { area } = this.#router.route;
    if (area === 'chat' && this.detail === 'people') {
      const people = session!.people.all().filter(({ name }) => !session!.devices.has(name));
      return html`<parley-people
        .people=${people}
        me=${session!.user}
        @parley-person=${({ name }: PersonEvent) => this.#openPerson(name)}
        @parley-close-detail=${() => (this.detail = '')}
      ></parley-people>`;
    }
    if (area !== 'chat' || this.detail === '') return nothing;
    void details[this.detail]?.();
    const close = (): void => void (this.detail = '');
    return this.detail === 'search'
      ? html`<parley-search .session=${session} place=${this.#current()} @parley-close-detail=${close}></parley-search>`
      : html`<parley-channel-details
          .session=${session}
          place=${this.#current()}
          @parley-close-detail=${close}
          @parley-day=${this.#toDay}
        ></parley-channel-details>`;
  }

  /** The place of the address; a wide page shows one even where a phone shows the list. */
  #current(): string {
    const { route } = this.#router;
    return (route.area === 'chat' ? route.place : undefined) ?? GENERAL;
  }

  #places(): string[] {
    return placesOf(this.session!, this.#current());
  }

  #step(by: 1 | -1, news: boolean): void {
    const { session } = this;
    if (!session) return;
    const place = placeBeside(session, this.#places(), this.#current(), by, news);
    this.#router.go({ area: 'chat', place });
  }

  #unread(): number {
    return unreadIn(this.session!, this.#places());
  }

  /** @param byCookie whether one signed in, and did not only say a name */
  async #enter(name: string, byCookie: boolean): Promise<void> {
    const { memory, makeSession } = this.context!;
    const before = this.session;
    this.session = undefined;
    this.entering = true;
    await before?.close();
    rememberName(memory, name);
    rememberAccounts(memory, byCookie);
    relyOnCookie(byCookie);
    const session = await makeSession(name).finally(() => (this.entering = false));
    session.open();
    if (byCookie) void import('../account/stay.ts').then(({ staySignedIn }) => staySignedIn(session));
    this.session = session;
    if (location.pathname === '/') this.#router.go({ area: 'chat', place: GENERAL }, { replace: true });
  }

  readonly #toDay = async ({ at }: DayEvent): Promise<void> => {
    if (isNarrow()) this.detail = '';
    await this.updateComplete;
    await this.renderRoot.querySelector('parley-chat')?.goToTime(at);
  };

  /** A session whose sign-in ended goes on with the new one: what is written in it is still there. */
  #signedIn(name: string): void {
    const { session } = this;
    if (session?.user === name && reliesOnCookie()) session.client.reconnect();
    else void this.#enter(name, true);
  }

  #mustSignIn(): boolean {
    const { session, hub } = this;
    if (!session) return isInvite() || hub?.auth === 'accounts';
    return isSignedOut(session.link.status) && (reliesOnCookie() || hub?.auth === 'accounts');
  }

  /** A hub may have got accounts, or lost them, since one was here. */
  #checkAccounts(): void {
    const { session } = this;
    if (!session || this.entering) return;
    const { status } = session.link;
    if (isSignedOut(status) && !reliesOnCookie() && status !== this.#refused) {
      this.#refused = status;
      void this.#askHub();
    }
    if (session.hub && session.hub.auth === 'open' && reliesOnCookie()) void this.#enter(session.user, false);
  }

  readonly #toggleDetail = ({ detail }: DetailEvent): void => {
    this.detail = this.detail === detail ? '' : detail;
  };

  readonly #entryActed = ({ what }: EntryEvent): void => {
    if (what.act === 'person') this.#openPerson(what.name);
  };

  #openPerson(name: string): void {
    if (this.session!.devices.has(name)) this.#router.go({ area: 'devices', device: name });
    else if (name !== this.session!.user && isName(name)) this.#router.go({ area: 'chat', place: `dm/${name}` });
  }

  #setTheme(theme: Theme): void {
    this.theme = theme;
    rememberTheme(this.context!.memory, theme);
    showTheme(theme);
  }

  async #open(dialog: 'sheet' | 'phone'): Promise<void> {
    if (dialog === 'sheet') await import('../sheet/sheet.ts');
    else await import('../phone/phone.ts');
    openDialog(document.createElement(`parley-${dialog}`));
  }

  async #switcher(): Promise<void> {
    const { session } = this;
    if (!session) return;
    await import('../switcher/switcher.ts');
    const switcher = document.createElement('parley-switcher');
    switcher.goals = goalsOf(session, this.#places());
    switcher.addEventListener('parley-goal', (event) => this.#goTo((event as GoalEvent).goal));
    openDialog(switcher);
  }

  #goTo(goal: Goal): void {
    const route = routeTo(goal);
    if (route) return this.#router.go(route);
    const action = goal.key as Action;
    if (action !== 'theme') return void this.#open(action);
    const isDark =
      this.theme === 'dark' || (this.theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
    this.#setTheme(isDark ? 'light' : 'dark');
  }

  readonly #leave = async ({ everywhere }: LeaveEvent): Promise<void> => {
    const { session } = this;
    if (session && reliesOnCookie()) {
      const { signOut } = await import('../account/sign-out.ts');
      if (!(await signOut(session, everywhere))) return;
      this.#router.go({ area: 'chat' }, { replace: true });
    }
    rememberName(this.context!.memory, undefined);
    this.session = undefined;
    this.detail = '';
    void session?.close();
    void this.#askHub();
  };

  async #askHub(): Promise<void> {
    this.hub = await this.context!.api.hub().catch(() => this.hub);
    this.asked = true;
  }
}

/** Whether what stands beside main stands in its place. */
function isNarrow(): boolean {
  return matchMedia('(max-width: 1099.9px)').matches;
}

function isInvite(): boolean {
  return location.pathname === '/invite';
}

/** The stylesheet knows both; without the attribute it is as the system says. */
function showTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** On a phone the list and what it lists are two pages. */
function isList(route: Route): boolean {
  return route.area === 'chat' && route.place === undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-app': ParleyApp;
  }
}

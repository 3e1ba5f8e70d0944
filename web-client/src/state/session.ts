import type { Conversation, Hub, Send } from '@parley/shared/client';
import type { Api, HubFacts } from '../link/api.ts';
import { HubLink } from '../link/hub-link.ts';
import { measure } from '../link/picture.ts';
import { Tabs } from '../link/tabs.ts';
import type { TabNews } from '../link/tabs.ts';
import { upload } from '../link/upload.ts';
import { Observable } from '../observable.ts';
import { Channels } from './channels.ts';
import { Compose } from './compose.ts';
import { Devices } from './devices.ts';
import { Directs } from './directs.ts';
import { Drafts } from './drafts.ts';
import type { Memory } from './memory.ts';
import { People } from './people.ts';
import { Talk } from './talk.ts';
import { Unread } from './unread.ts';
import { Uploads } from './uploads.ts';

export interface SessionOptions {
  /** The client library, open: its outbox, cache and read positions outlive the page. */
  readonly hub: Hub;
  readonly api: Api;
  readonly memory: Memory;
  /** False where the browser gives no storage that outlives the page. */
  readonly keeps: boolean;
}

/** Conversations that stay followed after one left them. */
const FOLLOWED = 12;

/** Everything of one visit under one name: one MQTT session, and the state it feeds. */
export class Session extends Observable {
  readonly user: string;
  readonly client: Hub;
  readonly api: Api;
  readonly link: HubLink;
  readonly keeps: boolean;
  readonly people = new People();
  readonly channels: Channels;
  readonly directs: Directs;
  readonly unread: Unread;
  readonly devices: Devices;
  readonly drafts: Drafts;
  readonly #talks = new Map<string, Talk>(); // by place, the one asked for last at the end
  readonly #composes = new Map<string, Compose>(); // by place
  readonly #release: (() => void)[] = [];
  readonly #tabs: Tabs;
  #facts: HubFacts | undefined;
  #connection = 0;

  constructor({ hub, api, memory, keeps }: SessionOptions) {
    super();
    const { user } = hub;
    this.user = user;
    this.client = hub;
    this.api = api;
    this.keeps = keeps;
    this.link = new HubLink(hub);
    const grown = (place: string, log: string, lastSeq: number): void => this.unread.grown(place, log, lastSeq);
    this.unread = new Unread({
      user,
      memory,
      reads: hub.reads,
      page: (place, query) => api.messages(place, query),
      held: (place, after) => heldAfter(this.#talks.get(place)?.conversation, after),
    });
    this.channels = new Channels({
      user,
      memory,
      described: ({ name, log, lastSeq }, kept) => {
        this.unread.grown(name, log, lastSeq, kept);
        this.#letIn(name);
      },
      gone: (name) => {
        this.unread.gone(name);
        this.#talks.get(name)?.lose();
      },
    });
    this.directs = new Directs({ user, list: () => api.directs(), grown });
    this.devices = new Devices(this.link);
    this.drafts = new Drafts(user, memory);
    this.#tabs = new Tabs((news) => news.user === user && this.#heard(news));
  }

  /** What the hub says of itself; undefined until it did. */
  get hub(): HubFacts | undefined {
    return this.#facts;
  }

  /** What is being written in a place, kept while one is elsewhere. */
  compose(place: string): Compose {
    const known = this.#composes.get(place);
    if (known) return known;
    const { api, devices, user } = this;
    const uploads = new Uploads({
      send: (file, options) => upload(file, { ...options, user }),
      measure,
      maxBytes: () => this.#facts?.maxFileBytes ?? Infinity,
    });
    const compose = new Compose({ talk: () => this.talk(place), api, devices, uploads, facts: () => this.#facts });
    this.#composes.set(place, compose);
    return compose;
  }

  /** Drafts that wait to be sent. */
  get waiting(): number {
    return this.client.waiting;
  }

  open(): void {
    const { link, channels, people, devices, directs, client } = this;
    this.#release.push(
      channels.open(link),
      people.open(link),
      devices.open(),
      directs.open(link),
      link.watch(() => this.#linkChanged()),
      client.reads.on('change', ({ key, seq }) => this.#tabs.tell({ user: this.user, place: key, seq })),
    );
    this.#linkChanged();
  }

  /** A channel (`general`) or direct conversation (`dm/ben`), followed from the first time it is asked for. */
  talk(place: string): Talk {
    const talk = this.#talks.get(place) ?? this.#begin(place);
    this.#talks.delete(place);
    this.#talks.set(place, talk);
    for (const [key, oldest] of this.#talks) {
      if (this.#talks.size <= FOLLOWED) break;
      this.#talks.delete(key);
      void oldest.close();
    }
    return talk;
  }

  /** Gives up what failed to be sent, in every tab. */
  discard(place: string, send: Send): void {
    const { id } = send;
    if (send.discard()) this.#tabs.tell({ user: this.user, place, discarded: id });
  }

  async close(): Promise<void> {
    for (const release of this.#release.splice(0)) release();
    this.#tabs.close();
    this.unread.close();
    await this.client.close();
  }

  #heard({ place, seq, discarded }: TabNews): void {
    const talk = this.#talks.get(place);
    if (seq !== undefined) this.client.reads.mark(place, seq, talk?.log);
    const send = talk?.sends.find(({ id, state }) => id === discarded && state.state === 'failed');
    send?.discard();
  }

  #begin(place: string): Talk {
    const { client } = this;
    const conversation = place.startsWith('dm/') ? client.dm(place.slice(3)) : client.channel(place);
    const talk = new Talk(place, { conversation, page: (query) => this.api.messages(place, query) });
    conversation.on('send', () => this.changed());
    return talk;
  }

  /** A channel that was closed to us is shown to us: it is followed anew. */
  #letIn(name: string): void {
    const talk = this.#talks.get(name);
    if (!talk?.isRefused) return;
    this.#talks.delete(name);
    void talk.close();
    this.changed();
  }

  #linkChanged(): void {
    const { status, connection } = this.link;
    if (status.state !== 'online' || connection === this.#connection) return;
    this.#connection = connection;
    void this.#askHub();
  }

  async #askHub(): Promise<void> {
    this.#facts = await this.api.hub().catch(() => this.#facts);
    this.changed();
  }
}

/** Entries after a `seq`, where a followed conversation has all of them. */
function heldAfter(conversation: Conversation | undefined, after: number) {
  const entries = conversation?.loaded ? conversation.entries : [];
  const isWhole = entries.length > 0 && entries[0]!.seq <= after + 1;
  return isWhole ? entries.filter(({ seq }) => seq > after) : undefined;
}

import { ownErrors, topics } from '@parley/shared';
import type { Api, HubFacts } from '../link/api.ts';
import type { Link } from '../link/link.ts';
import { Observable } from '../observable.ts';
import { ChannelState } from './channel.ts';
import { Channels } from './channels.ts';
import type { Memory } from './channels.ts';
import { decoded } from './decoded.ts';
import { Devices } from './devices.ts';
import { Drafts } from './drafts.ts';
import { Outbox } from './outbox.ts';
import { People } from './people.ts';

/** A link that is opened, woken and closed by whoever owns it. */
export interface OwnedLink extends Link {
  open(): void;
  wake(): void;
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly user: string;
  /** Makes a link of its own client id. */
  readonly connect: () => OwnedLink;
  readonly api: Api;
  readonly memory: Memory;
}

/** Everything of one visit under one name: the links and the state they feed. */
export class Session extends Observable {
  readonly user: string;
  readonly link: OwnedLink;
  readonly people = new People();
  readonly outbox: Outbox;
  readonly channels: Channels;
  readonly devices: Devices;
  readonly drafts: Drafts;
  readonly #options: SessionOptions;
  readonly #open = new Map<string, ChannelState>(); // by name
  readonly #release: (() => void)[] = [];
  #hub: HubFacts | undefined;
  #connection = 0;

  constructor(options: SessionOptions) {
    super();
    this.#options = options;
    this.user = options.user;
    this.link = options.connect();
    this.outbox = new Outbox(this.link);
    this.channels = new Channels(options.user, options.memory);
    this.devices = new Devices(this.link);
    this.drafts = new Drafts(options.user, options.memory);
  }

  /** What the hub says of itself; undefined until it did. */
  get hub(): HubFacts | undefined {
    return this.#hub;
  }

  open(): void {
    const { link, outbox, channels } = this;
    outbox.lookAgain = (name) => this.channel(name).catchUp();
    channels.described = (channel) => this.#open.get(channel.name)?.described(channel);
    this.#release.push(
      channels.open(link),
      this.people.open(link),
      this.devices.open(),
      link.listen(ownErrors, { qos: 0 }, ({ payload }) => {
        const refusal = decoded(topics.hubError.codec, payload);
        if (refusal) outbox.refuse(refusal);
      }),
      link.watch(() => this.#linkChanged()),
    );
    link.open();
  }

  /** The network is back or the page is looked at again. */
  wake(): void {
    this.link.wake();
  }

  /** The state of a channel, followed from the first time it is asked for. */
  channel(name: string): ChannelState {
    const known = this.#open.get(name);
    if (known) return known;
    const { link, outbox } = this;
    const made = new ChannelState(name, { link, outbox, api: this.#options.api });
    this.#open.set(name, made);
    made.open();
    return made;
  }

  async close(): Promise<void> {
    for (const release of this.#release.splice(0)) release();
    for (const channel of this.#open.values()) channel.close();
    this.outbox.close();
    await this.link.close();
  }

  #linkChanged(): void {
    const { status, connection } = this.link;
    if (status.state === 'online' && connection !== this.#connection) {
      this.#connection = connection;
      this.outbox.flush();
      void this.#askHub();
    }
  }

  async #askHub(): Promise<void> {
    this.#hub = await this.#options.api.hub().catch(() => this.#hub);
    this.changed();
  }
}

import { isName, topics } from '@parley/shared';
import type { Channel } from '@parley/shared';
import type { Message } from '@parley/shared/client';
import type { Link } from '../link/link.ts';
import { Observable } from '../observable.ts';
import { decoded } from './decoded.ts';
import { recallNames } from './memory.ts';
import type { Memory } from './memory.ts';

export const GENERAL = 'general';

export interface ChannelsContext {
  readonly user: string;
  readonly memory: Memory;
  /** Told of each channel as the hub describes it; `kept` when it was so before we looked. */
  readonly described: (channel: Channel, kept: boolean) => void;
  /** Told of each channel that is no more, or no longer ours to see. */
  readonly gone: (name: string) => void;
}

/** The channels there are, from `channels/+`, and which of them are left or muted in this browser. */
export class Channels extends Observable {
  readonly #context: ChannelsContext;
  readonly #byName = new Map<string, Channel>();
  readonly #left: Set<string>;
  readonly #muted: Set<string>;

  constructor(context: ChannelsContext) {
    super();
    this.#context = context;
    this.#left = recallNames(context.memory, this.#key('left'));
    this.#muted = recallNames(context.memory, this.#key('muted'));
  }

  /** @returns the release of the subscription */
  open(link: Link): () => void {
    const { user } = this.#context;
    const releases = [
      link.listen(topics.channel.filter(), { qos: topics.channel.qos }, (message) => this.#receive(message)),
      link.listen(topics.membership.filter({ user }), { qos: topics.membership.qos }, (one) => this.#told(one)),
    ];
    return () => releases.forEach((release) => release());
  }

  /** Those that are listed, by name, `general` first: it always exists. */
  names(): string[] {
    return this.known().filter((name) => name === GENERAL || !this.#left.has(name));
  }

  /** All there are, also those that were left. */
  known(): string[] {
    const others = [...this.#byName.keys()].filter((name) => name !== GENERAL);
    return [GENERAL, ...others.toSorted()];
  }

  get(name: string): Channel | undefined {
    return this.#byName.get(name);
  }

  hasLeft(name: string): boolean {
    return this.#left.has(name);
  }

  /** Takes a channel out of the list, or back in. */
  setLeft(name: string, left: boolean): void {
    this.#set(this.#left, 'left', name, left);
  }

  isMuted(place: string): boolean {
    return this.#muted.has(place);
  }

  /** A muted channel or direct conversation counts mentions alone. */
  setMuted(place: string, muted: boolean): void {
    this.#set(this.#muted, 'muted', place, muted);
  }

  #set(names: Set<string>, key: string, name: string, isIn: boolean): void {
    if (isIn) names.add(name);
    else names.delete(name);
    this.#context.memory.setItem(this.#key(key), JSON.stringify([...names]));
    this.changed();
  }

  #receive({ topic, payload, retain }: Message): void {
    const name = topics.channel.parse(topic)?.channel;
    if (name === undefined || !isName(name)) return;
    const channel = payload.length === 0 ? undefined : decoded(topics.channel.codec, payload);
    if (channel) {
      this.#byName.set(name, channel);
      this.#context.described(channel, retain);
    } else if (payload.length === 0) this.#forget(name);
    this.changed();
  }

  #told({ topic, payload }: Message): void {
    const name = topics.membership.parse(topic)?.channel;
    if (name === undefined || decoded(topics.membership.codec, payload)?.member !== false) return;
    this.#forget(name);
    this.changed();
  }

  #forget(name: string): void {
    if (this.#byName.delete(name)) this.#context.gone(name);
  }

  #key(what: string): string {
    return `parley:${this.#context.user}:${what}`;
  }
}

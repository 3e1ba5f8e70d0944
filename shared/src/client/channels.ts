import { channelCodec } from '../chat/entry.ts';
import type { Channel } from '../chat/entry.ts';
import { topics } from '../topics/topics.ts';
import type { Connection } from './connection.ts';
import { decoded } from './decoded.ts';
import { Emitter } from './emitter.ts';
import type { Message } from './link.ts';

export interface ChannelsEvents {
  /** A channel was made, changed, or deleted (undefined). */
  change: { readonly name: string; readonly channel: Channel | undefined };
}

/** The channels that the user may see, from the retained `channels/+`. */
export class ChannelsView extends Emitter<ChannelsEvents> {
  readonly #byName = new Map<string, Channel>();
  readonly #release: () => void;

  constructor(connection: Connection) {
    super();
    const message = (one: Message): void => this.#heard(one);
    this.#release = connection.listen(topics.channel.filter(), { qos: 1, message });
  }

  get(name: string): Channel | undefined {
    return this.#byName.get(name);
  }

  all(): ReadonlyMap<string, Channel> {
    return this.#byName;
  }

  close(): void {
    this.#release();
  }

  #heard({ topic, payload }: Message): void {
    const name = topics.channel.parse(topic)?.channel;
    if (name === undefined) return;
    const channel = payload.length === 0 ? undefined : decoded(channelCodec, payload);
    if (channel) this.#byName.set(name, channel);
    else if (payload.length === 0) this.#byName.delete(name);
    else return;
    this.emit('change', { name, channel });
  }
}

import { isName, topics } from '@parley/shared';
import type { Channel } from '@parley/shared';
import type { Link, Message } from '../link/link.ts';
import { Observable } from '../observable.ts';
import { decoded } from './decoded.ts';

/** What is kept between visits: the web's Storage, or a fake of it. */
export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

interface Position {
  readonly log: string;
  readonly seq: number;
}

export const GENERAL = 'general';

/** The channels there are, from `channels/+`, and how far we have read each. */
export class Channels extends Observable {
  readonly #byName = new Map<string, Channel>();
  readonly #read: Record<string, Position>;
  readonly #memory: Memory;
  readonly #key: string;
  /** Told of each channel as the hub describes it. */
  described: (channel: Channel) => void = () => undefined;

  constructor(user: string, memory: Memory) {
    super();
    this.#memory = memory;
    this.#key = `parley:${user}:read`;
    this.#read = restore(memory.getItem(this.#key));
  }

  /** @returns the release of the subscription */
  open(link: Link): () => void {
    return link.listen(topics.channel.filter(), { qos: topics.channel.qos }, (message) => this.#receive(message));
  }

  /** By name, `general` first: it always exists. */
  names(): string[] {
    const others = [...this.#byName.keys()].filter((name) => name !== GENERAL);
    return [GENERAL, ...others.toSorted()];
  }

  get(name: string): Channel | undefined {
    return this.#byName.get(name);
  }

  unread(name: string): number {
    const channel = this.#byName.get(name);
    const read = this.#read[name];
    if (!channel) return 0;
    return Math.max(0, channel.lastSeq - (read?.log === channel.log ? read.seq : 0));
  }

  /** The last `seq` read of this log, 0 when none. */
  readSeq(name: string, log: string | undefined): number {
    const read = this.#read[name];
    return read && read.log === log ? read.seq : 0;
  }

  markRead(name: string, log: string, seq: number): void {
    if (this.readSeq(name, log) >= seq) return;
    this.#keep(name, { log, seq });
    this.changed();
  }

  #receive({ topic, payload, retain }: Message): void {
    const name = topics.channel.parse(topic)?.channel;
    if (name === undefined || !isName(name)) return;
    const channel = payload.length === 0 ? undefined : decoded(topics.channel.codec, payload);
    if (channel) {
      this.#byName.set(name, channel);
      // What was there before our first visit is not news to catch up on; a channel made since is.
      if (retain && !this.#read[name]) this.#keep(name, { log: channel.log, seq: channel.lastSeq });
      this.described(channel);
    } else if (payload.length === 0) this.#byName.delete(name);
    this.changed();
  }

  #keep(name: string, position: Position): void {
    this.#read[name] = position;
    this.#memory.setItem(this.#key, JSON.stringify(this.#read));
  }
}

function restore(stored: string | null): Record<string, Position> {
  const positions: Record<string, Position> = Object.create(null) as Record<string, Position>;
  try {
    const value = JSON.parse(stored ?? '{}') as Record<string, Partial<Position>>;
    for (const [name, { log, seq }] of Object.entries(value)) {
      if (typeof log === 'string' && typeof seq === 'number') positions[name] = { log, seq };
    }
  } catch {
    // Written by another version: start over.
  }
  return positions;
}

import { isFilter, isTopic } from '@parley/shared';
import type { Message, QoS } from '@parley/shared/client';
import type { Link } from '../link/link.ts';
import { Observable } from '../observable.ts';

const KEPT = 500;

/** A message as the topics page lists it. */
export interface Seen extends Message {
  readonly key: number;
  /** When it arrived here, ms since the Unix epoch. */
  readonly at: number;
}

export interface Publication {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
}

/**
 * Listens to any one filter, over a link of its own: overlapping subscriptions of one client would deliver twice, and
 * a busy filter must not stand in front of the conversation.
 */
export class Inspector extends Observable {
  readonly #link: Link;
  readonly #now: () => number;
  #release: (() => void) | undefined;
  #filter: string | undefined;
  #problem: string | undefined;
  #seen: Seen[] = []; // newest first
  #held: Seen[] = []; // newest first, arrived while paused
  #paused = false;
  #count = 0;

  constructor(link: Link, now: () => number = Date.now) {
    super();
    this.#link = link;
    this.#now = now;
  }

  get link(): Link {
    return this.#link;
  }

  get filter(): string | undefined {
    return this.#filter;
  }

  /** Why nothing is listened to, for a person. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Newest first, bounded. */
  get seen(): readonly Seen[] {
    return this.#seen;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** How many arrived since the pause. */
  get held(): number {
    return this.#held.length;
  }

  /** Everything that arrived for this filter, also what is no longer kept. */
  get count(): number {
    return this.#count;
  }

  listen(filter: string): void {
    if (filter === this.#filter) return;
    this.stop();
    this.clear();
    this.#paused = false;
    this.#filter = filter;
    this.#problem = isFilter(filter)
      ? undefined
      : 'This is not a topic filter: + and # stand alone, # only at the end.';
    if (this.#problem === undefined) {
      const refused = (reason: string): void => this.#fail(reason);
      this.#release = this.#link.listen(filter, { qos: 2, refused }, (message) => this.#receive(message));
    }
    this.changed();
  }

  stop(): void {
    this.#release?.();
    this.#release = undefined;
    this.#filter = undefined;
  }

  clear(): void {
    this.#seen = [];
    this.#held = [];
    this.#count = 0;
    this.changed();
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused) {
      this.#seen = [...this.#held, ...this.#seen].slice(0, KEPT);
      this.#held = [];
    }
    this.changed();
  }

  /** @throws Error with the reason, for a person */
  async publish({ topic, payload, qos, retain }: Publication): Promise<void> {
    if (!isTopic(topic)) throw new Error('A topic to publish to is not empty and has no + or #.');
    await this.#link.publish(topic, payload, { qos, retain });
  }

  #receive({ topic, payload, qos, retain }: Message): void {
    const seen = { topic, payload, qos, retain, key: ++this.#count, at: this.#now() };
    if (this.#paused) this.#held = [seen, ...this.#held].slice(0, KEPT);
    else this.#seen = [seen, ...this.#seen].slice(0, KEPT);
    this.changed();
  }

  #fail(reason: string): void {
    this.#problem = reason;
    this.changed();
  }
}

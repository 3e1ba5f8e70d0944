import { isFilter } from '@parley/shared';
import { Observable } from '../../observable.ts';
import { sizeOf } from './seen.ts';
import type { Arrived, Publication, Seen } from './seen.ts';
import type { Tap } from './tap.ts';
import { TopicTree } from './tree.ts';
import type { View } from './view.ts';

/** What is held while paused; past it the oldest are let go, and counted. */
export const heldBounds = { messages: 5000, bytes: 16 * 1024 * 1024 } as const;

/** How far a purge has come. */
export interface Purge {
  readonly filter: string;
  readonly total: number;
  readonly done: number;
  readonly refused: number;
  /** Why the last one was refused. */
  readonly reason?: string;
}

/**
 * Listens to any one filter, over a tap of its own: a busy filter must not stand in front of the conversation. What
 * arrives goes into a tree; paused, it waits outside.
 */
export class Inspector extends Observable {
  readonly tap: Tap;
  readonly #now: () => number;
  #tree = new TopicTree();
  #release: (() => void) | undefined;
  #filter: string | undefined;
  #problem: string | undefined;
  #listening = false;
  #held: Seen[] = [];
  #heldBytes = 0;
  #missed = 0;
  #paused = false;
  #count = 0;
  #purge: Purge | undefined;
  /** Views that were chosen by hand, by topic. */
  readonly chosen = new Map<string, View>();
  /** The topic that is looked at. */
  selected: string | undefined;

  constructor(tap: Tap, now: () => number = Date.now) {
    super();
    this.tap = tap;
    this.#now = now;
    tap.watch(() => {
      if (tap.state !== 'online') this.#listening = false;
      this.changed();
    });
  }

  get tree(): TopicTree {
    return this.#tree;
  }

  get filter(): string | undefined {
    return this.#filter;
  }

  /** Why nothing is listened to, for a person. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether the hub took the filter: from then on everything is seen. */
  get listening(): boolean {
    return this.#listening;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** How many arrived since the pause, and how many of those could not be kept. */
  get held(): { readonly count: number; readonly missed: number } {
    return { count: this.#held.length + this.#missed, missed: this.#missed };
  }

  /** Everything that arrived for this filter, also what is no longer kept. */
  get count(): number {
    return this.#count;
  }

  get purge(): Purge | undefined {
    return this.#purge;
  }

  listen(filter: string): void {
    if (filter === this.#filter) return;
    this.stop();
    this.clear();
    this.#filter = filter;
    this.#problem = isFilter(filter)
      ? undefined
      : 'This is not a topic filter: + and # stand alone, # only at the end.';
    if (this.#problem === undefined) {
      const message = (arrived: Arrived): void => this.#receive(arrived);
      this.#release = this.tap.listen(filter, {
        message,
        granted: () => this.#granted(),
        refused: (reason) => this.#fail(reason),
      });
    }
    this.changed();
  }

  stop(): void {
    this.#release?.();
    this.#release = undefined;
    this.#filter = undefined;
    this.#listening = false;
  }

  clear(): void {
    this.#tree = new TopicTree();
    this.#letGo();
    this.#paused = false;
    this.#count = 0;
    this.#purge = undefined;
    this.selected = undefined;
    this.changed();
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused) {
      for (const seen of this.#held) this.#tree.add(seen);
      this.#letGo();
    }
    this.changed();
  }

  select(topic: string | undefined): void {
    this.selected = topic;
    this.changed();
  }

  choose(topic: string, view: View | undefined): void {
    if (view === undefined) this.chosen.delete(topic);
    else this.chosen.set(topic, view);
    this.changed();
  }

  /** @throws Error with the reason, for a person */
  publish(publication: Publication): Promise<void> {
    return this.tap.publish(publication);
  }

  /** Empties what the hub keeps on these topics, one after the other; each refusal is counted. */
  async purgeRetained(filter: string, topics: readonly string[]): Promise<void> {
    const counts = { done: 0, refused: 0 };
    let reason: string | undefined;
    const tell = (): void => {
      this.#purge = { filter, total: topics.length, ...counts, ...(reason !== undefined && { reason }) };
      this.changed();
    };
    for (const topic of topics) {
      tell();
      try {
        await this.tap.publish({ topic, payload: new Uint8Array(0), qos: 1, retain: true });
        counts.done++;
      } catch (error) {
        counts.refused++;
        reason = (error as Error).message;
      }
    }
    tell();
  }

  forgetPurge(): void {
    this.#purge = undefined;
    this.changed();
  }

  #receive(arrived: Arrived): void {
    const seen: Seen = { ...arrived, key: ++this.#count, at: this.#now() };
    if (this.#paused) this.#hold(seen);
    else this.#tree.add(seen);
    this.changed();
  }

  #hold(seen: Seen): void {
    this.#held.push(seen);
    this.#heldBytes += sizeOf(seen);
    while (this.#held.length > heldBounds.messages || this.#heldBytes > heldBounds.bytes) {
      // A tenth at a time: taking one from the front of so many costs as much.
      const gone = this.#held.splice(0, Math.ceil(this.#held.length / 10));
      for (const one of gone) this.#heldBytes -= sizeOf(one);
      this.#missed += gone.length;
    }
  }

  #letGo(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#missed = 0;
  }

  #granted(): void {
    this.#listening = true;
    this.changed();
  }

  #fail(reason: string): void {
    this.#problem = reason;
    this.changed();
  }
}

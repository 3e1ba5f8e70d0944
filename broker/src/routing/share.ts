import type { QoS } from '../mqtt/packets.ts';
import { Readiness, type Subscriber, type Subscription } from './subscription.ts';

export interface ShareMember<S extends Subscriber> {
  readonly subscriber: S;
  readonly subscription: Subscription;
}

/** The sessions that share one `$share/<group>/<filter>`; each message goes to one of them (§4.8.2). */
export class ShareGroup<S extends Subscriber> {
  /** The filter without `$share/<group>/`. */
  readonly filter: string;
  readonly #members: ShareMember<S>[] = [];
  #next = 0;

  constructor(filter: string) {
    this.filter = filter;
  }

  get size(): number {
    return this.#members.length;
  }

  /** Adds a member or replaces its options. */
  put(subscriber: S, subscription: Subscription): void {
    const at = this.#indexOf(subscriber);
    if (at === -1) this.#members.push({ subscriber, subscription });
    else this.#members[at] = { subscriber, subscription };
  }

  remove(subscriber: S): void {
    const at = this.#indexOf(subscriber);
    if (at === -1) return;
    this.#members.splice(at, 1);
    if (this.#next > at) this.#next--;
  }

  /**
   * The member that takes the next message, in turn among those that are readiest: connected ones with a free window,
   * then connected ones, then those whose session waits for them. Undefined when nobody can take it.
   */
  pick(qos: QoS, accepts: (subscriber: S) => boolean): ShareMember<S> | undefined {
    const members = this.#members;
    let best: ShareMember<S> | undefined;
    let readiest: Readiness = Readiness.Never;
    let position = 0;
    for (let i = 0; i < members.length && readiest < Readiness.Free; i++) {
      const at = (this.#next + i) % members.length;
      const member = members[at]!;
      const readiness = member.subscriber.readiness(Math.min(qos, member.subscription.qos) as QoS);
      if (readiness <= readiest || !accepts(member.subscriber)) continue;
      best = member;
      readiest = readiness;
      position = at;
    }
    if (best) this.#next = (position + 1) % members.length;
    return best;
  }

  #indexOf(subscriber: S): number {
    return this.#members.findIndex((member) => member.subscriber === subscriber);
  }
}

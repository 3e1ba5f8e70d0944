import { parseFilter } from '@parley/shared';
import type { QoS } from '../mqtt/packets.ts';
import { ShareGroup } from './share.ts';
import type { Subscriber, Subscription } from './subscription.ts';
import { hasWildcard, isShared } from './topics.ts';
import { Trie } from './trie.ts';

/** One subscriber's merged matches for one topic: it gets one copy however many of its filters match [MQTT-3.3.4-2]. */
export interface Target<S extends Subscriber> {
  readonly subscriber: S;
  /** The highest of all matching subscriptions. */
  readonly qos: QoS;
  readonly retainAsPublished: boolean;
  /** Every matching subscription's identifier [MQTT-3.3.4-4]; undefined when there is none. */
  readonly identifiers: readonly number[] | undefined;
  /** What remains for a message of the subscriber's own, null when No Local removes it all [MQTT-3.8.3-3]. */
  readonly own: Target<S> | null;
}

/** Where a message of one topic goes. Valid until the subscriptions change; ask the router again for each message. */
export interface Route<S extends Subscriber> {
  readonly targets: readonly Target<S>[];
  readonly groups: readonly ShareGroup<S>[];
}

interface Entry<S extends Subscriber> {
  readonly subscriber: S;
  readonly subscription: Subscription;
}

/** Most topics have few subscribers; past this many cached topics the oldest is dropped. */
const CACHED_ROUTES = 16_384;

/** Some have thousands: what is cached is bounded by their sum as well. */
const CACHED_TARGETS = 262_144;

/** All subscriptions of the hub, and for each topic who gets its messages. */
export class Router<S extends Subscriber> {
  readonly #trie = new Trie<Entry<S> | ShareGroup<S>>();
  /** Entries of plain filters and groups of shared ones, by subscriber and filter, to take them out again. */
  readonly #entries = new Map<S, Map<string, Entry<S> | ShareGroup<S>>>();
  /** By whole shared filter, `$share/<group>/<filter>`. */
  readonly #groups = new Map<string, ShareGroup<S>>();
  readonly #routes = new Map<string, Route<S>>();
  #cachedTargets = 0;

  /** Filters held, each counted once per subscriber, a share group once. */
  get size(): number {
    return this.#trie.size;
  }

  /** Adds a subscription to a valid filter, or replaces the one with the same filter [MQTT-3.8.4-3]. */
  add(subscriber: S, subscription: Subscription): void {
    const { filter } = subscription;
    if (isShared(filter)) return this.#join(subscriber, subscription);
    this.remove(subscriber, filter);
    const entry = { subscriber, subscription };
    this.#trie.add(filter, entry);
    this.#remember(subscriber, filter, entry);
    this.#invalidate(filter);
  }

  remove(subscriber: S, filter: string): void {
    const entries = this.#entries.get(subscriber);
    const entry = entries?.get(filter);
    if (!entries || !entry) return;
    entries.delete(filter);
    if (entries.size === 0) this.#entries.delete(subscriber);
    if (entry instanceof ShareGroup) return this.#leave(subscriber, filter, entry);
    this.#trie.remove(filter, entry);
    this.#invalidate(filter);
  }

  /** The group behind a shared filter. */
  group(filter: string): ShareGroup<S> | undefined {
    return this.#groups.get(filter);
  }

  match(topic: string): Route<S> {
    const cached = this.#routes.get(topic);
    if (cached) return cached;
    const route = this.#gather(topic);
    this.#cache(topic, route);
    return route;
  }

  #cache(topic: string, route: Route<S>): void {
    this.#cachedTargets += route.targets.length;
    for (const [oldest, { targets }] of this.#routes) {
      if (this.#routes.size < CACHED_ROUTES && this.#cachedTargets <= CACHED_TARGETS) break;
      this.#routes.delete(oldest);
      this.#cachedTargets -= targets.length;
    }
    this.#routes.set(topic, route);
  }

  #join(subscriber: S, subscription: Subscription): void {
    const { filter } = subscription;
    let group = this.#groups.get(filter);
    if (!group) {
      const inner = parseFilter(filter)!.filter;
      group = new ShareGroup(inner);
      this.#groups.set(filter, group);
      this.#trie.add(inner, group);
      this.#invalidate(inner);
    }
    group.put(subscriber, subscription);
    this.#remember(subscriber, filter, group);
  }

  #leave(subscriber: S, filter: string, group: ShareGroup<S>): void {
    group.remove(subscriber);
    if (group.size > 0) return;
    this.#groups.delete(filter);
    this.#trie.remove(group.filter, group);
    this.#invalidate(group.filter);
  }

  #remember(subscriber: S, filter: string, entry: Entry<S> | ShareGroup<S>): void {
    let entries = this.#entries.get(subscriber);
    if (!entries) this.#entries.set(subscriber, (entries = new Map()));
    entries.set(filter, entry);
  }

  /** A filter without wildcards touches one topic; others may touch any, and a full clear is cheaper than matching each. */
  #invalidate(filter: string): void {
    if (hasWildcard(filter)) {
      this.#routes.clear();
      this.#cachedTargets = 0;
    } else {
      this.#cachedTargets -= this.#routes.get(filter)?.targets.length ?? 0;
      this.#routes.delete(filter);
    }
  }

  #gather(topic: string): Route<S> {
    const groups: ShareGroup<S>[] = [];
    const matched = new Map<S, Subscription[]>();
    this.#trie.match(topic, (entry) => {
      const list = entry instanceof ShareGroup ? undefined : matched.get(entry.subscriber);
      if (entry instanceof ShareGroup) groups.push(entry);
      else if (list) list.push(entry.subscription);
      else matched.set(entry.subscriber, [entry.subscription]);
    });
    return { targets: Array.from(matched, ([subscriber, list]) => toTarget(subscriber, list)), groups };
  }
}

function toTarget<S extends Subscriber>(subscriber: S, subscriptions: readonly Subscription[]): Target<S> {
  const foreign = subscriptions.filter(({ noLocal }) => !noLocal);
  const merged = merge(subscriber, subscriptions);
  if (foreign.length === subscriptions.length) return merged;
  return { ...merged, own: foreign.length > 0 ? merge(subscriber, foreign) : null };
}

function merge<S extends Subscriber>(subscriber: S, subscriptions: readonly Subscription[]): Target<S> {
  let qos: QoS = 0;
  let retainAsPublished = false;
  let identifiers: number[] | undefined;
  for (const subscription of subscriptions) {
    if (subscription.qos > qos) qos = subscription.qos;
    if (subscription.retainAsPublished) retainAsPublished = true;
    if (subscription.identifier > 0) (identifiers ??= []).push(subscription.identifier);
  }
  const target: { -readonly [K in keyof Target<S>]: Target<S>[K] } = {
    subscriber,
    qos,
    retainAsPublished,
    identifiers,
    own: null,
  };
  target.own = target;
  return target;
}

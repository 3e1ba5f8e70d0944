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
  /** What it takes to hold and to serve: targets and groups, and identifiers, which are many at times. */
  readonly weight: number;
}

interface Entry<S extends Subscriber> {
  readonly subscriber: S;
  readonly subscription: Subscription;
}

/** Most topics have few subscribers; past this many cached topics the oldest is dropped. */
const CACHED_ROUTES = 16_384;

/** Some have thousands of targets, or of identifiers: what is cached is bounded by its weight as well. */
const CACHED_WEIGHT = 262_144;

/** Identifiers that weigh as much as a target. */
const IDENTIFIERS_PER_TARGET = 8;

/** All subscriptions of the hub, and for each topic who gets its messages. */
export class Router<S extends Subscriber> {
  readonly #trie = new Trie<Entry<S> | ShareGroup<S>>();
  /** Entries of plain filters and groups of shared ones, by subscriber and filter, to take them out again. */
  readonly #entries = new Map<S, Map<string, Entry<S> | ShareGroup<S>>>();
  /** By whole shared filter, `$share/<group>/<filter>`. */
  readonly #groups = new Map<string, ShareGroup<S>>();
  readonly #routes = new Map<string, Route<S>>();
  #cachedWeight = 0;
  /** Grows by what each match costs and causes: who gives it many messages in one turn looks at it to know when to rest. */
  work = 0;

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
    let route = this.#routes.get(topic);
    if (!route) this.#cache(topic, (route = this.#gather(topic)));
    this.work += route.weight;
    return route;
  }

  #cache(topic: string, route: Route<S>): void {
    this.#cachedWeight += route.weight;
    for (const [oldest, { weight }] of this.#routes) {
      if (this.#routes.size < CACHED_ROUTES && this.#cachedWeight <= CACHED_WEIGHT) break;
      this.#routes.delete(oldest);
      this.#cachedWeight -= weight;
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
      this.#cachedWeight = 0;
    } else {
      this.#cachedWeight -= this.#routes.get(filter)?.weight ?? 0;
      this.#routes.delete(filter);
    }
  }

  #gather(topic: string): Route<S> {
    const groups: ShareGroup<S>[] = [];
    const matched = new Map<S, Subscription[]>();
    let found = 0;
    const steps = this.#trie.match(topic, (entry) => {
      found++;
      const list = entry instanceof ShareGroup ? undefined : matched.get(entry.subscriber);
      if (entry instanceof ShareGroup) groups.push(entry);
      else if (list) list.push(entry.subscription);
      else matched.set(entry.subscriber, [entry.subscription]);
    });
    this.work += steps + found;
    const targets = Array.from(matched, ([subscriber, list]) => toTarget(subscriber, list));
    return { targets, groups, weight: 1 + targets.reduce((sum, one) => sum + weightOf(one), groups.length) };
  }
}

function weightOf({ identifiers }: Target<Subscriber>): number {
  return 1 + Math.floor((identifiers?.length ?? 0) / IDENTIFIERS_PER_TARGET);
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

import { isBoundary, levelAt, levelEnd, type PathNode, PathTree } from './path-tree.ts';
import { isReserved, SEPARATOR } from './topics.ts';

const OPEN = '#';
const PLUS = '+';

interface Held<T> {
  /** Entries of filters that end here. */
  exact: Set<T> | undefined;
  /** Entries of filters that end here with `/#`: they match this place and all below it (§4.7.1.2). */
  open: Set<T> | undefined;
}

type Node<T> = PathNode<Held<T>>;

/** Topic filters → entries. An entry is any object; the same one may sit under many filters, once under each. */
export class Trie<T> {
  readonly #tree = new PathTree<Held<T>>();
  /** Entries of `#` alone, which stands for the place above all levels. */
  readonly #all = new Set<T>();
  #size = 0;

  /** Entries over all filters. */
  get size(): number {
    return this.#size;
  }

  /** Adds an entry under a valid filter; returns false if it was there. */
  add(filter: string, entry: T): boolean {
    const entries = this.#entries(filter);
    if (entries.has(entry)) return false;
    entries.add(entry);
    this.#size++;
    return true;
  }

  /** Removes an entry from a filter; returns false if it was not there. */
  remove(filter: string, entry: T): boolean {
    const removed = filter === OPEN ? this.#all.delete(entry) : this.#drop(filter, entry);
    if (removed) this.#size--;
    return removed;
  }

  /**
   * Calls `visit` with every entry whose filter matches the topic name, once per matching filter. Returns how many places
   * it looked at, each once at most.
   */
  match(topic: string, visit: (entry: T) => void): number {
    const { root } = this.#tree;
    if (!isReserved(topic)) {
      for (const entry of this.#all) visit(entry);
      return walk(root, topic, 0, visit);
    }
    // [MQTT-4.7.2-1]: a leading wildcard does not match a topic that starts with `$`.
    const child = root.children?.get(levelAt(topic, 0));
    return child ? enter(child, topic, 0, visit) : 0;
  }

  #entries(filter: string): Set<T> {
    if (filter === OPEN) return this.#all;
    const [path, open] = toPath(filter);
    let held = this.#tree.get(path);
    if (!held) this.#tree.set(path, (held = { exact: undefined, open: undefined }));
    return open ? (held.open ??= new Set()) : (held.exact ??= new Set());
  }

  #drop(filter: string, entry: T): boolean {
    const [path, open] = toPath(filter);
    const held = this.#tree.get(path);
    const entries = open ? held?.open : held?.exact;
    if (!held || !entries?.delete(entry)) return false;
    if (entries.size > 0) return true;
    if (open) held.open = undefined;
    else held.exact = undefined;
    if (!held.open && !held.exact) this.#tree.delete(path);
    return true;
  }
}

/** Without the last level when that is `#`. */
function toPath(filter: string): [path: string, open: boolean] {
  return filter.endsWith(SEPARATOR + OPEN) ? [filter.slice(0, -2), true] : [filter, false];
}

/** Visits what matches at a node and below; `at` is where the levels that are left begin. */
function walk<T>(node: Node<T>, topic: string, at: number, visit: (entry: T) => void): number {
  const { value, children } = node;
  if (value?.open) for (const entry of value.open) visit(entry);
  if (at > topic.length) {
    if (value?.exact) for (const entry of value.exact) visit(entry);
    return 1;
  }
  if (!children) return 1;
  const child = children.get(levelAt(topic, at));
  const plus = children.get(PLUS);
  return 1 + (child ? enter(child, topic, at, visit) : 0) + (plus ? enter(plus, topic, at, visit) : 0);
}

function enter<T>(child: Node<T>, topic: string, at: number, visit: (entry: T) => void): number {
  const next = follow(child.label, topic, at);
  return next === -1 ? 1 : walk(child, topic, next, visit);
}

/** Where the rest of a topic begins behind the levels of a label; -1 when it does not have them. */
function follow(label: string, topic: string, at: number): number {
  if (topic.startsWith(label, at)) return isBoundary(topic, at + label.length) ? at + label.length + 1 : -1;
  if (!label.includes(PLUS)) return -1;
  let next = at;
  for (let from = 0; from <= label.length;) {
    if (next > topic.length) return -1;
    const end = levelEnd(label, from);
    const level = label.slice(from, end);
    const topicEnd = levelEnd(topic, next);
    if (level !== PLUS && !(topicEnd - next === level.length && topic.startsWith(level, next))) return -1;
    from = end + 1;
    next = topicEnd + 1;
  }
  return next;
}

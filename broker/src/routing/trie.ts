import { isReserved, SEPARATOR } from './topics.ts';

interface Node<T> {
  /** Children by level text; wildcards are kept apart so that matching never looks them up by name. */
  children: Map<string, Node<T>> | undefined;
  plus: Node<T> | undefined;
  /** Entries of filters that end here. */
  entries: Set<T> | undefined;
  /** Entries of filters that end here with `/#`: they match this node and all below it (§4.7.1.2). */
  hash: Set<T> | undefined;
}

/** Topic filters → entries. An entry is any object; the same one may sit under many filters, once under each. */
export class Trie<T> {
  readonly #root: Node<T> = createNode();
  #size = 0;

  /** Entries over all filters. */
  get size(): number {
    return this.#size;
  }

  /** Adds an entry under a valid filter; returns false if it was there. */
  add(filter: string, entry: T): boolean {
    const levels = filter.split(SEPARATOR);
    const open = levels.at(-1) === '#';
    if (open) levels.pop();
    let node = this.#root;
    for (const level of levels) node = ensureChild(node, level);
    const entries = open ? (node.hash ??= new Set()) : (node.entries ??= new Set());
    if (entries.has(entry)) return false;
    entries.add(entry);
    this.#size++;
    return true;
  }

  /** Removes an entry from a filter and prunes the nodes that became empty; returns false if it was not there. */
  remove(filter: string, entry: T): boolean {
    const levels = filter.split(SEPARATOR);
    const open = levels.at(-1) === '#';
    if (open) levels.pop();
    const path = this.#path(levels);
    const node = path?.at(-1);
    if (!path || !node || !dropEntry(node, open, entry)) return false;
    this.#size--;
    for (let i = levels.length; i > 0 && isEmpty(path[i]!); i--) removeChild(path[i - 1]!, levels[i - 1]!);
    return true;
  }

  /** Calls `visit` with every entry whose filter matches the topic name, once per matching filter. */
  match(topic: string, visit: (entry: T) => void): void {
    const levels = topic.split(SEPARATOR);
    const root = this.#root;
    if (!isReserved(topic)) return walk(root, levels, 0, visit);
    // [MQTT-4.7.2-1]: a leading wildcard does not match a topic that starts with `$`.
    const child = root.children?.get(levels[0]!);
    if (child) walk(child, levels, 1, visit);
  }

  #path(levels: readonly string[]): Node<T>[] | undefined {
    const path: Node<T>[] = [this.#root];
    let node: Node<T> | undefined = this.#root;
    for (const level of levels) {
      node = level === '+' ? node.plus : node.children?.get(level);
      if (!node) return undefined;
      path.push(node);
    }
    return path;
  }
}

function createNode<T>(): Node<T> {
  return { children: undefined, plus: undefined, entries: undefined, hash: undefined };
}

function ensureChild<T>(node: Node<T>, level: string): Node<T> {
  if (level === '+') return (node.plus ??= createNode());
  const children = (node.children ??= new Map());
  let child = children.get(level);
  if (!child) children.set(level, (child = createNode()));
  return child;
}

function removeChild<T>(node: Node<T>, level: string): void {
  if (level === '+') node.plus = undefined;
  else if (node.children?.delete(level) && node.children.size === 0) node.children = undefined;
}

function dropEntry<T>(node: Node<T>, open: boolean, entry: T): boolean {
  const entries = open ? node.hash : node.entries;
  if (!entries?.delete(entry)) return false;
  if (entries.size === 0) {
    if (open) node.hash = undefined;
    else node.entries = undefined;
  }
  return true;
}

function isEmpty<T>(node: Node<T>): boolean {
  return !node.children && !node.plus && !node.entries && !node.hash;
}

function walk<T>(node: Node<T>, levels: readonly string[], depth: number, visit: (entry: T) => void): void {
  if (node.hash) for (const entry of node.hash) visit(entry);
  if (depth === levels.length) {
    if (node.entries) for (const entry of node.entries) visit(entry);
    return;
  }
  const child = node.children?.get(levels[depth]!);
  if (child) walk(child, levels, depth + 1, visit);
  if (node.plus) walk(node.plus, levels, depth + 1, visit);
}

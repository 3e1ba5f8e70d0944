import { SEPARATOR } from './topics.ts';

/** A place in the tree, one or more levels below its parent: levels without a branch between them share one node. */
export interface PathNode<V> {
  /** The levels from the parent to here, joined. */
  label: string;
  /** By the first level of their label. */
  children: Map<string, PathNode<V>> | undefined;
  /** What is kept under the path that ends here. */
  value: V | undefined;
}

/**
 * Values by path of levels (`a/b/c`). At most two nodes a value however many levels its path has, so that memory follows
 * what is written and not how deep it is.
 */
export class PathTree<V> {
  readonly root: PathNode<V> = { label: '', children: undefined, value: undefined };

  get(path: string): V | undefined {
    return this.#trace(path)?.at(-1)!.value;
  }

  set(path: string, value: V): void {
    let node = this.root;
    for (let at = 0; at <= path.length;) {
      const key = levelAt(path, at);
      let child = node.children?.get(key);
      if (!child) {
        const leaf = { label: path.slice(at), children: undefined, value };
        (node.children ??= new Map()).set(key, leaf);
        return;
      }
      const shared = sharedLength(child.label, path, at);
      if (shared < child.label.length) node.children!.set(key, (child = split(child, shared)));
      node = child;
      at += shared + 1;
    }
    node.value = value;
  }

  delete(path: string): void {
    const nodes = this.#trace(path);
    const node = nodes?.at(-1);
    if (!nodes || !node || node.value === undefined) return;
    node.value = undefined;
    const parent = nodes.at(-2)!;
    if (node.children) return join(node);
    parent.children!.delete(levelAt(node.label, 0));
    if (parent.children!.size === 0) parent.children = undefined;
    else if (parent !== this.root && parent.value === undefined) join(parent);
  }

  /** The nodes from the root to where a path ends. */
  #trace(path: string): PathNode<V>[] | undefined {
    const nodes = [this.root];
    for (let at = 0; at <= path.length;) {
      const child = nodes.at(-1)!.children?.get(levelAt(path, at));
      if (!child || sharedLength(child.label, path, at) < child.label.length) return undefined;
      nodes.push(child);
      at += child.label.length + 1;
    }
    return nodes;
  }
}

/** Where the level that starts at `from` ends. */
export function levelEnd(path: string, from: number): number {
  const end = path.indexOf(SEPARATOR, from);
  return end === -1 ? path.length : end;
}

/** The level that starts at `from`. */
export function levelAt(path: string, from: number): string {
  return path.slice(from, levelEnd(path, from));
}

/** How many characters of a label are whole levels that `path` has from `at` on; the first level is known to be shared. */
function sharedLength(label: string, path: string, at: number): number {
  if (path.startsWith(label, at) && isBoundary(path, at + label.length)) return label.length;
  let shared = 0;
  for (let from = 0; from <= label.length;) {
    const end = levelEnd(label, from);
    if (!path.startsWith(label.slice(from, end), at + from) || !isBoundary(path, at + end)) break;
    shared = end;
    from = end + 1;
  }
  return shared;
}

/** Whether a level ends here. */
export function isBoundary(path: string, at: number): boolean {
  return at === path.length || path[at] === SEPARATOR;
}

/** Puts a node above the one whose label is longer than what is shared; returns it. */
function split<V>(node: PathNode<V>, shared: number): PathNode<V> {
  const label = copied(node.label.slice(0, shared));
  node.label = node.label.slice(shared + 1);
  return { label, children: new Map([[levelAt(node.label, 0), node]]), value: undefined };
}

/**
 * Takes an only child into its parent. The child stays as it was, for a search that is resting between the two: what is
 * below it is the same.
 */
function join<V>(node: PathNode<V>): void {
  if (node.children?.size !== 1) return;
  const [child] = node.children.values();
  node.label = copied(node.label + SEPARATOR + child!.label);
  node.value = child!.value;
  node.children = child!.children;
}

/** A part of a text keeps the whole of it in memory; this one does not. */
function copied(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

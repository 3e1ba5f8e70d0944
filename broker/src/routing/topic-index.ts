import { levelAt, levelEnd, type PathNode, PathTree } from './path-tree.ts';
import { isReserved } from './topics.ts';

type Node = PathNode<string>;

/** A node whose children are being searched. */
interface Frame {
  /** Where the levels of the filter that are left begin. */
  readonly at: number;
  /** Children not looked at yet, as the tree has them by then; those of the moment stay though the node may go. */
  readonly rest: Iterator<Node>;
}

/** Steps without a match after which a search lets its reader do something else. */
const REST_STEPS = 16;

const OPEN = '#';
const PLUS = '+';

/**
 * Topic names, searched by filter: the other way round from the subscription trie. Retained messages are found with it.
 * The search is lazy and tolerates additions and removals between two steps, so a replay can wait for its socket.
 */
export class TopicIndex {
  /** The value of each is its whole name. */
  readonly #tree = new PathTree<string>();

  add(topic: string): void {
    this.#tree.set(topic, topic);
  }

  remove(topic: string): void {
    this.#tree.delete(topic);
  }

  /**
   * Every topic a filter matches (§4.7), in no particular order, and without a filter every topic there is. Some steps
   * give undefined: nothing was found for a while, and the search may be left until later.
   */
  *match(filter?: string): Generator<string | undefined> {
    const { children } = this.#tree.root;
    const frames: Frame[] = children ? [{ at: 0, rest: candidates(children, filter, 0, true) }] : [];
    for (let steps = 1; frames.length > 0; steps++) {
      const found = step(frames, filter);
      if (found !== undefined || steps % REST_STEPS === 0) yield found;
    }
  }
}

/** Looks at one more node, or is done with one; returns the name found there. */
function step(frames: Frame[], filter: string | undefined): string | undefined {
  const frame = frames.at(-1)!;
  const { done, value: node } = frame.rest.next() as IteratorResult<Node, undefined>;
  if (done) frames.pop();
  else {
    const at = filter === undefined ? 0 : follow(filter, frame.at, node.label);
    if (at === -1) return undefined;
    if (node.children) frames.push({ at, rest: candidates(node.children, filter, at, false) });
    if (ends(filter, at)) return node.value;
  }
  return undefined;
}

/** The children that a filter may lead into. */
function candidates(
  children: Map<string, Node>,
  filter: string | undefined,
  at: number,
  isRoot: boolean,
): Iterator<Node> {
  if (filter === undefined) return children.values();
  const level = at > filter.length ? undefined : levelAt(filter, at);
  if (level !== OPEN && level !== PLUS) return named(children, level);
  // [MQTT-4.7.2-1]: a leading wildcard does not match a name that starts with `$`.
  return isRoot ? unreserved(children) : children.values();
}

/** Looked up when it is asked for: the tree may have put another node there. */
function* named(children: Map<string, Node>, level: string | undefined): Generator<Node> {
  const child = level === undefined ? undefined : children.get(level);
  if (child) yield child;
}

function* unreserved(children: Map<string, Node>): Generator<Node> {
  for (const node of children.values()) if (!isReserved(node.label)) yield node;
}

/** Whether what is left of a filter matches a name that ends here. */
function ends(filter: string | undefined, at: number): boolean {
  return filter === undefined || at > filter.length || isOpen(filter, at);
}

/** Whether only `#` is left, which stands for everything below, however deep. */
function isOpen(filter: string, at: number): boolean {
  return at === filter.length - 1 && filter[at] === OPEN;
}

/** Where the rest of a filter begins behind the levels of a label; -1 when they do not match. */
function follow(filter: string, at: number, label: string): number {
  let next = at;
  for (let from = 0; from <= label.length && !isOpen(filter, next);) {
    if (next > filter.length) return -1;
    const end = levelEnd(label, from);
    const filterEnd = levelEnd(filter, next);
    const isPlus = filterEnd - next === 1 && filter[next] === PLUS;
    if (!isPlus && filter.slice(next, filterEnd) !== label.slice(from, end)) return -1;
    from = end + 1;
    next = filterEnd + 1;
  }
  return next;
}

import { SEPARATOR } from './topics.ts';

interface Node {
  children: Map<string, Node> | undefined;
  /** The whole topic name, when this node stands for one. */
  topic: string | undefined;
}

/**
 * Topic names, searched by filter: the other way round from the subscription trie. Retained messages are found with it.
 * The search is lazy and tolerates additions and removals between two steps, so a replay can wait for its socket.
 */
export class TopicIndex {
  readonly #root: Node = { children: undefined, topic: undefined };

  add(topic: string): void {
    let node = this.#root;
    for (const level of topic.split(SEPARATOR)) {
      const children: Map<string, Node> = (node.children ??= new Map());
      let child = children.get(level);
      if (!child) children.set(level, (child = { children: undefined, topic: undefined }));
      node = child;
    }
    node.topic = topic;
  }

  remove(topic: string): void {
    const levels = topic.split(SEPARATOR);
    const path = [this.#root];
    for (const level of levels) {
      const child = path.at(-1)!.children?.get(level);
      if (!child) return;
      path.push(child);
    }
    path.at(-1)!.topic = undefined;
    for (let i = levels.length; i > 0 && path[i]!.topic === undefined && !path[i]!.children; i--) {
      const parent = path[i - 1]!;
      if (parent.children?.delete(levels[i - 1]!) && parent.children.size === 0) parent.children = undefined;
    }
  }

  /** Every topic a filter matches (§4.7), in no particular order. */
  *match(filter: string): Generator<string> {
    yield* search(this.#root, filter.split(SEPARATOR), 0);
  }
}

function* search(node: Node, levels: readonly string[], depth: number): Generator<string> {
  if (depth === levels.length) {
    if (node.topic !== undefined) yield node.topic;
    return;
  }
  const level = levels[depth]!;
  if (level === '#') yield* everything(node, depth === 0);
  else if (level === '+') {
    for (const [name, child] of node.children ?? []) {
      if (depth > 0 || !name.startsWith('$')) yield* search(child, levels, depth + 1);
    }
  } else {
    const child = node.children?.get(level);
    if (child) yield* search(child, levels, depth + 1);
  }
}

/** A node and all below it; at the root without the names that start with `$` [MQTT-4.7.2-1]. */
function* everything(node: Node, skipReserved: boolean): Generator<string> {
  if (node.topic !== undefined) yield node.topic;
  for (const [name, child] of node.children ?? []) {
    if (!skipReserved || !name.startsWith('$')) yield* everything(child, false);
  }
}

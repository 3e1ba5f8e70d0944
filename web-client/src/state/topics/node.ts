import { Rate } from './rate.ts';
import type { Seen } from './seen.ts';

/** What is kept of one topic. */
export interface TopicRecord {
  readonly node: TopicNode;
  last: Seen;
  /** Those before, oldest first. */
  readonly earlier: Seen[];
  count: number;
  /** Whether the hub keeps a message here, as far as was seen. */
  retained: boolean;
}

/** Numbers in names count as numbers: `lamp-2` comes before `lamp-10`. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** One level of the tree of topics: the messages of everything below it, and of the topic it is itself, if it is one. */
export class TopicNode {
  readonly name: string;
  readonly path: string;
  readonly parent: TopicNode | undefined;
  readonly rate = new Rate();
  readonly #byName = new Map<string, TopicNode>();
  readonly #sorted: TopicNode[] = [];
  /** Messages here and below, also those that are no longer kept. */
  messages = 0;
  /** Topics here and below. */
  topics = 0;
  /** When the last one came, ms since the Unix epoch. */
  at = 0;
  /** Whether its children are shown. */
  open = false;
  record: TopicRecord | undefined;

  constructor(name: string, parent?: TopicNode) {
    this.name = name;
    this.parent = parent;
    this.path = parent?.parent ? `${parent.path}/${name}` : name;
  }

  /** By name, numbers as numbers. */
  get children(): readonly TopicNode[] {
    return this.#sorted;
  }

  child(name: string): TopicNode | undefined {
    return this.#byName.get(name);
  }

  grow(name: string, open: boolean): TopicNode {
    const made = new TopicNode(name, this);
    made.open = open;
    this.#byName.set(name, made);
    this.#sorted.splice(this.#placeOf(name), 0, made);
    return made;
  }

  prune(child: TopicNode): void {
    if (!this.#byName.delete(child.name)) return;
    this.#sorted.splice(this.#sorted.indexOf(child), 1);
  }

  #placeOf(name: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(this.#sorted[middle]!.name, name) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

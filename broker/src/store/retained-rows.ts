import { TopicIndex } from '../routing/topic-index.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import type { Group } from './groups.ts';
import { nameKey, nameOf, RETAINED } from './layout.ts';
import type { StoredMessage } from './store.ts';
import type { Tree } from './tree.ts';

/** Retained messages: their topics are indexed in memory, the messages are read when they are wanted. */
export class RetainedRows {
  readonly #tree: Tree;
  readonly #index = new TopicIndex();
  readonly #topics = new Set<string>();

  constructor(tree: Tree) {
    this.#tree = tree;
    for (const { key, value } of tree.scan(RETAINED)) this.#add(nameOf(key) ?? decodeMessage(value).topic);
  }

  get count(): number {
    return this.#topics.size;
  }

  get(topic: string): StoredMessage | undefined {
    if (!this.#topics.has(topic)) return undefined;
    const bytes = this.#tree.get(nameKey(RETAINED, topic));
    return bytes && decodeMessage(bytes);
  }

  match(filter?: string): Iterable<string | undefined> {
    return this.#index.match(filter);
  }

  /** The index follows when the message is on the disk. */
  stage(group: Group, message: StoredMessage): void {
    const { topic } = message;
    const isKept = message.payload.length > 0;
    group.changes.set(nameKey(RETAINED, topic), isKept ? encodeMessage(message) : null);
    group.applied.push(() => (isKept ? this.#add(topic) : this.#delete(topic)));
  }

  #add(topic: string): void {
    if (this.#topics.has(topic)) return;
    this.#topics.add(topic);
    this.#index.add(topic);
  }

  #delete(topic: string): void {
    if (this.#topics.delete(topic)) this.#index.remove(topic);
  }
}

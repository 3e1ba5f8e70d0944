import { matches } from '@parley/shared';
import { TopicNode } from './node.ts';
import type { TopicRecord } from './node.ts';
import { sizeOf } from './seen.ts';
import type { Seen } from './seen.ts';

/** What the page keeps at most; the oldest goes first. */
export const bounds = {
  /** Topics, each with its last message. */
  topics: 20_000,
  /** Messages before the last of their topic. */
  earlier: 10_000,
  earlierOfOne: 200,
  /** Payloads, names and properties. */
  bytes: 32 * 1024 * 1024,
} as const;

/** New levels are shown open while the tree is this small. */
const SMALL = 60;

/** Every topic seen, as a tree with counts and rates, and the newest messages of each. Bounded by {@link bounds}. */
export class TopicTree {
  readonly root = new TopicNode('');
  readonly #records = new Map<string, TopicRecord>(); // by topic, the one longest quiet first
  #queue: { record: TopicRecord; seen: Seen }[] = []; // earlier messages in the order of their arrival
  #head = 0;
  #bytes = 0;
  /** Changes when a level came or went: rows have to be laid out anew. */
  structure = 0;
  /** Topics given up for newer ones. */
  forgotten = 0;

  constructor() {
    this.root.open = true;
  }

  get size(): number {
    return this.#records.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(topic: string): TopicRecord | undefined {
    return this.#records.get(topic);
  }

  add(seen: Seen): void {
    const known = this.#records.get(seen.topic);
    const record = known ?? this.#plant(seen);
    if (known) this.#retire(known, seen);
    record.count++;
    if (seen.retain) record.retained = seen.payload.length > 0;
    // At the end again: the first ones are those that may be forgotten.
    this.#records.delete(seen.topic);
    this.#records.set(seen.topic, record);
    this.#bytes += sizeOf(seen);
    for (let node: TopicNode | undefined = record.node; node; node = node.parent) {
      node.messages++;
      node.at = seen.at;
      // What was kept before we came is no traffic.
      if (known || !seen.retain) node.rate.hit(seen.at);
    }
    this.#stayWithin();
  }

  /** Everything kept, in the order of its arrival, of one topic or of all. */
  messages(topic?: string): Seen[] {
    const records = topic === undefined ? [...this.#records.values()] : [this.#records.get(topic)];
    const kept = records.flatMap((one) => (one ? one.earlier.concat(one.last) : []));
    return kept.toSorted((a, b) => a.key - b.key);
  }

  /** Topics of a filter with a message that the hub keeps. */
  retained(filter: string): string[] {
    return [...this.#records].flatMap(([topic, { retained }]) => (retained && matches(filter, topic) ? [topic] : []));
  }

  #plant(seen: Seen): TopicRecord {
    let node = this.root;
    for (const level of seen.topic.split('/')) node = node.child(level) ?? node.grow(level, this.size < SMALL);
    const record: TopicRecord = { node, last: seen, earlier: [], count: 0, retained: false };
    node.record = record;
    this.structure++;
    for (let up: TopicNode | undefined = node; up; up = up.parent) up.topics++;
    return record;
  }

  #retire(record: TopicRecord, seen: Seen): void {
    record.earlier.push(record.last);
    this.#queue.push({ record, seen: record.last });
    record.last = seen;
    if (record.earlier.length > bounds.earlierOfOne) this.#bytes -= sizeOf(record.earlier.shift()!);
  }

  #stayWithin(): void {
    while (this.#queue.length - this.#head > bounds.earlier) this.#dropEarliest();
    while (this.#bytes > bounds.bytes && this.#head < this.#queue.length) this.#dropEarliest();
    while (this.size > bounds.topics || (this.#bytes > bounds.bytes && this.size > 1)) this.#forget();
  }

  #dropEarliest(): void {
    const { record, seen } = this.#queue[this.#head]!;
    this.#head++;
    // It is gone already when its topic had too many, or was forgotten.
    if (record.earlier[0] === seen) this.#bytes -= sizeOf(record.earlier.shift()!);
    if (this.#head < 1000 || this.#head < this.#queue.length / 2) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
  }

  #forget(): void {
    const [topic, record] = this.#records.entries().next().value!;
    this.#records.delete(topic);
    this.forgotten++;
    this.structure++;
    for (const one of [...record.earlier.splice(0), record.last]) this.#bytes -= sizeOf(one);
    record.node.record = undefined;
    for (let node: TopicNode | undefined = record.node; node; node = node.parent) {
      node.topics--;
      if (node.topics === 0) node.parent?.prune(node);
    }
  }
}

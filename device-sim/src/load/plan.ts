import { isTopic, ParleyError } from '@parley/shared';

/** What a subscriber remembers of a stream takes 12 bytes: this many are 240 MB. */
const MOST_PAIRS = 20_000_000;
const MOST_TOPICS = 1_000_000;

export interface PlanOptions {
  readonly publishers: number;
  readonly subscribers: number;
  /** How many, below `load/<run>/`; or which. */
  readonly topics: number | readonly string[];
  readonly run: string;
}

/** Messages of one publisher on one topic, numbered from 0: what MQTT keeps in order (MQTT 5 §4.6). */
export interface Stream {
  readonly index: number;
  readonly publisher: number;
  readonly topic: number;
}

/** Who publishes what and who reads it. Every topic has a publisher, and a reader if there is any. */
export interface Plan {
  readonly topics: readonly string[];
  readonly streams: readonly Stream[];
  /** Streams of each topic. */
  readonly streamsOn: readonly (readonly Stream[])[];
  /** Topics of each subscriber. */
  readonly topicsOf: readonly (readonly number[])[];
  /** Subscribers of each topic. */
  readonly readersOf: readonly number[];
}

/** @throws ParleyError `option-invalid` when it cannot be held in memory, or for a topic that is none */
export function plan({ publishers, subscribers, topics: wanted, run }: PlanOptions): Plan {
  const topics = typeof wanted === 'number' ? numbered(wanted, run) : wanted;
  const wrong = topics.find((topic) => !isTopic(topic));
  if (wrong !== undefined) refuse(`--topics: ${JSON.stringify(wrong.slice(0, 80))} is no topic to publish to`);
  const count = topics.length;
  const streams = Array.from({ length: Math.max(publishers, count) }, (_, index) => ({
    index,
    publisher: index % publishers,
    topic: index % count,
  }));
  const streamsOn = topics.map((): Stream[] => []);
  for (const stream of streams) streamsOn[stream.topic]!.push(stream);
  const topicsOf = Array.from({ length: subscribers }, (): number[] => []);
  const readersOf = topics.map(() => 0);
  const places = subscribers === 0 ? 0 : Math.max(subscribers, count);
  for (let index = 0; index < places; index++) {
    topicsOf[index % subscribers]!.push(index % count);
    readersOf[index % count]!++;
  }
  const pairs = readersOf.reduce((sum, readers, topic) => sum + readers * streamsOn[topic]!.length, 0);
  if (pairs > MOST_PAIRS) refuse(`${pairs} pairs of publisher and subscriber are too many to check; use more topics`);
  return { topics, streams, streamsOn, topicsOf, readersOf };
}

function numbered(count: number, run: string): string[] {
  if (count > MOST_TOPICS) refuse(`--topics: at most ${MOST_TOPICS}`);
  return Array.from({ length: count }, (_, index) => `load/${run}/${index}`);
}

function refuse(message: string): never {
  throw new ParleyError('option-invalid', message);
}

import { createHistogram } from 'node:perf_hooks';
import type { RecordableHistogram } from 'node:perf_hooks';
import type { MqttClient } from 'mqtt';
import { ParleyError } from '@parley/shared';
import { Ledger } from './ledger.ts';
import type { Delivered } from './ledger.ts';
import type { Payloads } from './payload.ts';
import type { Plan } from './plan.ts';

/** Filters of one SUBSCRIBE: brokers bound their packets. */
const FILTERS = 100;

/** Every subscriber with what it got. */
export class Subscribing {
  readonly counts: Delivered & { foreign: number } = {
    received: 0,
    duplicates: 0,
    outOfOrder: 0,
    stale: 0,
    foreign: 0,
  };
  /** From `publish` to the listener, in µs; both are in this process. */
  readonly latency: RecordableHistogram = createHistogram();
  readonly #clients: readonly MqttClient[];
  readonly #plan: Plan;
  readonly #payloads: Payloads;
  readonly #ledgers: readonly Ledger[];

  constructor(clients: readonly MqttClient[], plan: Plan, payloads: Payloads) {
    this.#clients = clients;
    this.#plan = plan;
    this.#payloads = payloads;
    this.#ledgers = plan.topicsOf.map(
      (topics) =>
        new Ledger(
          topics.flatMap((topic) => plan.streamsOn[topic]!.map(({ index }) => index)),
          this.counts,
        ),
    );
  }

  /** @throws ParleyError `connect-failed` when a subscription is refused */
  async start(qos: 0 | 1 | 2): Promise<void> {
    await Promise.all(
      this.#clients.map(async (client, index) => {
        const ledger = this.#ledgers[index]!;
        client.on('message', (_topic, payload) => this.#take(ledger, payload));
        const topics = this.#plan.topicsOf[index]!.map((topic) => this.#plan.topics[topic]!);
        for (let from = 0; from < topics.length; from += FILTERS) {
          await subscribe(client, topics.slice(from, from + FILTERS), qos);
        }
      }),
    );
  }

  /** Deliveries that did not come, of those that must. @param kept how many of a stream must arrive */
  lost(kept: (stream: Plan['streams'][number]) => number): number {
    let lost = 0;
    for (const [index, topics] of this.#plan.topicsOf.entries()) {
      for (const topic of topics) {
        for (const stream of this.#plan.streamsOn[topic]!) {
          lost += Math.max(0, kept(stream) - this.#ledgers[index]!.distinct(stream.index));
        }
      }
    }
    return lost;
  }

  #take(ledger: Ledger, payload: Buffer): void {
    const stamp = this.#payloads.read(payload);
    if (!stamp || !ledger.take(stamp.stream, stamp.number)) {
      this.counts.foreign++;
      return;
    }
    this.latency.record(Math.max(1, Math.round((performance.now() - stamp.sentAt) * 1000)));
  }
}

async function subscribe(client: MqttClient, topics: string[], qos: 0 | 1 | 2): Promise<void> {
  const granted = await client.subscribeAsync(topics, { qos }).catch((error: Error) => {
    throw new ParleyError('connect-failed', `a subscription was refused: ${error.message}`, { cause: error });
  });
  const refused = granted.find((one) => one.qos >= 0x80);
  if (refused) throw new ParleyError('connect-failed', `the subscription to ${refused.topic} was refused`);
}

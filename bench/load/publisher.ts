import type { Client } from './client.ts';
import type { FlowJob } from './job.ts';
import { publishTemplate } from './packets.ts';
import type { PublishTemplate } from './packets.ts';

/** Sends one message again and again, never with more under way than its window. */
export class Publisher {
  /** Deliveries of its messages, over all their subscribers. */
  delivered = 0;
  acknowledged = 0;
  sent = 0;
  /** Waits for its turn to fill its window. */
  due = false;
  readonly #client: Client;
  readonly #job: FlowJob;
  readonly #subscribers: number;
  readonly #template: PublishTemplate;
  #packetId = 0;

  /** @param subscribers how many get each of its messages */
  constructor(client: Client, job: FlowJob, index: number, topic: string, subscribers: number) {
    this.#client = client;
    this.#job = job;
    this.#subscribers = subscribers;
    this.#template = publishTemplate(topic, job.qos, index);
  }

  /** Sends as many messages as its window has room for, in one write. */
  fill(): void {
    const delivered = Math.floor(this.delivered / this.#subscribers);
    const settled = this.#job.qos > 0 ? Math.min(delivered, this.acknowledged) : delivered;
    const room = this.#job.window - (this.sent - settled);
    if (room > 0) this.send(room);
  }

  send(count: number): void {
    const { bytes, idAt, timeAt } = this.#template;
    bytes.writeDoubleBE(performance.now(), timeAt);
    const batch = Buffer.allocUnsafe(bytes.length * count);
    for (let at = 0; at < batch.length; at += bytes.length) {
      if (idAt > 0) bytes.writeUInt16BE(this.#nextId(), idAt);
      bytes.copy(batch, at);
    }
    this.sent += count;
    this.#client.write(batch);
  }

  /** Messages that were sent and not delivered to each of their subscribers. */
  get missing(): number {
    return this.sent * this.#subscribers - this.delivered;
  }

  /** Windows are far smaller than 65,535, so an identifier is free again when it comes round. */
  #nextId(): number {
    this.#packetId = this.#packetId === 0xffff ? 1 : this.#packetId + 1;
    return this.#packetId;
  }
}

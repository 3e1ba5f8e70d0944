import type { MqttClient } from 'mqtt';
import type { Payloads } from './payload.ts';
import type { Plan, Stream } from './plan.ts';

export interface PublishingOptions {
  readonly qos: 0 | 1 | 2;
  /** Messages per second over all publishers; 0 is as many as are acknowledged. */
  readonly rate: number;
}

export interface Published {
  sent: number;
  acknowledged: number;
  failed: number;
}

const TICK_MS = 5;
/** Messages one turn of the event loop sends at most, so that what arrives is read in time. */
const BURST = 1000;
/** Unacknowledged messages of one publisher: an MQTT 5 broker may allow no more (§3.1.2.11.3). */
const MOST_IN_FLIGHT = 100;
/** Bytes of one publisher that its socket has not taken. */
const MOST_UNSENT = 256 * 1024;

/** Sends the messages of every stream in turn, at a pace, and never more than the broker takes. */
export class Publishing {
  readonly counts: Published = { sent: 0, acknowledged: 0, failed: 0 };
  readonly #clients: readonly MqttClient[];
  readonly #plan: Plan;
  readonly #payloads: Payloads;
  readonly #options: PublishingOptions;
  readonly #numbers: Uint32Array; // next number, by stream
  readonly #failures: Uint32Array; // by stream
  readonly #inFlight: Uint32Array; // by publisher
  #turn = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(clients: readonly MqttClient[], plan: Plan, payloads: Payloads, options: PublishingOptions) {
    this.#clients = clients;
    this.#plan = plan;
    this.#payloads = payloads;
    this.#options = options;
    this.#numbers = new Uint32Array(plan.streams.length);
    this.#failures = new Uint32Array(plan.streams.length);
    this.#inFlight = new Uint32Array(clients.length);
  }

  /** Whether everything sent was acknowledged or failed. */
  get settled(): boolean {
    return this.counts.acknowledged + this.counts.failed >= this.counts.sent;
  }

  /** Messages of a stream that must arrive. */
  kept({ index }: Stream): number {
    return this.#numbers[index]! - this.#failures[index]!;
  }

  start(): void {
    const { rate } = this.#options;
    const started = performance.now();
    this.#timer = setInterval(() => {
      const due = rate === 0 ? BURST : ((performance.now() - started) / 1000) * rate - this.counts.sent;
      this.#send(Math.min(BURST, Math.floor(due)));
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #send(count: number): void {
    const { streams } = this.#plan;
    let blocked = 0;
    for (let left = count; left > 0 && blocked < streams.length;) {
      const stream = streams[this.#turn]!;
      this.#turn = (this.#turn + 1) % streams.length;
      if (this.#isBlocked(stream.publisher)) blocked++;
      else {
        this.#publish(stream);
        blocked = 0;
        left--;
      }
    }
  }

  #isBlocked(publisher: number): boolean {
    const client = this.#clients[publisher]!;
    return (
      !client.connected || this.#inFlight[publisher]! >= MOST_IN_FLIGHT || client.stream.writableLength > MOST_UNSENT
    );
  }

  #publish({ index, publisher, topic }: Stream): void {
    const { qos } = this.#options;
    const number = this.#numbers[index]!++;
    const payload = this.#payloads.write({ stream: index, number, sentAt: performance.now() });
    this.counts.sent++;
    this.#inFlight[publisher]!++;
    this.#clients[publisher]!.publish(this.#plan.topics[topic]!, payload, { qos }, (error) => {
      this.#inFlight[publisher]!--;
      if (!error) this.counts.acknowledged++;
      else {
        this.counts.failed++;
        this.#failures[index]!++;
      }
    });
  }
}

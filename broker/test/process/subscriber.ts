import type { IPublishPacket, Packet } from 'mqtt-packet';
import { deferred } from './deferred.ts';
import { Link } from './link.ts';

export interface SubscriberOptions {
  readonly id: string;
  readonly version: 4 | 5;
  readonly filters: readonly string[];
  /** Milliseconds it thinks before it answers; asked for each message. */
  readonly delay: () => number;
}

const SUBSCRIBED = 2;

/** A persistent subscriber at QoS 2 that records what it gets as a client of the specification does. */
export class Subscriber {
  readonly options: SubscriberOptions;
  /** By topic, in order of arrival: payloads at QoS 1 may come again, at QoS 2 not. */
  readonly received = new Map<string, string[]>();
  /** What a correct hub does not do. */
  readonly faults: string[] = [];
  /** QoS 2 ids received and not released. */
  readonly #ids = new Set<number>();
  /** Answers that wait, in order. */
  readonly #waiting = new Map<Link, Packet[]>();
  #link: Link | undefined;
  #connected = false;

  constructor(options: SubscriberOptions) {
    this.options = options;
  }

  async connect(port: number): Promise<void> {
    const { id, version, filters } = this.options;
    const granted = deferred<readonly number[]>();
    const opened = await Link.open(port, { id, version, kept: true }, (packet, link) => {
      if (packet.cmd === 'suback') granted.resolve(packet.granted as number[]);
      else this.#take(packet, link);
    });
    if (!opened) return;
    this.#link = opened.link;
    if (this.#connected && !opened.sessionPresent) throw new Error(`the session of ${id} is gone`);
    if (this.#connected) return;
    opened.link.send({ cmd: 'subscribe', messageId: 1, subscriptions: filters.map((topic) => ({ topic, qos: 2 })) });
    const codes = await granted.promise;
    if (codes.some((code) => code !== SUBSCRIBED)) throw new Error(`${id} was granted ${codes.join()}`);
    this.#connected = true;
  }

  cut(): void {
    this.#link?.destroy();
    this.#link = undefined;
  }

  #take(packet: Packet, link: Link): void {
    const { messageId } = packet as { messageId: number };
    if (packet.cmd === 'publish') {
      this.#receive(packet);
      const answer = packet.qos === 2 ? 'pubrec' : 'puback';
      if (packet.qos > 0) this.#answer(link, { cmd: answer, messageId });
    } else if (packet.cmd === 'pubrel') {
      this.#ids.delete(messageId);
      this.#answer(link, { cmd: 'pubcomp', messageId });
    }
  }

  #receive({ topic, payload, qos, messageId, dup }: IPublishPacket): void {
    if (qos === 2 && this.#ids.has(messageId!)) {
      // [MQTT-3.3.1-1]: only a message that was sent before may come under an id still in use.
      if (!dup) this.faults.push(`${this.options.id}: id ${messageId} used again for ${topic} ${String(payload)}`);
      return;
    }
    if (qos === 2) this.#ids.add(messageId!);
    const list = this.received.get(topic);
    if (list) list.push(String(payload));
    else this.received.set(topic, [String(payload)]);
  }

  /** At once or after a while, but in the order of the messages [MQTT-4.6.0-2]. */
  #answer(link: Link, packet: Packet): void {
    const { delay } = this.options;
    const waiting = this.#waiting.get(link);
    if (waiting) return void waiting.push(packet);
    const ms = delay();
    if (ms === 0) return link.send(packet);
    const answers = [packet];
    this.#waiting.set(link, answers);
    setTimeout(() => {
      this.#waiting.delete(link);
      for (const answer of answers) link.send(answer);
    }, ms);
  }
}

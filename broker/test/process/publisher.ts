import type { IPublishPacket, Packet } from 'mqtt-packet';
import { Link, type LinkOptions } from './link.ts';

export interface Outgoing {
  readonly topic: string;
  readonly payload: string;
  readonly retain?: boolean;
}

export interface PublisherOptions extends LinkOptions {
  readonly qos: 1 | 2;
  /** Messages unacknowledged at once. */
  readonly window: number;
  /** Message number `n`, from 1. */
  readonly make: (n: number) => Outgoing;
}

interface Open {
  readonly n: number;
  /** PUBREC came: only PUBREL is sent again. */
  received: boolean;
}

const MAX_PACKET_ID = 65_535;
const FAILURE = 0x80;

/**
 * Publishes numbered messages and records what was acknowledged, over any number of connections. A kept session goes on
 * where it was [MQTT-4.4.0-1]; with a new one everything open is published anew.
 */
export class Publisher {
  readonly options: PublisherOptions;
  sent = 0;
  /** What a correct hub does not do. */
  readonly faults: string[] = [];
  /** By message number: the round it was acknowledged in. */
  readonly acknowledged: number[] = [];
  /** Of acknowledgements. */
  count = 0;
  /** Every message up to here is acknowledged. */
  settled = 0;
  /** Of the campaign, counted from 0. */
  round = 0;
  #link: Link | undefined;
  #open = new Map<number, Open>(); // by packet id, in the order of sending
  #lastId = 0;
  #connected = false;
  #stopped = false;

  constructor(options: PublisherOptions) {
    this.options = options;
  }

  get open(): number {
    return this.#open.size;
  }

  /** Connects, sends again what is open, and publishes on. */
  async connect(port: number): Promise<void> {
    const { id, kept } = this.options;
    const opened = await Link.open(port, this.options, (packet, link) => this.#take(packet, link));
    if (!opened) return;
    if (kept && this.#connected && !opened.sessionPresent) throw new Error(`the session of ${id} is gone`);
    this.#connected = true;
    this.#link = opened.link;
    if (kept) this.#resume(opened.link);
    else this.#startAnew(opened.link);
    this.#fill();
  }

  /** Publishes nothing new; what is open is still acknowledged. */
  stop(): void {
    this.#stopped = true;
  }

  cut(): void {
    this.#link?.destroy();
    this.#link = undefined;
  }

  #resume(link: Link): void {
    for (const [messageId, { n, received }] of this.#open) {
      if (received) link.send({ cmd: 'pubrel', messageId });
      else link.send(this.#packet(messageId, n, true));
    }
  }

  #startAnew(link: Link): void {
    const open = [...this.#open.values()].filter(({ received }) => !received);
    this.#open = new Map();
    for (const { n } of open) this.#send(link, n);
  }

  #fill(): void {
    const link = this.#link;
    if (!link) return;
    while (!this.#stopped && this.#open.size < this.options.window) this.#send(link, ++this.sent);
  }

  #send(link: Link, n: number): void {
    const id = this.#nextId();
    this.#open.set(id, { n, received: false });
    link.send(this.#packet(id, n, false));
  }

  #packet(messageId: number, n: number, dup: boolean): IPublishPacket {
    const { qos, make } = this.options;
    const { topic, payload, retain = false } = make(n);
    return { cmd: 'publish', topic, payload, qos, retain, dup, messageId };
  }

  #take(packet: Packet, link: Link): void {
    const { messageId, reasonCode = 0 } = packet as { messageId: number; reasonCode?: number };
    const open = this.#open.get(messageId);
    // PUBREL sent again after the hub had let go of it is answered with 0x92, which is no error (§3.7.2.1).
    if (reasonCode >= FAILURE && packet.cmd !== 'pubcomp')
      this.faults.push(`${this.options.id}: ${packet.cmd} ${reasonCode} of ${open?.n}`);
    if (packet.cmd === 'pubrec') link.send({ cmd: 'pubrel', messageId });
    if (!open) return;
    if (packet.cmd === 'pubrec') open.received = true;
    if (packet.cmd === 'puback' || packet.cmd === 'pubrec') this.#acknowledge(open.n);
    if (packet.cmd === 'puback' || packet.cmd === 'pubcomp') this.#open.delete(messageId);
    this.#fill();
  }

  #acknowledge(n: number): void {
    this.count++;
    this.acknowledged[n] ??= this.round;
    while (this.acknowledged[this.settled + 1] !== undefined) this.settled++;
  }

  #nextId(): number {
    do {
      this.#lastId = this.#lastId === MAX_PACKET_ID ? 1 : this.#lastId + 1;
    } while (this.#open.has(this.#lastId));
    return this.#lastId;
  }
}

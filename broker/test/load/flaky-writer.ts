import { setTimeout as pause } from 'node:timers/promises';
import { type Received, RawClient } from '../engine/raw-client.ts';
import { eventually } from '../engine/wait.ts';

const KEPT = { clean: false, properties: { sessionExpiryInterval: 60 } };

/** Unacknowledged messages at a time, both QoS together. */
const WINDOW = 100;

interface Unacknowledged {
  readonly qos: 1 | 2;
  readonly number: number;
  released: boolean;
}

/** A writer that sends again, with DUP, in order, what was not acknowledged when its connection ended (§4.4). */
export class FlakyWriter implements AsyncDisposable {
  sessionsLost = -1;
  /** Numbers sent more than once at QoS 1: each copy is a message of its own to a reader. */
  readonly resent = new Set<number>();
  readonly #port: number;
  readonly #version: 4 | 5;
  /** By packet id, in the order they were sent. */
  readonly #unacknowledged = new Map<number, Unacknowledged>();
  #client: RawClient | undefined;
  #nextId = 0;

  constructor(port: number, version: 4 | 5) {
    this.#port = port;
    this.#version = version;
  }

  async connect(): Promise<void> {
    const client = await RawClient.connect(this.#port, 'flaky-writer', { ...KEPT, version: this.#version });
    if (client.connack['sessionPresent'] !== true) this.sessionsLost++;
    for (const [id, { qos, number, released }] of this.#unacknowledged) {
      if (qos === 1) this.resent.add(number);
      if (released) client.ack('pubrel', id);
      else client.publish(`q${qos}`, String(number), { qos, messageId: id, dup: true });
    }
    this.#client = client;
    void this.#read(client);
  }

  async reconnect(): Promise<void> {
    this.#client?.socket.destroy();
    this.#client = undefined;
    await this.connect();
  }

  /** Sends numbers from 0 at each QoS, each on a topic of its own, until all of QoS 1 and 2 are acknowledged. */
  async write(count: number): Promise<void> {
    for (let number = 0; number < count; number++) {
      while (!this.#client || this.#unacknowledged.size >= WINDOW) await pause(1);
      this.#client.publish('q0', String(number));
      for (const qos of [1, 2] as const) this.#send(this.#client, qos, number);
      if (number % 20 === 0) await pause(1);
    }
    await eventually(() => this.#unacknowledged.size === 0, 20_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client?.socket.destroy();
    await this.#client?.whenClosed();
  }

  #send(client: RawClient, qos: 1 | 2, number: number): void {
    do this.#nextId = (this.#nextId % 65_535) + 1;
    while (this.#unacknowledged.has(this.#nextId));
    this.#unacknowledged.set(this.#nextId, { qos, number, released: false });
    client.publish(`q${qos}`, String(number), { qos, messageId: this.#nextId });
  }

  async #read(client: RawClient): Promise<void> {
    for (let packet = await client.next(20_000); packet; packet = await client.next(20_000)) {
      if (client === this.#client) this.#handle(client, packet);
    }
  }

  #handle(client: RawClient, { cmd, messageId }: Received): void {
    const id = messageId as number;
    const message = this.#unacknowledged.get(id);
    if (cmd === 'pubrec' && message) {
      message.released = true;
      client.ack('pubrel', id);
    } else if (cmd === 'puback' || cmd === 'pubcomp') this.#unacknowledged.delete(id);
  }
}

import { type Received, RawClient } from '../engine/raw-client.ts';
import { eventually } from '../engine/wait.ts';

type QoS = 0 | 1 | 2;
const KEPT = { clean: false, properties: { sessionExpiryInterval: 60 } };

/** A reader with a session that is kept, which acknowledges as it reads and notes what it got, per QoS. */
export class FlakyReader implements AsyncDisposable {
  readonly got: Record<QoS, number[]> = { 0: [], 1: [], 2: [] };
  /** Messages that came a second time without DUP. */
  readonly undeclared: number[] = [];
  sessionsLost = -1;
  readonly #port: number;
  readonly #version: 4 | 5;
  /** QoS 2 ids received and not released: what comes under them again is the same message. */
  readonly #open = new Set<number>();
  #client: RawClient | undefined;
  #handled = 0;

  constructor(port: number, version: 4 | 5) {
    this.#port = port;
    this.#version = version;
  }

  async connect(): Promise<void> {
    const client = await RawClient.connect(this.#port, 'flaky-reader', { ...KEPT, version: this.#version });
    this.#client = client;
    if (client.connack['sessionPresent'] !== true) this.sessionsLost++;
    if (this.sessionsLost === 0 && client.connack['sessionPresent'] === true) void this.#read(client);
  }

  async subscribe(topics: readonly string[]): Promise<void> {
    const client = this.#client!;
    const subscriptions = topics.map((topic, qos) => ({ topic, qos: qos as QoS }));
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions });
    await client.expect('suback');
    void this.#read(client);
  }

  async reconnect(): Promise<void> {
    this.#client?.socket.destroy();
    await this.connect();
  }

  /** Resolves when this many packets more were handled. */
  async after(packets: number): Promise<void> {
    const from = this.#handled;
    await this.until(() => this.#handled >= from + packets);
  }

  until(holds: () => boolean): Promise<void> {
    return eventually(holds, 20_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client?.socket.destroy();
    await this.#client?.whenClosed();
  }

  async #read(client: RawClient): Promise<void> {
    for (let packet = await client.next(20_000); packet; packet = await client.next(20_000)) {
      if (client === this.#client) this.#handle(client, packet);
    }
  }

  #handle(client: RawClient, packet: Received): void {
    this.#handled++;
    const id = packet['messageId'] as number;
    if (packet.cmd === 'pubrel') {
      this.#open.delete(id);
      return client.ack('pubcomp', id);
    }
    if (packet.cmd === 'publish') this.#note(client, packet['qos'] as QoS, id, packet);
  }

  #note(client: RawClient, qos: QoS, id: number, packet: Received): void {
    const number = Number(String(packet['payload']));
    const got = this.got[qos];
    const again = qos === 2 ? this.#open.has(id) : qos === 1 && got.length > 0 && number <= got.at(-1)!;
    if (!again) got.push(number);
    else if (packet['dup'] !== true) this.undeclared.push(number);
    if (qos === 2) this.#open.add(id);
    if (qos > 0) client.ack(qos === 1 ? 'puback' : 'pubrec', id);
  }
}

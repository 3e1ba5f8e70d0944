import type { Message, Outcome } from '../link.ts';

/** Called once, with what became of the message. */
export type Done = (outcome: Outcome) => void;

export interface Outgoing {
  readonly message: Message;
  readonly done: Done | undefined;
  /** QoS 2: the broker has it (PUBREC), only the release is missing. */
  isReceived: boolean;
}

/** Messages of QoS 1 and 2 until they are acknowledged: a window on the connection, and a bounded line behind it. */
export class Outbox {
  /** By packet identifier, in the order they were sent. */
  readonly #flying = new Map<number, Outgoing>();
  readonly #line: Outgoing[] = [];
  readonly #maxWaiting: number;
  /** Of the connection (MQTT 5 Receive Maximum). */
  window = 100;
  #lastId = 0;

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  get flying(): number {
    return this.#flying.size;
  }

  get size(): number {
    return this.#flying.size + this.#line.length;
  }

  wait(message: Message, done: Done | undefined): void {
    this.#line.push({ message, done, isReceived: false });
  }

  /** To be called when what fits was released: the oldest of what is too much is lost. */
  trim(): void {
    while (this.#line.length > this.#maxWaiting) this.#line.shift()!.done?.('lost');
  }

  /** Moves what fits into the window; each is to be sent now. */
  *release(): Generator<[id: number, outgoing: Outgoing]> {
    while (this.#line.length > 0 && this.#flying.size < this.window) {
      const id = this.nextId();
      const outgoing = this.#line.shift()!;
      this.#flying.set(id, outgoing);
      yield [id, outgoing];
    }
  }

  /** What was on the connection that is gone, to be sent again in its order. */
  repeated(): [id: number, outgoing: Outgoing][] {
    return [...this.#flying];
  }

  get(id: number): Outgoing | undefined {
    return this.#flying.get(id);
  }

  settle(id: number, outcome: Outcome): void {
    const outgoing = this.#flying.get(id);
    this.#flying.delete(id);
    outgoing?.done?.(outcome);
  }

  /** An identifier that nothing on its way has. */
  nextId(): number {
    do this.#lastId = (this.#lastId % 65_535) + 1;
    while (this.#flying.has(this.#lastId));
    return this.#lastId;
  }

  abandon(): void {
    for (const { done } of [...this.#flying.values(), ...this.#line.splice(0)]) done?.('lost');
    this.#flying.clear();
  }
}

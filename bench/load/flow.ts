import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.ts';
import type { Cell, FlowJob, Target } from './job.ts';
import { Meter } from './meter.ts';
import { openAll } from './open.ts';
import { Type } from './packets.ts';
import { Publisher } from './publisher.ts';

/** One delivery in so many has its latency measured, unless messages are paced: then each. */
const SAMPLED = 17;

/** How long what is under way at the end may take to arrive before it counts as lost. */
const DRAIN_MS = 5000;

/** Runs one flow against one broker. */
export async function runFlow(target: Target, job: FlowJob): Promise<Cell> {
  const flow = new Flow(target, job);
  try {
    await flow.open();
    return await Promise.race([flow.measure(), flow.failed]);
  } finally {
    flow.close();
  }
}

class Flow {
  readonly failed: Promise<never>;
  readonly #target: Target;
  readonly #job: FlowJob;
  readonly #meter: Meter;
  readonly #publishers: Publisher[] = [];
  readonly #due: Publisher[] = [];
  readonly #sampled: number;
  readonly #timers: NodeJS.Timeout[] = [];
  #clients: Client[] = [];
  #delivered = 0;
  #filling = false;
  #stopped = false;
  #fail: (reason: Error) => void = () => undefined;

  constructor(target: Target, job: FlowJob) {
    this.#target = target;
    this.#job = job;
    this.#meter = new Meter(target.pid);
    this.#sampled = job.everyMs === undefined ? SAMPLED : 1;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  async open(): Promise<void> {
    const { publishers, subscribers, topics, qos } = this.#job;
    this.#clients = await openAll(this.#target, publishers + subscribers);
    const readers = this.#clients.slice(publishers);
    await Promise.all(
      readers.map((client, index) =>
        client.subscribe(topics === 'pairs' ? `bench/pairs/${index}` : 'bench/all/+', qos),
      ),
    );
    for (let index = 0; index < publishers; index++) {
      const topic = topics === 'pairs' ? `bench/pairs/${index}` : `bench/all/${index}`;
      const reached = topics === 'pairs' ? 1 : subscribers;
      this.#publishers.push(new Publisher(this.#clients[index]!, this.#job, index, topic, reached));
    }
    for (const [index, client] of this.#clients.entries()) {
      const publisher = this.#publishers[index];
      client.onLost = (reason) => this.#fail(reason);
      client.packets.onPacket = (first, bytes, start) => this.#packet(client, publisher, first, bytes, start);
    }
  }

  async measure(): Promise<Cell> {
    const { warmupMs, measureMs } = this.#job;
    this.#begin();
    await sleep(warmupMs);
    this.#meter.start(this.#delivered);
    await sleep(measureMs);
    const measured = this.#meter.stop(this.#delivered);
    this.#end();
    return { ...measured, rssBytes: this.#meter.rssGrowth(), lost: await this.#drain() };
  }

  close(): void {
    this.#end();
    for (const client of this.#clients) client.close();
  }

  #begin(): void {
    const { everyMs } = this.#job;
    if (everyMs === undefined) return this.#publishers.forEach((publisher) => publisher.fill());
    for (const [index, publisher] of this.#publishers.entries()) {
      const start = (): void => void this.#timers.push(setInterval(() => publisher.send(1), everyMs));
      this.#timers.push(setTimeout(start, (everyMs * index) / this.#publishers.length));
    }
  }

  #end(): void {
    this.#stopped = true;
    this.#timers.forEach((timer) => clearTimeout(timer));
  }

  /** @returns messages lost, or minus those delivered twice */
  async #drain(): Promise<number> {
    const missing = (): number => this.#publishers.reduce((sum, publisher) => sum + publisher.missing, 0);
    for (const end = performance.now() + DRAIN_MS; missing() > 0 && performance.now() < end;) await sleep(10);
    await sleep(50); // what comes twice comes now
    return missing();
  }

  #packet(client: Client, publisher: Publisher | undefined, first: number, bytes: Buffer, start: number): void {
    switch (first >> 4) {
      case Type.publish:
        return this.#delivery(client, first, bytes, start);
      case Type.pubrel:
        return client.ack(Type.pubcomp << 4, bytes, start);
      case Type.pubrec:
        return client.ack((Type.pubrel << 4) | 2, bytes, start);
      default: // PUBACK, PUBCOMP
        publisher!.acknowledged++;
        this.#settled(publisher!);
    }
  }

  #delivery(client: Client, first: number, bytes: Buffer, start: number): void {
    let at = start + 2 + ((bytes[start]! << 8) | bytes[start + 1]!);
    const qos = (first >> 1) & 3;
    if (qos > 0) {
      client.ack((qos === 1 ? Type.puback : Type.pubrec) << 4, bytes, at);
      at += 2;
    }
    const publisher = this.#publishers[(bytes[at]! << 8) | bytes[at + 1]!]!;
    publisher.delivered++;
    if (this.#delivered++ % this.#sampled === 0) this.#meter.latency(performance.now() - bytes.readDoubleBE(at + 2));
    this.#settled(publisher);
  }

  /** Windows are filled once per turn of the event loop, after all sockets were read. */
  #settled(publisher: Publisher): void {
    if (publisher.due || this.#stopped || this.#job.everyMs !== undefined) return;
    publisher.due = true;
    this.#due.push(publisher);
    if (this.#filling) return;
    this.#filling = true;
    setImmediate(() => this.#fillDue());
  }

  #fillDue(): void {
    this.#filling = false;
    if (!this.#stopped) this.#due.forEach((publisher) => publisher.fill());
    for (const publisher of this.#due) publisher.due = false;
    this.#due.length = 0;
  }
}

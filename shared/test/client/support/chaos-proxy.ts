import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { ChaosTarget } from './arena.ts';
import { Frames, packetType } from './frames.ts';
import type { Dice } from './random.ts';

/** What may happen to one connection, settled when it is made. */
interface Fate {
  readonly refused: boolean;
  /** Milliseconds before the hub hears of it: later connections may overtake it. */
  readonly connectMs: number;
  /** Milliseconds until it is cut; Infinity for never. */
  readonly cutMs: number;
  /** Milliseconds that bytes already on their way to the hub still travel after the cut. */
  readonly lateMs: number;
  /** Milliseconds until nothing passes any more, with nobody told. */
  readonly stallMs: number;
  /** Milliseconds until nothing passes to the hub any more, while its own still comes. */
  readonly deafMs: number;
  /** Chance of each acknowledgement to the client to be lost. */
  readonly dropAcks: number;
  /** Most milliseconds that a chunk is held. */
  readonly delayMs: number;
}

const calmFate: Fate = {
  refused: false,
  connectMs: 0,
  cutMs: Infinity,
  lateMs: 0,
  stallMs: Infinity,
  deafMs: Infinity,
  dropAcks: 0,
  delayMs: 0,
};

function rollFate(dice: Dice): Fate {
  const { between, chance } = dice;
  return {
    refused: chance(0.12),
    connectMs: chance(0.3) ? between(0, 40) : 0,
    cutMs: chance(0.7) ? between(1, 120) : Infinity,
    lateMs: chance(0.5) ? between(0, 80) : 0,
    stallMs: chance(0.12) ? between(1, 60) : Infinity,
    deafMs: chance(0.25) ? between(1, 100) : Infinity,
    dropAcks: chance(0.25) ? 0.5 : 0,
    delayMs: chance(0.5) ? between(1, 8) : 0,
  };
}

/**
 * Stands between clients and a hub, over TCP for MQTT and for HTTP, and makes trouble by the dice: cuts, delays,
 * half-open stalls, acknowledgements lost on the way to the client, connects refused or late, and bytes of a dead
 * connection that reach the hub after the next one is made. After `calm()` everything passes.
 */
export class ChaosProxy implements AsyncDisposable {
  readonly #dice: Dice;
  readonly #servers: Server[] = [];
  readonly #pipes = new Set<Pipe>();
  #isCalm = false;
  #down = false;

  private constructor(dice: Dice) {
    this.#dice = dice;
  }

  static async open(dice: Dice, target: ChaosTarget): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(dice);
    await proxy.#listen(() => target.ports?.mqtt, true);
    await proxy.#listen(() => target.ports?.http, false);
    return proxy;
  }

  get mqttUrl(): string {
    return `mqtt://127.0.0.1:${this.#portOf(0)}`;
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${this.#portOf(1)}`;
  }

  /** As a hub that stops: every connection ends, and none is made until `up()`. */
  goDown(): void {
    this.#down = true;
    this.#endAll();
  }

  up(): void {
    this.#down = false;
  }

  /** @param leave keep the connections there are, also half-open ones: the client has to notice by itself */
  calm({ leave = false } = {}): void {
    this.#isCalm = true;
    this.#down = false;
    if (!leave) this.#endAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#endAll();
    await Promise.all(this.#servers.map((server) => new Promise((closed) => server.close(closed))));
  }

  #endAll(): void {
    for (const pipe of this.#pipes) pipe.end();
  }

  async #listen(port: PortOf, speaksMqtt: boolean): Promise<void> {
    const server = createServer({ noDelay: true }, (client) => this.#accept(client, port, speaksMqtt));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#servers.push(server);
  }

  #accept(client: Socket, port: PortOf, speaksMqtt: boolean): void {
    client.on('error', () => undefined);
    const fate = this.#isCalm ? calmFate : rollFate(this.#dice);
    if (fate.refused || this.#down) return void client.destroy();
    const pipe = new Pipe(client, port, fate, this.#dice.fork(), speaksMqtt);
    this.#pipes.add(pipe);
    pipe.ended = () => this.#pipes.delete(pipe);
  }

  #portOf(index: number): number {
    return (this.#servers[index]!.address() as AddressInfo).port;
  }
}

/** Where the hub listens now; undefined while it is dead. */
type PortOf = () => number | undefined;

/** One connection through the proxy. */
class Pipe {
  #isStalled = false;
  #isDeaf = false;
  ended: () => void = () => undefined;
  readonly #client: Socket;
  readonly #fate: Fate;
  readonly #dice: Dice;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #frames = new Frames();
  #hub: Socket | undefined;
  #isOver = false;

  constructor(client: Socket, port: PortOf, fate: Fate, dice: Dice, speaksMqtt: boolean) {
    this.#client = client;
    this.#fate = fate;
    this.#dice = dice;
    this.#after(fate.connectMs, () => this.#connect(port, speaksMqtt));
    this.#after(fate.cutMs, () => this.#cut());
    this.#after(fate.stallMs, () => (this.#isStalled = true));
    this.#after(fate.deafMs, () => (this.#isDeaf = true));
    client.once('close', () => this.#cut());
  }

  /** Both sides at once, nothing left on the way. */
  end(): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#client.destroy();
    this.#hub?.destroy();
    this.ended();
  }

  #connect(portOf: PortOf, speaksMqtt: boolean): void {
    const port = portOf();
    if (port === undefined) return this.end();
    const hub = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#hub = hub;
    hub.on('error', () => undefined);
    hub.once('close', () => this.#isOver || this.#isStalled || this.end());
    this.#forward(this.#client, (chunk) => this.#isDeaf || hub.write(chunk));
    this.#forward(hub, (chunk) => this.#toClient(speaksMqtt ? this.#withoutSomeAcks(chunk) : chunk));
  }

  /** Chunks in their order, each held for a while. */
  #forward(from: Socket, write: (chunk: Buffer) => void): void {
    const held: Buffer[] = [];
    from.on('data', (chunk: Buffer) => {
      if (this.#isStalled) return;
      if (this.#fate.delayMs === 0) {
        write(chunk);
        return;
      }
      held.push(chunk);
      // Timers of one moment run in any order; a stream has one.
      this.#after(this.#dice.between(0, this.#fate.delayMs), () => this.#isStalled || write(held.shift()!));
    });
  }

  #toClient(chunk: Buffer): void {
    if (!this.#isOver && chunk.length > 0) this.#client.write(chunk);
  }

  #withoutSomeAcks(chunk: Buffer): Buffer {
    if (this.#fate.dropAcks === 0) return chunk;
    const isLost = (packet: Buffer): boolean => {
      const type = packet[0]! >> 4;
      return (type === packetType.puback || type === packetType.suback) && this.#dice.chance(this.#fate.dropAcks);
    };
    return Buffer.concat(this.#frames.push(chunk).filter((packet) => !isLost(packet)));
  }

  /** The client sees it end now; the hub sees what was sent before, and the end later. */
  #cut(): void {
    if (this.#isOver) return;
    this.#client.destroy();
    if (this.#isStalled || this.#fate.lateMs === 0) return this.end();
    this.#isOver = true;
    setTimeout(() => this.end(), this.#fate.lateMs);
  }

  #after(ms: number, work: () => void): void {
    if (ms === Infinity) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }
}

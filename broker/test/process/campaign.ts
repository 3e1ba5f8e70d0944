import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run, type Running } from '../support/process.ts';
import { until } from '../support/until.ts';
import { ChatHistory } from './chat-history.ts';
import { CHANNELS, createFleet, type Fleet } from './fleet.ts';
import type { Publisher } from './publisher.ts';
import { checkRetained } from './retained.ts';
import type { Subscriber } from './subscriber.ts';

export interface CampaignOptions {
  readonly directory: string;
  readonly kills: number;
  readonly random: () => number;
  /** Acknowledgements between two kills, at most. */
  readonly span: number;
}

interface Ports {
  readonly mqtt: number;
  readonly http: number;
}

/** The bounds of a session are not the subject: a subscriber that is away for long loses nothing. */
const FLAGS = ['--mqtt-port', '0', '--http-port', '0', '--log-level', 'warn', '--max-queued-messages', '1000000'];
const PARLEY = fileURLToPath(new URL('../../bin/parley.js', import.meta.url));
const GATE = fileURLToPath(new URL('gate.mjs', import.meta.url));
/** Processes that have read the hub's code and wait for their turn: on a loaded machine that takes ten seconds. */
const SPARES = 4;
const SETTINGS = { PARLEY_STORE: 'embedded', PARLEY_MAX_QUEUED_BYTES: '1GiB', PARLEY_HISTORY_MESSAGES: '10000000' };
/** Of the kills, those that hit a hub that is still starting. */
const EARLY = 0.2;
const START_MS = 60_000;
/** However slow the machine is, the next kill comes. */
const LONGEST_MS = 3000;
const DRAIN_MS = 120_000;

/** Clients that publish, subscribe and chat while the hub is killed again and again, and what they know at the end. */
export class Campaign {
  readonly fleet: Fleet;
  readonly chat = CHANNELS.map((channel) => new ChatHistory(channel));
  readonly #options: CampaignOptions;
  #hub: Running | undefined;
  readonly #spares: Running[] = [];

  constructor(options: CampaignOptions) {
    this.#options = options;
    this.fleet = createFleet(options.random);
  }

  get #publishers(): readonly Publisher[] {
    const { workers, keepers, chatters, reader } = this.fleet;
    return [...workers, ...keepers, ...chatters, reader];
  }

  get #acknowledged(): number {
    return this.#publishers.reduce((sum, { count }) => sum + count, 0);
  }

  get #subscribers(): readonly Subscriber[] {
    return [...this.fleet.subscribers, ...this.fleet.members];
  }

  get faults(): string[] {
    return [...this.#publishers, ...this.#subscribers].flatMap(({ faults }) => faults);
  }

  /** What it came to, for the report. */
  get size(): string {
    const published = this.#publishers.reduce((sum, { sent }) => sum + sent, 0);
    const entries = this.chat.reduce((sum, history) => sum + history.entries.length, 0);
    return `${published} messages, ${entries} of them entries`;
  }

  /** Kills the hub as often as asked, then lets everything arrive; throws as soon as something is not right. */
  async run(): Promise<Ports> {
    const { kills } = this.#options;
    for (let round = 0; round < kills; round++) await this.#round(round);
    const ports = await this.#start();
    const { mqtt } = ports;
    await Promise.all(this.#subscribers.map((one) => one.connect(mqtt)));
    for (const one of this.#publishers) one.stop();
    await Promise.all(this.#publishers.map((one) => one.connect(mqtt)));
    await until(() => this.#publishers.every(({ open }) => open === 0), 'the last acknowledgement', DRAIN_MS);
    return ports;
  }

  /** Kills what still runs. */
  async end(): Promise<void> {
    for (const one of [...this.#publishers, ...this.#subscribers]) one.cut();
    for (const hub of [...this.#spares, this.#hub]) await hub?.[Symbol.asyncDispose]();
  }

  async #round(round: number): Promise<void> {
    const { random, span } = this.#options;
    if (random() < EARLY) {
      this.#spawn();
      await after(random() * 600);
      return this.#kill();
    }
    const { mqtt } = await this.#start();
    for (const one of this.#publishers) one.round = round;
    const awake = this.#subscribers.filter(({ options }) => round === 0 || options.id !== 'sleeper' || random() < 0.3);
    await Promise.all([...awake, ...(round === 0 ? [] : this.#publishers)].map((one) => one.connect(mqtt)));
    // Nobody who subscribes for the first time may miss the first messages.
    if (round === 0) await Promise.all(this.#publishers.map((one) => one.connect(mqtt)));
    // Few in some rounds and many in others.
    const wanted = this.#acknowledged + random() ** 2 * span;
    await until(() => this.#acknowledged >= wanted, 'the next kill', LONGEST_MS).catch(() => undefined);
    await after(random() * 20);
    await this.#kill();
  }

  /** The next process begins to start as a hub. */
  #spawn(): Running {
    const args = ['--import', GATE, PARLEY, ...FLAGS, '--data-dir', this.#options.directory];
    while (this.#spares.length <= SPARES) this.#spares.push(run(process.execPath, args, SETTINGS));
    this.#hub = this.#spares.shift()!;
    this.#hub.child.stdin!.write('go\n');
    return this.#hub;
  }

  /** Starts the hub and compares what it has with what it acknowledged, before anybody goes on. */
  async #start(): Promise<Ports> {
    const hub = this.#spawn();
    const [, mqtt] = await hub.prints(/mqtt:\/\/127\.0\.0\.1:(\d+)/, START_MS);
    const [, http] = await hub.prints(/http:\/\/127\.0\.0\.1:(\d+)/, START_MS);
    const ports = { mqtt: Number(mqtt), http: Number(http) };
    await checkRetained(ports.mqtt, this.fleet);
    for (const history of this.chat) await history.readOn(ports.http, this.fleet.chatters);
    return ports;
  }

  async #kill(): Promise<void> {
    const hub = this.#hub!;
    hub.child.kill('SIGKILL');
    await hub.exit;
    for (const one of [...this.#publishers, ...this.#subscribers]) one.cut();
    const complaints = hub
      .stderr()
      .replaceAll(/^.*"level":(30|40).*$/gm, '')
      .trim();
    if (complaints !== '') throw new Error(`the hub said: ${complaints.slice(0, 2000)}`);
  }
}

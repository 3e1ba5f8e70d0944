import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runHub } from './process.ts';
import type { Running } from './process.ts';

const START_MS = 60_000;

/** The hub as users start it, on the embedded store, that can be killed and started again on the same directory. */
export class HubProcess implements AsyncDisposable {
  /** Undefined while it is dead: its ports may be somebody else's by then. */
  ports: { mqtt: number; http: number } | undefined;
  kills = 0;
  readonly #folder: string;
  #running: Running | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start(): Promise<HubProcess> {
    const hub = new HubProcess(await mkdtemp(join(tmpdir(), 'parley-killed-')));
    await hub.#start();
    return hub;
  }

  /** `kill -9`, and a new process that has what was durable. */
  async killAndRestart(): Promise<void> {
    await this.#kill();
    this.kills++;
    await this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kill();
    await rm(this.#folder, { recursive: true });
  }

  async #start(): Promise<void> {
    const args = ['--mqtt-port', '0', '--http-port', '0', '--data-dir', join(this.#folder, 'data')];
    const running = runHub(args, { PARLEY_STORE: 'embedded', PARLEY_LOG_LEVEL: 'warn' });
    this.#running = running;
    const [, http] = await running.prints(/http:\/\/127\.0\.0\.1:(\d+)/, START_MS);
    const [, mqtt] = await running.prints(/mqtt:\/\/127\.0\.0\.1:(\d+)/, START_MS);
    this.ports = { mqtt: Number(mqtt), http: Number(http) };
  }

  async #kill(): Promise<void> {
    this.ports = undefined;
    const { child } = this.#running!;
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the hub ended by itself: ${this.#running!.stderr()}`);
    }
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  }
}

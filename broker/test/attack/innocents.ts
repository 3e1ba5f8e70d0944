import { setTimeout as pause } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import type { Target } from './target.ts';

/** A word takes a few ms; on a machine that does other things besides, a starved process may need seconds. */
const PATIENCE_MS = 20_000;

/** Two who have nothing to do with what else goes on, and notice when the hub does not serve them. */
export class Innocents {
  readonly #ana: MqttClient;
  readonly #ben: MqttClient;
  #said = 0;

  private constructor(ana: MqttClient, ben: MqttClient) {
    this.#ana = ana;
    this.#ben = ben;
  }

  static async meet(target: Target): Promise<Innocents> {
    const [ana, ben] = await Promise.all([target.client(target.tokens.ana), target.client(target.tokens.ben)]);
    await ben.subscribeAsync('innocent/words', { qos: 1 });
    return new Innocents(ana, ben);
  }

  /** Talks until it is stopped, at least one word; `slowest` is how long a word took at most, in ms. */
  talk(): { stop(): void; readonly said: Promise<{ words: number; slowest: number }> } {
    const until = new AbortController();
    const talking = async (): Promise<{ words: number; slowest: number }> => {
      let slowest = 0;
      let words = 0;
      do {
        slowest = Math.max(slowest, await this.#word());
        words++;
        // They talk, they do not flood.
        await pause(20);
      } while (!until.signal.aborted);
      return { words, slowest: Math.round(slowest) };
    };
    const said = talking();
    // Whoever waits for it hears of a failure, also when that comes before they do.
    said.catch(() => undefined);
    return { stop: () => until.abort(), said };
  }

  async leave(): Promise<void> {
    await Promise.all([this.#ana.endAsync(true), this.#ben.endAsync(true)]);
  }

  async #word(): Promise<number> {
    const word = `word ${++this.#said}`;
    const started = performance.now();
    const heard = this.#next();
    await this.#ana.publishAsync('innocent/words', word, { qos: 1 });
    const got = await heard;
    if (got !== word) throw new Error(`heard ${got}, not ${word}`);
    return performance.now() - started;
  }

  #next(): Promise<string> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS, `nothing for ${PATIENCE_MS} ms`);
      this.#ben.once('message', (_topic, payload) => {
        clearTimeout(timer);
        resolve(payload.toString());
      });
    });
  }
}

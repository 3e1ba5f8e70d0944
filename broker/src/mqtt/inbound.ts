import type { EngineCounters } from './counters.ts';
import type { Room } from './decode.ts';
import type { EngineOptions } from './options.ts';

/** Bytes of packets that are not whole yet, of all connections together, against their limit. */
export class Inbound implements Room {
  readonly #counters: EngineCounters;
  readonly #options: EngineOptions;

  constructor(counters: EngineCounters, options: EngineOptions) {
    this.#counters = counters;
    this.#options = options;
  }

  take(bytes: number): boolean {
    this.#counters.inboundBytes += bytes;
    return this.#counters.inboundBytes <= this.#options.inboundMaxBytes;
  }
}

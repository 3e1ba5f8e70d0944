import type { EngineCounters } from './counters.ts';
import type { Room } from './decode.ts';
import type { EngineOptions } from './options.ts';

/** Bytes of packets that are not whole yet, of all connections together, against their limit. */
export class Inbound implements Room {
  readonly #counters: EngineCounters;
  readonly #most: number;

  constructor(counters: EngineCounters, { inboundMaxBytes }: EngineOptions) {
    this.#counters = counters;
    this.#most = inboundMaxBytes;
  }

  take(bytes: number): boolean {
    this.#counters.inboundBytes += bytes;
    return this.#counters.inboundBytes <= this.#most;
  }
}

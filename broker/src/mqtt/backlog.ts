import type { EngineCounters } from './counters.ts';
import type { EngineOptions } from './options.ts';

/** Memory a queued message takes beside what `Outgoing.bytes` counts, measured with messages of one session each. */
const MESSAGE_BYTES = 448;

/** What a connected client may have under way whatever others have queued: nobody else's backlog stops its messages. */
const ALWAYS_BYTES = 16 * 1024;

/** A will of this size is taken whatever is queued: most say `offline`. */
const SMALL_WILL_BYTES = 1024;

/** What waits in all sessions together, wills included, against its limit. Each session has one of its own besides. */
export class Backlog {
  readonly #counters: EngineCounters;
  readonly #options: EngineOptions;

  constructor(counters: EngineCounters, options: EngineOptions) {
    this.#counters = counters;
    this.#options = options;
  }

  /** Whether a session that holds so much may take a message more. */
  admits(bytes: number, held: number, isConnected: boolean): boolean {
    if (isConnected && held + bytes <= ALWAYS_BYTES) return true;
    return this.#taken + bytes + MESSAGE_BYTES <= this.#options.queuedMaxBytes;
  }

  admitsWill(bytes: number): boolean {
    return bytes <= SMALL_WILL_BYTES || this.#taken + bytes <= this.#options.queuedMaxBytes;
  }

  get #taken(): number {
    const { queuedBytes, queuedMessages, willBytes } = this.#counters;
    return queuedBytes + queuedMessages * MESSAGE_BYTES + willBytes;
  }
}

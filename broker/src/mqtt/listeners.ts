import type { Aedes, AedesPublishPacket } from 'aedes';
import { Trie } from '../routing/trie.ts';
import type { Message } from './message.ts';

type Listener = (packet: AedesPublishPacket, done: () => void) => void;

/** As far as Parley uses Aedes' emitter; it is not in Aedes' types. */
interface Emitter {
  on(topic: string, listener: Listener, done?: () => void): unknown;
  removeListener(topic: string, listener: Listener, done?: () => void): unknown;
  removeAllListeners?(topic: string, done?: () => void): unknown;
  emit(packet: unknown, done?: () => void): unknown;
}

/**
 * `aedes.subscribe` listeners and Aedes' own: they get every publish through Aedes' emitter, as they always did. The
 * emitter is called only for topics somebody listens to: matching twice for every message would cost more than routing.
 */
export class Listeners {
  readonly #mq: Emitter;
  readonly #filters = new Trie<Listener>();
  /** By topic, whether anybody listens; dropped when listeners change. */
  readonly #heard = new Map<string, boolean>();
  /** An emitter of an embedder may carry messages elsewhere and is told everything. */
  readonly #always: boolean;

  constructor(aedes: Aedes, custom: boolean) {
    this.#mq = (aedes as unknown as { mq: Emitter }).mq;
    this.#always = custom;
    this.#watch();
  }

  emit(message: Message): void {
    const { topic } = message;
    // Aedes' own listeners, set before ours could watch, are all below $SYS.
    if (this.#always || topic.startsWith('$SYS/') || this.#isHeard(topic)) this.#mq.emit(message, ignore);
  }

  /** Whether an embedder listens to a topic. */
  hears(topic: string): boolean {
    return this.#always || this.#isHeard(topic);
  }

  #isHeard(topic: string): boolean {
    if (this.#filters.size === 0) return false;
    let heard = this.#heard.get(topic);
    if (heard === undefined) {
      heard = false;
      this.#filters.match(topic, () => (heard = true));
      if (this.#heard.size > 4096) this.#heard.clear();
      this.#heard.set(topic, heard);
    }
    return heard;
  }

  #watch(): void {
    const mq = this.#mq;
    const on = mq.on.bind(mq);
    const removeListener = mq.removeListener.bind(mq);
    mq.on = (topic, listener, done) => {
      this.#filters.add(topic, listener);
      this.#heard.clear();
      return on(topic, listener, done);
    };
    mq.removeListener = (topic, listener, done) => {
      this.#filters.remove(topic, listener);
      this.#heard.clear();
      return removeListener(topic, listener, done);
    };
  }
}

function ignore(): void {
  // Nobody waits for listeners: a slow one must not delay a client.
}

import { ProtocolError } from './protocol-error.ts';
import { Reason } from './reason.ts';

/** Shorter topics are not worth an alias: the property itself takes three bytes. */
const MIN_TOPIC_LENGTH = 8;

/** Characters of all topics behind one client's aliases: they are kept for as long as it is connected. */
const LONGEST = 65_536 * 2;

/** Topic aliases a client set up with us; they live as long as its connection [MQTT-3.3.2-7]. */
export class InboundAliases {
  readonly #maximum: number;
  #topics: Map<number, string> | undefined;
  #length = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** The topic of a PUBLISH with an alias; sets or changes the alias when it carries both. */
  resolve(topic: string, alias: number): string {
    // [MQTT-3.3.2-9]: not above what CONNACK announced; 0 is refused by the decoder [MQTT-3.3.2-8].
    if (alias > this.#maximum) throw invalid('MQTT-3.3.2-9', 'topic alias above the announced maximum');
    if (topic !== '') {
      this.#topics ??= new Map();
      this.#length += topic.length - (this.#topics.get(alias)?.length ?? 0);
      if (this.#length > LONGEST) throw new ProtocolError(Reason.quotaExceeded, '§4.13.2', 'aliases of long topics');
      this.#topics.set(alias, topic);
      return topic;
    }
    const known = this.#topics?.get(alias);
    if (known === undefined) throw new ProtocolError(Reason.protocolError, '§3.3.2.3.4', 'unknown topic alias');
    return known;
  }
}

export interface FoundAlias {
  readonly alias: number;
  /** False when the packet has to introduce it. */
  readonly known: boolean;
}

/** Aliases we use towards one client: its first topics get them, and keep them. */
export class OutboundAliases {
  readonly #maximum: number;
  readonly #aliases = new Map<string, number>();

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** The alias of a topic, with whether the client knows it; undefined when there is none for it. */
  find(topic: string): FoundAlias | undefined {
    const alias = this.#aliases.get(topic);
    if (alias !== undefined) return { alias, known: true };
    if (topic.length < MIN_TOPIC_LENGTH || this.#aliases.size >= this.#maximum) return undefined;
    return { alias: this.#aliases.size + 1, known: false };
  }

  /** Called once the packet that introduces it is sure to be sent. */
  introduce(topic: string, alias: number): void {
    this.#aliases.set(topic, alias);
  }
}

function invalid(clause: string, message: string): ProtocolError {
  return new ProtocolError(Reason.topicAliasInvalid, clause, message);
}

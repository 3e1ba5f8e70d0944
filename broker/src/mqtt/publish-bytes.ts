import { encodeProperties } from './encode-properties.ts';
import { packPublish } from './encode-publish.ts';
import type { Message } from './message.ts';
import type { Packed } from './packed.ts';
import type { MessageProperties, ProtocolVersion, QoS } from './packets.ts';

const EMPTY = Buffer.alloc(0);

/** What differs between two receivers of one message. */
export interface Variant {
  readonly version: ProtocolVersion;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly identifiers: readonly number[] | undefined;
  /** 0 for none. */
  readonly alias: number;
  /** False when the receiver knows the alias already. */
  readonly withTopic: boolean;
}

/** The PUBLISH packets of one message, encoded once per protocol generation, QoS and retain flag. */
export class PublishBytes {
  readonly #message: Message;
  /** By generation, QoS and retain. */
  readonly #plain: (Packed | undefined)[] = [];
  /** By the same and the alias. */
  #aliased: Map<number, Packed> | undefined;
  #properties: Buffer | undefined;
  /** Seconds left in the cached encodings. */
  #seconds = 0;

  constructor(message: Message) {
    this.#message = message;
  }

  get(version: ProtocolVersion, qos: QoS, retain: boolean, now: number): Packed {
    this.#expire(version, now);
    const key = (version === 5 ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
    return (this.#plain[key] ??= this.#encode({
      version,
      qos,
      retain,
      identifiers: undefined,
      alias: 0,
      withTopic: true,
    }));
  }

  /** With a topic alias or subscription identifiers; the latter are not worth a cache. */
  getVariant(variant: Variant, now: number): Packed {
    this.#expire(variant.version, now);
    if (variant.identifiers) return this.#encode(variant);
    const key = (variant.alias << 4) | (variant.qos << 2) | (variant.retain ? 2 : 0) | (variant.withTopic ? 1 : 0);
    this.#aliased ??= new Map();
    let packed = this.#aliased.get(key);
    if (!packed) this.#aliased.set(key, (packed = this.#encode(variant)));
    return packed;
  }

  /** The seconds left are part of an MQTT 5 encoding [MQTT-3.3.2-6]: when they change it is made anew. */
  #expire(version: ProtocolVersion, now: number): void {
    if (version !== 5 || this.#message.expiresAt === 0) return;
    const seconds = this.#message.remainingSeconds(now);
    if (seconds === this.#seconds) return;
    this.#seconds = seconds;
    this.#plain.length = 0;
    this.#aliased = undefined;
  }

  #encode(variant: Variant): Packed {
    const { topic, payload } = this.#message;
    const { qos, retain } = variant;
    const properties = variant.version === 5 ? this.#propertiesFor(variant) : undefined;
    return packPublish({ topic: variant.withTopic ? topic : '', payload, qos, retain, properties });
  }

  /** The message's own properties, unaltered [MQTT-3.3.2-4], and what is the receiver's own. */
  #propertiesFor({ identifiers, alias }: Variant): Buffer {
    const { expiresAt } = this.#message;
    const own = (this.#properties ??= encodeOwn(this.#message.properties));
    if (expiresAt === 0 && alias === 0 && !identifiers) return own;
    const extra = encodeProperties({
      messageExpiryInterval: expiresAt === 0 ? undefined : this.#seconds,
      topicAlias: alias === 0 ? undefined : alias,
    });
    return Buffer.concat([own, extra, identifiers ? encodeIdentifiers(identifiers) : EMPTY]);
  }
}

/** A list belongs to a route, which many messages take; a client may have ten thousand filters that match them all. */
function encodeIdentifiers(identifiers: readonly number[]): Buffer {
  let encoded = identifierBytes.get(identifiers);
  if (!encoded)
    identifierBytes.set(identifiers, (encoded = encodeProperties({ subscriptionIdentifiers: identifiers })));
  return encoded;
}

const identifierBytes = new WeakMap<readonly number[], Buffer>();

/** Only what a server forwards: hooks may have left more in there, and the expiry is counted down. */
function encodeOwn(properties: MessageProperties | undefined): Buffer {
  if (!properties) return EMPTY;
  const { payloadFormatIndicator, contentType, responseTopic, correlationData, userProperties } = properties;
  return encodeProperties({ payloadFormatIndicator, contentType, responseTopic, correlationData, userProperties });
}

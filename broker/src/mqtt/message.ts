import type { Aedes } from 'aedes';
import type { StoredMessage } from '../store/store.ts';
import type { MessageProperties, QoS } from './packets.ts';
import { PublishBytes } from './publish-bytes.ts';

/** What an embedder or the hub gives to publish, as `aedes.publish()` takes it. */
export interface Publishable {
  readonly topic: string;
  readonly payload?: Buffer | Uint8Array | string | undefined;
  readonly qos?: QoS | undefined;
  readonly retain?: boolean | undefined;
  readonly properties?: MessageProperties | undefined;
}

/** Aedes counts its packets; the property is not in its types. */
export interface PacketSource {
  readonly id: string;
  counter: number;
}

/**
 * An application message from the moment it is accepted. It has the fields of an Aedes packet, so that hooks, events and
 * `aedes.subscribe` listeners see what they expect; hooks may rewrite it until it is staged.
 */
export class Message implements StoredMessage {
  readonly cmd = 'publish';
  brokerId: string;
  brokerCounter: number;
  /** Client id of the publisher; undefined when the hub published it. */
  clientId: string | undefined;
  topic: string;
  payload: Buffer;
  qos: QoS;
  retain: boolean;
  dup = false;
  properties: MessageProperties | undefined;
  /** Absolute Message Expiry by the steady clock, ms since the Unix epoch; 0 for never. */
  expiresAt: number;
  /** Whether everybody may read it; undefined until somebody asks. */
  isOpen: boolean | undefined;
  #bytes: PublishBytes | undefined;
  #size = -1;

  constructor(source: PacketSource, packet: Publishable, clientId: string | undefined, now: number) {
    this.brokerId = source.id;
    this.brokerCounter = ++source.counter;
    this.clientId = clientId;
    this.topic = packet.topic;
    this.payload = toBuffer(packet.payload);
    this.qos = packet.qos ?? 0;
    this.retain = packet.retain ?? false;
    this.properties = packet.properties;
    const seconds = packet.properties?.messageExpiryInterval;
    this.expiresAt = seconds === undefined ? 0 : now + seconds * 1000;
    this.isOpen = undefined;
  }

  /** A message that was kept, to be sent again. */
  static from(source: PacketSource, stored: StoredMessage): Message {
    if (stored instanceof Message) return stored;
    const message = new Message(source, stored, stored.publisher === '' ? undefined : stored.publisher, 0);
    message.expiresAt = stored.expiresAt;
    return message;
  }

  get publisher(): string {
    return this.clientId ?? '';
  }

  /** {@link sizeOf} it while it waits. */
  get size(): number {
    if (this.#size < 0) this.#size = sizeOf(this);
    return this.#size;
  }

  /** The encodings of this message, made once and shared by every subscriber. */
  get bytes(): PublishBytes {
    return (this.#bytes ??= new PublishBytes(this));
  }

  /** Hooks may put a string or a typed array where a payload was. */
  normalise(): void {
    this.payload = toBuffer(this.payload);
    this.#bytes = undefined;
  }

  /** A copy a hook may change without touching what others get. */
  clone(): Message {
    const copy = new Message(NO_SOURCE, this, this.clientId, 0);
    copy.brokerId = this.brokerId;
    copy.brokerCounter = this.brokerCounter;
    copy.expiresAt = this.expiresAt;
    return copy;
  }

  /** Whether a hook left its copy as it was. */
  isSame(other: Pick<Message, 'topic' | 'payload' | 'properties'>): boolean {
    return this.topic === other.topic && this.payload === other.payload && this.properties === other.properties;
  }

  /** Takes over what a hook returned. */
  replace(other: Pick<Message, 'topic' | 'payload' | 'properties'>): Message {
    this.topic = other.topic;
    this.payload = other.payload;
    this.properties = other.properties;
    this.normalise();
    return this;
  }

  isExpired(now: number): boolean {
    return this.expiresAt !== 0 && this.expiresAt <= now;
  }

  /** Seconds left, which is what a receiver is told [MQTT-3.3.2-6]. */
  remainingSeconds(now: number): number {
    return Math.max(0, Math.ceil((latestExpiry(this, now) - now) / 1000));
  }

  /** Frees the chunk a payload was received in before the message is kept: a few bytes would hold all of it. */
  detach(): void {
    const { payload } = this;
    if (payload.buffer.byteLength <= payload.length * 2 + 64) return;
    this.payload = Buffer.from(payload);
    const data = this.properties?.correlationData;
    if (data) this.properties = { ...this.properties, correlationData: Buffer.from(data) };
  }
}

/** The source of packet numbers hidden in an Aedes instance. */
export function packetSource(aedes: Aedes): PacketSource {
  return aedes as unknown as PacketSource;
}

/** When a message that was kept expires: never later than its whole time from now, as the clock may have been ahead then. */
export function latestExpiry(
  { expiresAt, properties }: Pick<StoredMessage, 'expiresAt' | 'properties'>,
  now: number,
): number {
  const seconds = properties?.messageExpiryInterval;
  return expiresAt === 0 || seconds === undefined ? expiresAt : Math.min(expiresAt, now + seconds * 1000);
}

/** A pair of short strings is an array and two strings more. */
const PAIR_BYTES = 64;

/** About how many bytes of memory a message takes that is kept: topic, payload and properties. */
export function sizeOf({ topic, payload, properties }: StoredMessage): number {
  return topic.length + payload.length + propertiesSize(properties);
}

function propertiesSize(properties: MessageProperties | undefined): number {
  if (!properties) return 0;
  const { userProperties = [], correlationData, contentType = '', responseTopic = '' } = properties;
  const own = contentType.length + responseTopic.length + (correlationData?.length ?? 0);
  return userProperties.reduce((sum, [name, value]) => sum + name.length + value.length + PAIR_BYTES, own);
}

const NO_SOURCE: PacketSource = { id: '', counter: 0 };
const EMPTY = Buffer.alloc(0);

function toBuffer(payload: Publishable['payload'] | null): Buffer {
  if (payload === undefined || payload === null) return EMPTY;
  if (Buffer.isBuffer(payload)) return payload;
  return typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload);
}

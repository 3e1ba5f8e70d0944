import { isUtf8 } from 'node:buffer';
import { isTopic, levelCount } from '@parley/shared';
import type { AedesPublishPacket, Client } from 'aedes';
import { steadyNow } from '../clock.ts';
import type { Connection } from './connection.ts';
import { isCustom, tellRefused, type Core } from './core.ts';
import { messagePropertiesBytes } from './encode-properties.ts';
import { type Publisher, type Refusal, toRefusal } from './hooks.ts';
import { Lane } from './lane.ts';
import { Message, type Publishable } from './message.ts';
import { Publication, type Settled } from './publication.ts';
import { Reason } from './reason.ts';

/** Topics only the hub publishes to; Aedes' default `authorizePublish` refuses them. */
const SYS_PREFIX = '$SYS/';

/** The ways a message comes in: over the wire, as a will, and from `aedes.publish()`. All end in one staged path. */
export class Publications {
  readonly #core: Core;
  /** The hub's own messages and wills of clients that are gone keep their order too. */
  readonly #lane = new Lane();

  constructor(core: Core) {
    this.#core = core;
  }

  /** A PUBLISH of a client; `done` is called in the order of the client's publishes. */
  fromClient(message: Message, connection: Connection, packetId: number, done: Settled): void {
    const publication = new Publication(this.#core, message, connection, connection.lane, packetId, done);
    this.#authorize(publication, connection);
  }

  /** A will; `willOf` is deleted from the store in the commit that publishes it. */
  fromWill(message: Message, client: Publisher, willOf: string, done: Settled): void {
    const publication = new Publication(this.#core, message, client, this.#lane, 0, (result) => {
      if (result.refusal) tellRefused(this.#core, message, client, result.refusal);
      done(result);
    });
    publication.willOf = willOf;
    this.#authorize(publication, client);
  }

  /** What `aedes.publish()` does: no authorisation, as the caller is the hub or its embedder. */
  fromHub(packet: Publishable, client: Publisher | null, done: (error?: Error | null) => void): void {
    const error = this.#checkTopic(packet.topic) ?? checkProperties(packet);
    if (error) return done(Object.assign(new Error(error.message), error));
    const message = new Message(this.#core.source, packet, client?.id, steadyNow());
    const publication = new Publication(this.#core, message, client, this.#lane, 0, ({ refusal }) => {
      done(refusal ? Object.assign(new Error(refusal.message), refusal) : null);
    });
    publication.authorized = true;
    this.#lane.push(publication);
  }

  #authorize(publication: Publication, client: Publisher): void {
    const { message, lane } = publication;
    const { aedes } = this.#core;
    if (!isCustom(aedes, 'authorizePublish')) {
      if (message.topic.startsWith(SYS_PREFIX)) publication.refusal = RESERVED;
      else if (this.#isTooDeep(message.topic)) publication.refusal = TOO_DEEP;
      else publication.refusal = checkFormat(message);
      publication.authorized = true;
      return lane.push(publication);
    }
    lane.push(publication);
    const packet = message as unknown as AedesPublishPacket;
    let answered = false;
    const answer = (error?: Error | null): void => {
      if (answered) return;
      answered = true;
      this.#authorized(publication, error);
    };
    try {
      aedes.authorizePublish(client as unknown as Client, packet, answer);
    } catch (error) {
      answer(error as Error);
    }
  }

  /** The hook may have rewritten the message: it is checked as if it had come so. */
  #authorized(publication: Publication, error: Error | null | undefined): void {
    publication.message.normalise();
    if (error) publication.refusal = toRefusal(error);
    else publication.refusal = this.#checkTopic(publication.message.topic) ?? checkFormat(publication.message);
    publication.authorized = true;
    publication.lane.advance();
  }

  #checkTopic(topic: unknown): Refusal | undefined {
    if (typeof topic !== 'string' || !isTopic(topic)) return INVALID_TOPIC;
    // Only what did not come over the wire can be longer than the wire allows (§1.5.4).
    if (topic.length * 3 > LONGEST_BYTES && Buffer.byteLength(topic) > LONGEST_BYTES) return INVALID_TOPIC;
    return this.#isTooDeep(topic) ? TOO_DEEP : undefined;
  }

  /** Most topics are shorter than the limit is deep, and need no count. */
  #isTooDeep(topic: string): boolean {
    const { maxTopicLevels } = this.#core.options;
    return topic.length >= maxTopicLevels && levelCount(topic) > maxTopicLevels;
  }
}

/** Properties that cannot be encoded are refused here rather than found when the message is on its way. */
function checkProperties({ properties }: Publishable): Refusal | undefined {
  try {
    if (properties) messagePropertiesBytes(properties);
    return undefined;
  } catch (error) {
    return toRefusal(error, Reason.packetTooLarge);
  }
}

/** §3.3.2.3.2: who says that a payload is text is held to it, as its readers may rely on the indicator. */
function checkFormat({ properties, payload }: Message): Refusal | undefined {
  return properties?.payloadFormatIndicator === true && !isUtf8(payload) ? NOT_TEXT : undefined;
}

const NOT_TEXT: Refusal = {
  reasonCode: Reason.payloadFormatInvalid,
  message: 'the payload is not the UTF-8 it is said to be',
  code: 'payload-invalid',
};
const LONGEST_BYTES = 65_535;
const RESERVED: Refusal = {
  reasonCode: Reason.notAuthorized,
  message: '$SYS/ topic is reserved',
  code: 'not-authorized',
};
const INVALID_TOPIC: Refusal = {
  reasonCode: Reason.topicNameInvalid,
  message: 'topic name is not valid',
  code: 'topic-invalid',
};
const TOO_DEEP: Refusal = {
  reasonCode: Reason.topicNameInvalid,
  message: 'topic has too many levels',
  code: 'topic-invalid',
};
